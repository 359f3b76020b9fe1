import { FuzzError } from "@fuzzc/program";
import type { Decoder } from "./decoder.ts";
import { logSumExp, rankTokens } from "./logits.ts";

/** What an output may be made of. It stands somewhere in the output and moves on with each token. */
export interface Guide {
  /** Whether a token may come next. */
  allows(token: number): boolean;
  accept(token: number): void;
  /** Whether nothing can follow, so that the model need not be asked for the end. */
  isOver(): boolean;
  /** The text of the tokens that were accepted; `cut` when the output is not complete, and has to be made so. */
  text(cut: boolean): string;
}

export interface GreedyOptions {
  guide: Guide;
  isEnd: (token: number) => boolean;
  maxTokens: number;
  whenTooLong: "error" | "cut";
}

/** Writes, token by token, what the model finds most likely of what the guide allows. */
export function* decodeGreedily(options: GreedyOptions): Decoder {
  const { guide, isEnd, maxTokens, whenTooLong } = options;
  let logits: Float32Array | undefined;
  const read = (row: Float32Array) => {
    logits = row;
  };
  let tokens = 0;
  let chosen = 0;
  let logProbability = 0;
  const finish = (truncated: boolean) => ({
    text: guide.text(truncated),
    probability: chosen === 0 ? 1 : Math.exp(logProbability / chosen),
    tokens,
    truncated,
  });
  yield { keep: 0, nodes: [], readPrompt: read };
  for (;;) {
    const row = logits as Float32Array;
    const token = pickToken(row, guide);
    chosen++;
    logProbability += (row[token] as number) - logSumExp(row);
    if (isEnd(token)) {
      return finish(false);
    }
    guide.accept(token);
    tokens++;
    if (guide.isOver()) {
      return finish(false);
    }
    if (tokens >= maxTokens) {
      if (whenTooLong === "cut") {
        return finish(true);
      }
      throw new FuzzError(`The output did not end within ${maxTokens} tokens`, {
        code: "FUZZ_OUTPUT_TOO_LONG",
        hint: "The model may be repeating itself. Raise maxOutputTokens, or have the output cut.",
      });
    }
    yield { keep: tokens - 1, nodes: [{ token, parent: -1, read }] };
  }
}

/** The most likely token is checked alone first: nearly always it is allowed, and no other has to be looked at. */
function pickToken(logits: Float32Array, guide: Guide): number {
  for (const token of rankTokens(logits)) {
    if (guide.allows(token)) {
      return token;
    }
  }
  throw new FuzzError("No token of the vocabulary may come next", {
    code: "FUZZ_NO_TOKEN",
    kind: "internal",
  });
}
