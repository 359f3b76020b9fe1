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
  /** Whether the output is of no use any more, so that it is cut. */
  hasStrayed?(): boolean;
  /** Tokens that the model is nearly sure to write next: they are read ahead, and dropped where it writes others. */
  draft(): readonly number[];
  /** The text of the tokens that were accepted; `cut` when the output is not complete, and has to be made so. */
  text(cut: boolean): string;
}

export interface GreedyOptions {
  guide: Guide;
  isEnd: (token: number) => boolean;
  maxTokens: number;
  whenTooLong: "error" | "cut";
  /** Whether drafts save time in every pass; in the pass that reads the input they always do. */
  draftsPay: boolean;
}

/**
 * Writes, token by token, what the model finds most likely of what the guide allows. Drafts make it quicker and change
 * nothing: a drafted token counts only where it is the one that would have been written.
 */
export function* decodeGreedily(options: GreedyOptions): Decoder {
  const { guide, isEnd, maxTokens, whenTooLong, draftsPay } = options;
  /** `rows[i]` are the logits after `i` of the tokens read last. */
  let rows: Float32Array[] = [];
  let tokens = 0;
  let chosen = 0;
  let logProbability = 0;
  const finish = (truncated: boolean) => ({
    text: guide.text(truncated),
    probability: chosen === 0 ? 1 : Math.exp(logProbability / chosen),
    tokens,
    truncated,
  });
  const readRow = (index: number) => (row: Float32Array) => {
    rows[index] = row;
  };
  const chain = (list: readonly number[], firstRow: number) =>
    list.map((token, index) => ({ token, parent: index - 1, read: readRow(firstRow + index) }));

  let drafts = guide.draft().slice(0, maxTokens);
  yield { keep: 0, nodes: chain(drafts, 1), readPrompt: readRow(0) };
  for (;;) {
    let token = -1;
    for (let index = 0; index === 0 || drafts[index - 1] === token; index++) {
      const row = rows[index] as Float32Array;
      token = pickToken(row, guide);
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
      if (guide.hasStrayed?.()) {
        return finish(true);
      }
      if (tokens >= maxTokens) {
        if (whenTooLong === "cut") {
          return finish(true);
        }
        throw tooLong(maxTokens);
      }
    }
    rows = [];
    drafts = draftsPay ? guide.draft().slice(0, maxTokens - tokens) : [];
    yield { keep: tokens - 1, nodes: chain([token, ...drafts], 0) };
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

function tooLong(maxTokens: number): FuzzError {
  return new FuzzError(`The output did not end within ${maxTokens} tokens`, {
    code: "FUZZ_OUTPUT_TOO_LONG",
    hint: "The model may be repeating itself. Raise maxOutputTokens, or have the output cut.",
  });
}
