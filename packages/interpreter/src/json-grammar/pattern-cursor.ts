import { FuzzError } from "@fuzzc/program";
import { type CodeRange, complementRanges, normalizeRanges } from "./code-ranges.ts";

/** What . does not match. */
export const lineEnds: CodeRange[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
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

/** Reads the characters of a regular expression that RegExp has accepted with the flag u. */
export class PatternCursor {
  readonly #pattern: string;
  readonly #codes: string[];
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#codes = Array.from(pattern);
  }

  get ended(): boolean {
    return this.#at >= this.#codes.length;
  }

  /** The next character, which is stepped over; "" at the end. */
  next(): string {
    return this.#codes[this.#at++] ?? "";
  }

  sees(code: string): boolean {
    return this.#codes[this.#at] === code;
  }

  /** Steps over `code` if it comes next. */
  take(code: string): boolean {
    const found = this.sees(code);
    this.#at += found ? 1 : 0;
    return found;
  }

  /** What stands before the next `end`; steps over both. */
  readUntil(end: string): string {
    const at = this.#codes.indexOf(end, this.#at);
    const text = this.#codes.slice(this.#at, at).join("");
    this.#at = at + 1;
    return text;
  }

  /** The set of a character that stands for itself or follows a backslash. */
  readCharacter(code: string, inSet = false): CodeRange[] {
    return code === "\\" ? this.#readEscape(inSet) : [single(code)];
  }

  /** The set between brackets, of which the first has been read. */
  readSet(): CodeRange[] {
    const negated = this.take("^");
    const ranges: CodeRange[] = [];
    while (!this.take("]")) {
      const first = this.readCharacter(this.next(), true);
      // A class such as \d can't begin a range; RegExp has refused that already.
      if (this.sees("-") && this.#codes[this.#at + 1] !== "]") {
        this.#at++;
        const last = this.readCharacter(this.next(), true);
        ranges.push([first[0]?.[0] ?? 0, last.at(-1)?.[1] ?? 0]);
      } else {
        ranges.push(...first);
      }
    }
    return negated ? complementRanges(ranges) : normalizeRanges(ranges);
  }

  /** The error for a pattern whose meaning is no set of texts that we can write. */
  unsupported(why: string): FuzzError {
    return unsupportedPattern(this.#pattern, why);
  }

  #readEscape(inSet: boolean): CodeRange[] {
    const code = this.next();
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
    switch (code) {
      case "x":
        return [this.#readHex(2)];
      case "c": {
        const letter = this.next().codePointAt(0) as number;
        return [[letter % 32, letter % 32]];
      }
      case "u":
        return [this.#readUnicode()];
    }
    if (/[\p{L}\d]/u.test(code)) {
      throw this.unsupported(`\\${code} is not supported`);
    }
    return [single(code)];
  }

  #readUnicode(): CodeRange {
    if (this.take("{")) {
      const code = Number.parseInt(this.readUntil("}"), 16);
      return [code, code];
    }
    const [high] = this.#readHex(4);
    const isPair =
      high >= 0xd800 && high <= 0xdbff && this.sees("\\") && this.#codes[this.#at + 1] === "u";
    if (!isPair) {
      return [high, high];
    }
    this.#at += 2;
    const [low] = this.#readHex(4);
    return single(String.fromCharCode(high, low));
  }

  #readHex(digits: number): CodeRange {
    const code = Number.parseInt(this.#codes.slice(this.#at, this.#at + digits).join(""), 16);
    this.#at += digits;
    return [code, code];
  }
}

export function unsupportedPattern(pattern: string, why: string, cause?: unknown): FuzzError {
  return new FuzzError(`The pattern ${JSON.stringify(pattern)} can't be used: ${why}`, {
    code: "FUZZ_PATTERN_UNSUPPORTED",
    hint: "Use characters, sets, groups, alternatives and counts, with ^ and $ at the ends.",
    cause,
  });
}

function single(character: string): CodeRange {
  const code = character.codePointAt(0) as number;
  return [code, code];
}
