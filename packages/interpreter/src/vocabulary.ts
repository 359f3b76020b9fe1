import type { Model } from "@fuzzc/llama";

/** What a decoder asks about tokens. */
export interface Vocabulary {
  isEnd(token: number): boolean;
  /** Whether the token stands for something other than its text. */
  isControl(token: number): boolean;
  /** The bytes of the token's text; none for control tokens. */
  bytes(token: number): Uint8Array;
}

const none = new Uint8Array();

/** Reads a model's vocabulary, each token at most once. */
export function openVocabulary(model: Model): Vocabulary {
  const pieces = new Map<number, Uint8Array>();
  const bytes = (token: number) => {
    let piece = pieces.get(token);
    if (piece === undefined) {
      piece = isSpecial(model, token) ? none : model.tokenBytes(token);
      pieces.set(token, piece);
    }
    return piece;
  };
  return {
    isEnd: (token) => model.isEndOfGeneration(token),
    isControl: (token) => bytes(token).length === 0,
    bytes,
  };
}

function isSpecial(model: Model, token: number): boolean {
  return model.isEndOfGeneration(token) || model.detokenize([token]) === "";
}
