import type { Guide } from "./decode-greedily.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * A guide for an output that is to be compared with an expected one: as long as they agree, the rest of it is read
 * ahead, so that a right answer takes one pass; where they part, there is no use in going on.
 */
export function expectOutput(
  guide: Guide,
  expected: string,
  vocabulary: Vocabulary,
  tokenize: (text: string) => readonly number[],
): Guide {
  const bytes = new TextEncoder().encode(expected);
  let written = 0;
  let hasStrayed = false;
  let ahead = tokenize(expected);
  return {
    ...guide,
    accept: (token) => {
      guide.accept(token);
      const piece = vocabulary.bytes(token);
      const rest = bytes.subarray(written, written + piece.length);
      hasStrayed ||= Buffer.compare(piece, rest) !== 0;
      written += piece.length;
      // A model may spell the same text in other tokens.
      ahead = token === ahead[0] ? ahead.slice(1) : [];
    },
    isOver: () => guide.isOver(),
    hasStrayed: () => hasStrayed,
    draft: () => (ahead.length > 0 ? ahead : guide.draft()),
  };
}
