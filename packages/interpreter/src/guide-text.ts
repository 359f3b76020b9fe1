import type { Guide } from "./decode-greedily.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Allows any text: every token but those that stand for something else, save the end. */
export function guideText(vocabulary: Vocabulary): Guide {
  const pieces: Uint8Array[] = [];
  return {
    allows: (token) => vocabulary.isEnd(token) || !vocabulary.isControl(token),
    accept: (token) => {
      pieces.push(vocabulary.bytes(token));
    },
    isOver: () => false,
    draft: () => [],
    // A character that was begun at the cut is left out; a model that breaks off inside one gets U+FFFD.
    text: (cut) =>
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(pieces), { stream: cut }),
  };
}
