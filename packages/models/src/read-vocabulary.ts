import { parseJson } from "@fuzzc/program";
import { encoderError } from "./errors.ts";

/**
 * The tokens of a WordPiece vocabulary, in the order of their ids.
 * @param file its name: tokenizer.json, or else vocab.txt with a token a line
 * @throws FuzzError FUZZ_ENCODER_INVALID, FUZZ_JSON_INVALID
 */
export function readVocabulary(file: string, bytes: Uint8Array): string[] {
  const text = new TextDecoder().decode(bytes);
  if (!file.endsWith(".json")) {
    const lines = text.split("\n");
    return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  }
  const ids = vocabularyOf(parseJson(text, file));
  if (ids === undefined) {
    throw encoderError(`${file} has no model.vocab`);
  }
  const tokens = Object.entries(ids).sort(([, one], [, other]) => Number(one) - Number(other));
  const gap = tokens.findIndex(([, id], index) => id !== index);
  if (gap >= 0) {
    throw encoderError(`the ids in ${file} are not 0, 1, 2 and so on: none is ${gap}`);
  }
  return tokens.map(([token]) => token);
}

function vocabularyOf(tokenizer: unknown): object | undefined {
  const { model } = (tokenizer ?? {}) as { model?: { vocab?: unknown } | null };
  const vocabulary = model?.vocab;
  return typeof vocabulary === "object" && vocabulary !== null ? vocabulary : undefined;
}
