import { maxDigits } from "./generic-json.ts";
import {
  chars,
  choice,
  type GrammarNode,
  never,
  nothing,
  repeat,
  sequence,
  text,
} from "./grammar.ts";

/** Bounds of a number; `minimum` and `maximum` are themselves allowed unless they are exclusive. */
export interface NumberBounds {
  minimum: number;
  exclusiveMinimum: boolean;
  maximum: number;
  exclusiveMaximum: boolean;
}

const largest = 10 ** maxDigits - 1;
// Bounds of more digits would leave none for the fraction: 15 digits are exact, the next may round on to the bound.
const largestBound = 10 ** (maxDigits - 1) - 1;
const digit = chars([[0x30, 0x39]]);
const nonZero = chars([[0x31, 0x39]]);

/** Integers between bounds, of at most 15 digits. */
export function integerBetween(bounds: NumberBounds): GrammarNode {
  const low = Math.ceil(bounds.minimum);
  const high = Math.floor(bounds.maximum);
  const first = bounds.exclusiveMinimum && low === bounds.minimum ? low + 1 : low;
  const last = bounds.exclusiveMaximum && high === bounds.maximum ? high - 1 : high;
  return choice(
    wholeBetween(Math.max(0, first), last),
    sequence(text("-"), wholeBetween(Math.max(1, -last), -first)),
  );
}

/**
 * Numbers between bounds, without an exponent.
 * @returns undefined when a bound is not a whole number of at most 14 digits.
 */
export function numberBetween(bounds: NumberBounds): GrammarNode | undefined {
  const finite = [bounds.minimum, bounds.maximum].filter(Number.isFinite).map(Math.abs);
  if (finite.some((bound) => !Number.isInteger(bound) || bound > largestBound)) {
    return undefined;
  }
  const fractionDigits = maxDigits - String(Math.max(0, ...finite)).length;
  const positive = magnitudeBetween(
    Math.max(0, bounds.minimum),
    bounds.minimum >= 0 && bounds.exclusiveMinimum,
    bounds.maximum,
    bounds.exclusiveMaximum,
    fractionDigits,
  );
  const negative = magnitudeBetween(
    Math.max(0, -bounds.maximum),
    // Zero belongs to the positive side.
    bounds.maximum >= 0 || bounds.exclusiveMaximum,
    -bounds.minimum,
    bounds.exclusiveMinimum,
    fractionDigits,
  );
  return choice(positive, sequence(text("-"), negative));
}

/** Numbers without a sign from `low` to `high`, both whole; `high` may be Infinity. */
function magnitudeBetween(
  low: number,
  withoutLow: boolean,
  high: number,
  withoutHigh: boolean,
  fractionDigits: number,
): GrammarNode {
  if (low > high) {
    return never;
  }
  const point = text(".");
  const fraction = sequence(point, repeat(digit, 1, fractionDigits));
  const someFraction = sequence(point, repeat(digit, 0, fractionDigits - 1), nonZero);
  return choice(
    wholeBetween(withoutLow ? low + 1 : low, withoutHigh ? high - 1 : high),
    sequence(wholeBetween(low + 1, high - 1), fraction),
    low < high ? sequence(text(String(low)), withoutLow ? someFraction : fraction) : never,
  );
}

/** Whole numbers without a sign from `low` to `high`. */
function wholeBetween(low: number, high: number): GrammarNode {
  const last = Math.min(high, largest);
  const choices: GrammarNode[] = [];
  for (let digits = 1; digits <= maxDigits; digits++) {
    const from = Math.max(low, digits === 1 ? 0 : 10 ** (digits - 1));
    const to = Math.min(last, 10 ** digits - 1);
    if (from <= to) {
      choices.push(digitsBetween(String(from), String(to)));
    }
  }
  return choice(...choices);
}

/** Texts of digits from `low` to `high`, both of the same length. */
function digitsBetween(low: string, high: string): GrammarNode {
  if (low === "") {
    return nothing;
  }
  if (/^0+$/.test(low) && /^9+$/.test(high)) {
    return repeat(digit, low.length, low.length);
  }
  const first = Number(low[0]);
  const last = Number(high[0]);
  const lowRest = low.slice(1);
  const highRest = high.slice(1);
  if (first === last) {
    return sequence(text(String(first)), digitsBetween(lowRest, highRest));
  }
  const between =
    first + 1 < last
      ? sequence(
          chars([[0x31 + first, 0x2f + last]]),
          repeat(digit, lowRest.length, lowRest.length),
        )
      : never;
  return choice(
    sequence(text(String(first)), digitsBetween(lowRest, "9".repeat(lowRest.length))),
    between,
    sequence(text(String(last)), digitsBetween("0".repeat(highRest.length), highRest)),
  );
}
