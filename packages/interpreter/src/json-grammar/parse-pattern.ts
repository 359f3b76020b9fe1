import { type CodeRange, complementRanges, normalizeRanges } from "./code-ranges.ts";
import { choice, type GrammarNode, nothing, repeat, sequence } from "./grammar.ts";
import { lineEnds, PatternCursor, unsupportedPattern } from "./pattern-cursor.ts";

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

const everything = complementRanges([]);

/**
 * Turns the part of ECMAScript's regular expressions that describes a set of texts into a grammar. As in JSON Schema, a
 * pattern may match anywhere in the text, unless ^ and $ pin it down.
 * @throws FuzzError FUZZ_PATTERN_UNSUPPORTED for look-around, back references, word boundaries, property classes, and
 * for ^ and $ elsewhere than at the ends of an alternative.
 */
export function parsePattern(pattern: string, encode: EncodeCharacters): PatternGrammar {
  if (pattern.length > maxPatternLength) {
    throw unsupportedPattern(pattern, `it is longer than ${maxPatternLength} characters`);
  }
  try {
    new RegExp(pattern, "u");
  } catch (cause) {
    throw unsupportedPattern(pattern, "it is not a regular expression", cause);
  }
  return new PatternParser(pattern, encode).parse();
}

class PatternParser {
  readonly #cursor: PatternCursor;
  readonly #encode: EncodeCharacters;

  constructor(pattern: string, encode: EncodeCharacters) {
    this.#cursor = new PatternCursor(pattern);
    this.#encode = encode;
  }

  parse(): PatternGrammar {
    return this.#alternatives(0, true);
  }

  #alternatives(depth: number, outermost: boolean): PatternGrammar {
    if (depth > maxNesting) {
      throw this.#cursor.unsupported(`it is nested more than ${maxNesting} deep`);
    }
    const found = [this.#alternative(depth, outermost)];
    while (this.#cursor.take("|")) {
      found.push(this.#alternative(depth, outermost));
    }
    return {
      node: choice(...found.map(({ node }) => node)),
      minLength: Math.min(...found.map(({ minLength }) => minLength)),
      maxLength: Math.max(...found.map(({ maxLength }) => maxLength)),
    };
  }

  #alternative(depth: number, outermost: boolean): PatternGrammar {
    const fromStart = outermost && this.#cursor.take("^");
    const parts: PatternGrammar[] = [];
    let toEnd = false;
    while (!this.#cursor.ended && !this.#cursor.sees("|") && !this.#cursor.sees(")")) {
      if (outermost && this.#cursor.take("$")) {
        toEnd = true;
        if (!this.#cursor.ended && !this.#cursor.sees("|")) {
          throw this.#cursor.unsupported("$ stands before the end");
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
    const code = this.#cursor.next();
    switch (code) {
      case "(":
        return this.#group(depth);
      case "[":
        return this.#one(this.#cursor.readSet());
      case ".":
        return this.#one(complementRanges(lineEnds));
      case "^":
      case "$":
        throw this.#cursor.unsupported(`${code} stands inside it`);
      default:
        return this.#one(this.#cursor.readCharacter(code));
    }
  }

  #group(depth: number): PatternGrammar {
    if (this.#cursor.take("?")) {
      if (this.#cursor.take("<") && !this.#cursor.sees("=") && !this.#cursor.sees("!")) {
        this.#cursor.readUntil(">");
      } else if (!this.#cursor.take(":")) {
        throw this.#cursor.unsupported("it looks ahead or behind, or sets flags");
      }
    }
    const inner = this.#alternatives(depth + 1, false);
    this.#cursor.take(")");
    return inner;
  }

  #quantified(atom: PatternGrammar): PatternGrammar {
    const bounds = this.#bounds();
    if (bounds === undefined) {
      return atom;
    }
    this.#cursor.take("?"); // A lazy quantifier matches the same texts.
    const [min, max] = bounds;
    if (min > maxRepeats || (max !== Number.POSITIVE_INFINITY && max > maxRepeats)) {
      throw this.#cursor.unsupported(`it repeats a part more than ${maxRepeats} times`);
    }
    return {
      node: max === 0 ? nothing : repeat(atom.node, min, max),
      minLength: atom.minLength * min,
      maxLength: max === 0 || atom.maxLength === 0 ? 0 : atom.maxLength * max,
    };
  }

  #bounds(): [min: number, max: number] | undefined {
    if (this.#cursor.take("*")) {
      return [0, Number.POSITIVE_INFINITY];
    }
    if (this.#cursor.take("+")) {
      return [1, Number.POSITIVE_INFINITY];
    }
    if (this.#cursor.take("?")) {
      return [0, 1];
    }
    if (!this.#cursor.take("{")) {
      return undefined;
    }
    const [min, max] = this.#cursor.readUntil("}").split(",");
    return [
      Number(min),
      max === undefined ? Number(min) : max === "" ? Number.POSITIVE_INFINITY : Number(max),
    ];
  }

  #one(ranges: readonly CodeRange[]): PatternGrammar {
    return { node: this.#encode(normalizeRanges(ranges)), minLength: 1, maxLength: 1 };
  }
}
