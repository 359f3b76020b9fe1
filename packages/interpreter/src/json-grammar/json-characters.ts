import { type CodeRange, complementRanges, intersectRanges } from "./code-ranges.ts";
import { chars, choice, type GrammarNode, never, repeat, sequence, text } from "./grammar.ts";

const controls: CodeRange = [0, 0x1f];
const quote = 0x22;
const backslash = 0x5c;
const plain = complementRanges([controls, [quote, quote], [backslash, backslash]]);
const shortEscapes: [code: number, written: string][] = [
  [quote, '\\"'],
  [backslash, "\\\\"],
  [0x08, "\\b"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0c, "\\f"],
  [0x0d, "\\r"],
];

const hex: CodeRange[] = [
  [0x30, 0x39],
  [0x41, 0x46],
  [0x61, 0x66],
];
const hexButD = intersectRanges(
  hex,
  complementRanges([
    [0x44, 0x44],
    [0x64, 0x64],
  ]),
);
// Halves of a surrogate pair are left out, so that one escape is one code point and none stands alone.
const unicodeEscape = sequence(
  text("\\u"),
  choice(
    sequence(chars(hexButD), repeat(chars(hex), 3, 3)),
    sequence(
      chars([
        [0x44, 0x44],
        [0x64, 0x64],
      ]),
      chars([[0x30, 0x37]]),
      repeat(chars(hex), 2, 2),
    ),
  ),
);

/** One code point inside a JSON string, written in any way that JSON allows. */
export const anyCharacter: GrammarNode = choice(
  chars(plain),
  sequence(
    text("\\"),
    chars(Array.from('"\\/bfnrt', (one) => [one.charCodeAt(0), one.charCodeAt(0)])),
  ),
  unicodeEscape,
);

/** One code point of a set inside a JSON string, written in the one way that JSON.stringify writes it. */
export function encodeCharacters(ranges: readonly CodeRange[]): GrammarNode {
  const raw = intersectRanges(ranges, plain);
  const has = (code: number) => ranges.some(([first, last]) => code >= first && code <= last);
  const escapes = shortEscapes.filter(([code]) => has(code)).map(([, written]) => text(written));
  for (let code = controls[0]; code <= controls[1]; code++) {
    if (has(code) && !shortEscapes.some(([known]) => known === code)) {
      escapes.push(text(`\\u${code.toString(16).padStart(4, "0")}`));
    }
  }
  return choice(raw.length === 0 ? never : chars(raw), ...escapes);
}
