import type { Guide } from "./decode-greedily.ts";
import type { GrammarMatcher } from "./json-grammar/match-grammar.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Allows what a grammar allows, and the end where the grammar is complete. */
export function guideJson(
  matcher: GrammarMatcher,
  vocabulary: Vocabulary,
  tokenize: (text: string) => readonly number[],
): Guide {
  const pieces: Uint8Array[] = [];
  let state = matcher.start;
  return {
    allows: (token) => {
      if (vocabulary.isEnd(token)) {
        return state.complete && state.partial === null;
      }
      const bytes = vocabulary.bytes(token);
      return bytes.length > 0 && matcher.advance(state, bytes) !== undefined;
    },
    accept: (token) => {
      const bytes = vocabulary.bytes(token);
      state = matcher.advance(state, bytes) ?? state;
      pieces.push(bytes);
    },
    isOver: () => state.places.length === 0,
    // What the schema leaves no choice about, such as the name of the next property.
    draft: () => tokenize(matcher.forcedText(state)),
    text: (cut) => {
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      const written = decoder.decode(Buffer.concat(pieces), { stream: cut });
      return cut ? written + matcher.shortestEnd(state) : written;
    },
  };
}
