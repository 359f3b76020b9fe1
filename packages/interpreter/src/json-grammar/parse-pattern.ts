import { FuzzError } from "@fuzzc/program";
import { type CodeRange, complementRanges, normalizeRanges } from "./code-ranges.ts";
import { choice, type GrammarNode, nothing, repeat, sequence } from "./grammar.ts";

/** How a code point of a set is written; JSON strings need escapes, plain text does not. */
export type EncodeCharacters = (ranges: readonly CodeRange[]) => GrammarNode;

/** A pattern as a grammar, and how long its texts can be, in code points. */
export interface PatternGrammar {
  node: GrammarNode;
  minLength: number;
  maxLength: number;
}

// Each limit keeps a pattern out of someone else's file from growing into a grammar that fills the memory.
const maxPatternLength = 2_000;
const maxNesting = 50;
const maxRepeats = 4_096;

const lineEnds: CodeRange[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const everything = complementRanges([]);
const classes: Record<string, CodeRange[]> = {
  d: [[0x30, 0x39]],
  w: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  s: [
    [0x09, 0x0d],
    [0x20, 0x20],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ],
};
const controlEscapes: Record<string, number> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };

/**
 * Turns the part of ECMAScript's regular expressions that describes a set of texts into a grammar. As in JSON Schema, a
 * pattern may match anywhere in the text, unless ^ and $ pin it down.
 * @throws FuzzError FUZZ_PATTERN_UNSUPPORTED for look-around, back references, word boundaries, property classes, and
 * for ^ and $ elsewhere than at the ends of an alternative.
 */
export function parsePattern(pattern: string, encode: EncodeCharacters): PatternGrammar {
  if (pattern.length > maxPatternLength) {
    throw unsupported(pattern, `it is longer than ${maxPatternLength} characters`);
  }
  try {
    new RegExp(pattern, "u");
  } catch (cause) {
    throw unsupported(pattern, "it is not a regular expression", cause);
  }
  return new PatternParser(pattern, encode).parse();
}

class PatternParser {
  readonly #pattern: string;
  readonly #codes: string[];
  readonly #encode: EncodeCharacters;
  #at = 0;

  constructor(pattern: string, encode: EncodeCharacters) {
    this.#pattern = pattern;
    this.#codes = Array.from(pattern);
    this.#encode = encode;
  }

  parse(): PatternGrammar {
    const whole = this.#alternatives(0, true);
    if (this.#at < this.#codes.length) {
      throw this.#unsupported(`"${this.#codes[this.#at]}" stands where it has no meaning`);
    }
    return whole;
  }

  #alternatives(depth: number, outermost: boolean): PatternGrammar {
    if (depth > maxNesting) {
      throw this.#unsupported(`it is nested more than ${maxNesting} deep`);
    }
    const found = [this.#alternative(depth, outermost)];
    while (this.#take("|")) {
      found.push(this.#alternative(depth, outermost));
    }
    return {
      node: choice(...found.map(({ node }) => node)),
      minLength: Math.min(...found.map(({ minLength }) => minLength)),
      maxLength: Math.max(...found.map(({ maxLength }) => maxLength)),
    };
  }

  #alternative(depth: number, outermost: boolean): PatternGrammar {
    const fromStart = outermost && this.#take("^");
    const parts: PatternGrammar[] = [];
    let toEnd = false;
    while (this.#at < this.#codes.length && !this.#sees("|") && !this.#sees(")")) {
      if (outermost && this.#sees("$")) {
        this.#at++;
        toEnd = true;
        if (this.#at < this.#codes.length && !this.#sees("|")) {
          throw this.#unsupported("$ stands before the end");
        }
        break;
      }
      parts.push(this.#quantified(this.#atom(depth)));
    }
    if (outermost) {
      // JSON Schema searches: what is not pinned down may have anything around it.
      const anything = this.#anything();
      parts.unshift(...(fromStart ? [] : [anything]));
      parts.push(...(toEnd ? [] : [anything]));
    }
    return {
      node: sequence(...parts.map(({ node }) => node)),
      minLength: parts.reduce((sum, { minLength }) => sum + minLength, 0),
      maxLength: parts.reduce((sum, { maxLength }) => sum + maxLength, 0),
    };
  }

  #anything(): PatternGrammar {
    const maxLength = Number.POSITIVE_INFINITY;
    return { node: repeat(this.#encode(everything), 0), minLength: 0, maxLength };
  }

  #atom(depth: number): PatternGrammar {
    const code = this.#next();
    switch (code) {
      case "(":
        return this.#group(depth);
      case "[":
        return this.#one(this.#set());
      case ".":
        return this.#one(complementRanges(lineEnds));
      case "\\":
        return this.#one(this.#escape(false));
      case "^":
      case "$":
        throw this.#unsupported(`${code} stands inside it`);
      default:
        return this.#one([single(code)]);
    }
  }

  #group(depth: number): PatternGrammar {
    if (this.#take("?")) {
      if (this.#take("<") && !this.#sees("=") && !this.#sees("!")) {
        while (!this.#take(">")) {
          this.#at++;
        }
      } else if (!this.#take(":")) {
        throw this.#unsupported("it looks ahead or behind, or sets flags");
      }
    }
    const inner = this.#alternatives(depth + 1, false);
    this.#at++; // The ")", which RegExp has checked.
    return inner;
  }

  #quantified(atom: PatternGrammar): PatternGrammar {
    const bounds = this.#bounds();
    if (bounds === undefined) {
      return atom;
    }
    this.#take("?"); // A lazy quantifier matches the same texts.
    const [min, max] = bounds;
    if (min > maxRepeats || (max !== Number.POSITIVE_INFINITY && max > maxRepeats)) {
      throw this.#unsupported(`it repeats a part more than ${maxRepeats} times`);
    }
    return {
      node: max === 0 ? nothing : repeat(atom.node, min, max),
      minLength: atom.minLength * min,
      maxLength: max === 0 || atom.maxLength === 0 ? 0 : atom.maxLength * max,
    };
  }

  #bounds(): [min: number, max: number] | undefined {
    if (this.#take("*")) {
      return [0, Number.POSITIVE_INFINITY];
    }
    if (this.#take("+")) {
      return [1, Number.POSITIVE_INFINITY];
    }
    if (this.#take("?")) {
      return [0, 1];
    }
    if (!this.#take("{")) {
      return undefined;
    }
    const end = this.#codes.indexOf("}", this.#at);
    const [min = "", max] = this.#codes.slice(this.#at, end).join("").split(",");
    this.#at = end + 1;
    return [
      Number(min),
      max === undefined ? Number(min) : max === "" ? Number.POSITIVE_INFINITY : Number(max),
    ];
  }

  #set(): CodeRange[] {
    const negated = this.#take("^");
    const ranges: CodeRange[] = [];
    while (!this.#take("]")) {
      const first = this.#setMember();
      // A class such as \d can't begin a range; RegExp has refused that already.
      if (this.#sees("-") && this.#codes[this.#at + 1] !== "]") {
        this.#at++;
        const last = this.#setMember();
        ranges.push([first[0]?.[0] ?? 0, last.at(-1)?.[1] ?? 0]);
      } else {
        ranges.push(...first);
      }
    }
    return negated ? complementRanges(ranges) : normalizeRanges(ranges);
  }

  #setMember(): CodeRange[] {
    const code = this.#next();
    return code === "\\" ? this.#escape(true) : [single(code)];
  }

  #escape(inSet: boolean): CodeRange[] {
    const code = this.#next();
    const known = classes[code.toLowerCase()];
    if (known !== undefined) {
      return code === code.toLowerCase() ? known : complementRanges(known);
    }
    if (code === "b" && inSet) {
      return [[8, 8]];
    }
    const control = controlEscapes[code];
    if (control !== undefined) {
      return [[control, control]];
    }
    if (code === "x") {
      return [this.#hex(2)];
    }
    if (code === "c") {
      const letter = this.#next().codePointAt(0) as number;
      return [[letter % 32, letter % 32]];
    }
    if (code === "u") {
      return [this.#unicode()];
    }
    if (/[\p{L}\d]/u.test(code)) {
      throw this.#unsupported(`\\${code} is not supported`);
    }
    return [single(code)];
  }

  #unicode(): CodeRange {
    if (!this.#take("{")) {
      const high = this.#hex(4);
      const isPair =
        high[0] >= 0xd800 &&
        high[0] <= 0xdbff &&
        this.#sees("\\") &&
        this.#codes[this.#at + 1] === "u";
      if (!isPair) {
        return high;
      }
      this.#at += 2;
      const [low] = this.#hex(4);
      return single(String.fromCharCode(high[0], low));
    }
    const end = this.#codes.indexOf("}", this.#at);
    const code = Number.parseInt(this.#codes.slice(this.#at, end).join(""), 16);
    this.#at = end + 1;
    return [code, code];
  }

  #hex(digits: number): CodeRange {
    const code = Number.parseInt(this.#codes.slice(this.#at, this.#at + digits).join(""), 16);
    this.#at += digits;
    return [code, code];
  }

  #one(ranges: readonly CodeRange[]): PatternGrammar {
    return { node: this.#encode(normalizeRanges(ranges)), minLength: 1, maxLength: 1 };
  }

  #next(): string {
    return this.#codes[this.#at++] ?? "";
  }

  #sees(code: string): boolean {
    return this.#codes[this.#at] === code;
  }

  #take(code: string): boolean {
    const found = this.#sees(code);
    this.#at += found ? 1 : 0;
    return found;
  }

  #unsupported(why: string): FuzzError {
    return unsupported(this.#pattern, why);
  }
}

function single(character: string): CodeRange {
  const code = character.codePointAt(0) as number;
  return [code, code];
}

function unsupported(pattern: string, why: string, cause?: unknown): FuzzError {
  return new FuzzError(`The pattern ${JSON.stringify(pattern)} can't be used: ${why}`, {
    code: "FUZZ_PATTERN_UNSUPPORTED",
    hint: "Use characters, sets, groups, alternatives and counts, with ^ and $ at the ends.",
    cause,
  });
}
