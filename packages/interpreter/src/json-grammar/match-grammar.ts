import { FuzzError } from "@fuzzc/program";
import { touchesRanges } from "./code-ranges.ts";
import type { Grammar, GrammarNode } from "./grammar.ts";
import { beginCode, codeBounds, continueCode, type PartialCode } from "./partial-code.ts";
import { measureShortest, type ShortestLength, shortestText } from "./shortest-text.ts";

/** What is still to be matched: a node from `index` on, and after it `next`. Equal places are one object. */
interface Place {
  readonly node: GrammarNode;
  readonly index: number;
  readonly next: Place | null;
  readonly above: Map<GrammarNode, Place[]>;
}

/** Where a text stands in a grammar. It never changes: what comes next makes a new one. */
export interface MatchState {
  /** Places whose next code point is known; there are several where the text can be read in several ways. */
  readonly places: readonly Place[];
  /** Whether the text may end here. */
  readonly complete: boolean;
  readonly partial: PartialCode | null;
}

/** How far `forcedText` looks; more than any name of a property needs. */
const maxForced = 64;
/** Counts inside counts, as in (a{0,99}){0,99}, can be read in so many ways that following them all would take for ever. */
const maxPlaces = 20_000;

/**
 * Follows a text, byte by byte, through a grammar. It reads all ways to match at once, so its time is linear in the
 * text for any grammar and it never backtracks.
 */
export class GrammarMatcher {
  readonly start: MatchState;
  readonly #rules: Grammar["rules"];
  readonly #lengthOf: ShortestLength;
  readonly #bottom = new Map<GrammarNode, Place[]>();

  /** `lengthOf` saves measuring the grammar again for each text. */
  constructor(grammar: Grammar, lengthOf: ShortestLength = measureShortest(grammar)) {
    this.#rules = grammar.rules;
    this.#lengthOf = lengthOf;
    this.start = this.#settle([this.#place(grammar.root, 0, null)]);
  }

  /** The state after `bytes`; undefined when they can't come next. A character may be left unfinished. */
  advance(state: MatchState, bytes: Iterable<number>): MatchState | undefined {
    let { places, complete, partial } = state;
    for (const byte of bytes) {
      const next = partial === null ? beginCode(byte) : continueCode(partial, byte);
      if (next === undefined) {
        return undefined;
      }
      if (typeof next !== "number") {
        partial = next;
        continue;
      }
      const after = this.#step(places, next);
      if (after === undefined) {
        return undefined;
      }
      ({ places, complete, partial } = after);
    }
    return partial === null || canFinish(places, partial)
      ? { places, complete, partial }
      : undefined;
  }

  /** The text that must come next whatever follows, up to the first choice; not more than 64 code points. */
  forcedText(state: MatchState): string {
    let { places, complete } = state;
    let forced = "";
    while (state.partial === null && !complete && forced.length < maxForced) {
      const code = onlyCode(places);
      const after = code === undefined ? undefined : this.#step(places, code);
      if (code === undefined || after === undefined) {
        break;
      }
      forced += String.fromCodePoint(code);
      ({ places, complete } = after);
    }
    return forced;
  }

  /** The shortest text that completes `state`, leaving out a character that was begun. */
  shortestEnd(state: MatchState): string {
    let best: GrammarNode[] = [];
    let bestLength = state.complete ? 0 : Number.POSITIVE_INFINITY;
    for (const place of state.places) {
      const nodes: GrammarNode[] = [];
      for (let at: Place | null = place; at !== null; at = at.next) {
        nodes.push(remainder(at));
      }
      const length = nodes.reduce((sum, node) => sum + this.#lengthOf(node), 0);
      if (length < bestLength) {
        best = nodes;
        bestLength = length;
      }
    }
    const codes = best.flatMap((node) => shortestText(node, this.#rules, this.#lengthOf));
    return codes.map((code) => String.fromCodePoint(code)).join("");
  }

  #step(places: readonly Place[], code: number): MatchState | undefined {
    const after: (Place | null)[] = [];
    for (const { node, index, next } of places) {
      if (node.kind === "text") {
        if (node.codes[index] === code) {
          after.push(index + 1 < node.codes.length ? this.#place(node, index + 1, next) : next);
        }
      } else if (node.kind === "chars" && touchesRanges(node.ranges, code, code)) {
        after.push(next);
      }
    }
    return after.length === 0 ? undefined : this.#settle(after);
  }

  /** Follows places to all the code points that may come next. */
  #settle(from: (Place | null)[]): MatchState {
    const seen = new Set<Place>();
    const waiting: Place[] = [];
    const places: Place[] = [];
    let complete = false;
    const visit = (place: Place | null) => {
      if (place === null) {
        complete = true;
      } else if (!seen.has(place)) {
        if (seen.size === maxPlaces) {
          throw new FuzzError("The JSON Schema has a pattern that can be read in too many ways", {
            code: "FUZZ_SCHEMA_UNSUPPORTED",
            hint: "Simplify counts that stand inside counts.",
          });
        }
        seen.add(place);
        waiting.push(place);
      }
    };
    from.forEach(visit);
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      const { node, index, next } = place;
      switch (node.kind) {
        case "text":
        case "chars":
          places.push(place);
          break;
        case "rule": {
          const body = this.#rules.get(node.name);
          if (body !== undefined) {
            visit(this.#place(body, 0, next));
          }
          break;
        }
        case "choice":
          for (const item of node.items) {
            visit(this.#place(item, 0, next));
          }
          break;
        case "sequence": {
          const item = node.items[index];
          if (item === undefined) {
            visit(next);
          } else {
            const last = index + 1 === node.items.length;
            visit(this.#place(item, 0, last ? next : this.#place(node, index + 1, next)));
          }
          break;
        }
        case "repeat":
          if (index >= node.min) {
            visit(next);
          }
          if (index < node.max) {
            // Without a maximum the count matters only up to the minimum: further rounds are the same place.
            const count =
              node.max === Number.POSITIVE_INFINITY ? Math.min(index + 1, node.min) : index + 1;
            visit(this.#place(node.item, 0, this.#place(node, count, next)));
          }
          break;
      }
    }
    return { places, complete, partial: null };
  }

  #place(node: GrammarNode, index: number, next: Place | null): Place {
    const above = next === null ? this.#bottom : next.above;
    let known = above.get(node);
    if (known === undefined) {
      known = [];
      above.set(node, known);
    }
    let place = known[index];
    if (place === undefined) {
      place = { node, index, next, above: new Map() };
      known[index] = place;
    }
    return place;
  }
}

/** What of a place's node is still to be matched. */
function remainder({ node, index }: Place): GrammarNode {
  switch (node.kind) {
    case "text":
      return { kind: "text", codes: node.codes.slice(index) };
    case "sequence":
      return { kind: "sequence", items: node.items.slice(index) };
    case "repeat":
      return { ...node, min: Math.max(0, node.min - index) };
    default:
      return node;
  }
}

/** Whether some code point that begins like this may come next. */
function canFinish(places: readonly Place[], partial: PartialCode): boolean {
  const [low, high] = codeBounds(partial);
  return places.some(({ node, index }) => {
    if (node.kind === "text") {
      const code = node.codes[index] as number;
      return code >= low && code <= high;
    }
    return node.kind === "chars" && low <= high && touchesRanges(node.ranges, low, high);
  });
}

/** The one code point that all places wait for, if there is only one. */
function onlyCode(places: readonly Place[]): number | undefined {
  let only: number | undefined;
  for (const { node, index } of places) {
    let code: number | undefined;
    if (node.kind === "text") {
      code = node.codes[index];
    } else if (node.kind === "chars") {
      const [range] = node.ranges;
      code = node.ranges.length === 1 && range?.[0] === range?.[1] ? range?.[0] : undefined;
    }
    if (code === undefined || (only !== undefined && only !== code)) {
      return undefined;
    }
    only = code;
  }
  return only;
}
