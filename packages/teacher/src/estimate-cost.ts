import type { Example } from "@fuzzc/program";
import { askForOutputs } from "./ask-for-outputs.ts";
import { askForPairs } from "./ask-for-pairs.ts";
import type { PairsRequest } from "./pairs-request.ts";
import type { Question, TokenUse } from "./teacher.ts";

export interface CostEstimate {
  requests: number;
  tokens: TokenUse;
}

/** Pairs that one question asks for: enough to pay for its words, few enough to stay varied. */
export const pairsPerQuestion = 8;

// Of the pairs that a good teacher writes, about one in four is a duplicate, broken or disagreed on.
const writtenPerKept = 1.3;
const charactersPerToken = 4;
/** Of an input and an output with their JSON, where there is no example to go by. */
const usualPairCharacters = 200;

/** What `count` pairs will about cost, both passes together. A server's own count of tokens may differ by a third. */
export function estimateCost(request: PairsRequest, count: number): CostEstimate {
  const written = Math.ceil(count * writtenPerKept);
  const questions = Math.ceil(written / Math.min(count, pairsPerQuestion));
  const { examples } = request;
  const characters = ({ input, output }: Example) => input.length + output.length + 30;
  const pairCharacters =
    examples.length === 0
      ? usualPairCharacters
      : examples.reduce((sum, example) => sum + characters(example), 0) / examples.length;
  const writing = askForPairs({
    request,
    kept: examples,
    written: examples.map(({ input }) => input),
    number: 0,
    count: pairsPerQuestion,
  });
  const answering = askForOutputs(request, []);
  const asked = (wordsOf(writing) + wordsOf(answering)) * questions + written * pairCharacters;
  // Each pair is written once, and its output once more.
  const answered = written * pairCharacters * 1.5;
  return {
    requests: questions * 2,
    tokens: {
      input: Math.ceil(asked / charactersPerToken),
      output: Math.ceil(answered / charactersPerToken),
    },
  };
}

const wordsOf = ({ instructions, text }: Question) => instructions.length + text.length;
