import {
  type EncoderInterpreter,
  ensureBaseModel,
  ensureEncoder,
  type Timings,
  type TokenCounts,
} from "@fuzzc/interpreter";
import { defaultEncoder } from "@fuzzc/models";
import {
  type Example,
  FuzzError,
  type FuzzyInput,
  formatInput,
  type JsonValue,
} from "@fuzzc/program";
import type { FuzzyFunction } from "../fuzzy-function.ts";
import type { SetupOptions } from "../setup-options.ts";
import { type InterpreterLease, shareEncoder, shareInterpreter } from "../shared-interpreter.ts";
import { explainDecision } from "./explain-decision.ts";
import { findNearest, type Nearest } from "./nearest-examples.ts";
import { listLabelParts, listPromptParts, type PromptPart } from "./prompt-parts.ts";

/** An answer, and what it came from. */
export interface Explanation {
  input: FuzzyInput;
  output: JsonValue;
  /** What the model wrote, also where it abstained. */
  text: string;
  probability: number;
  labels?: Record<string, number>;
  abstained: boolean;
  inSpec?: number;
  /** Why it answered or abstained. */
  decision: string;
  interpreter: "language" | "encoder";
  /** Undefined where no examples are known. */
  nearest: Nearest | undefined;
  prompt: PromptPart[];
  timings: Timings;
  tokens: TokenCounts;
}

export interface ExplainOptions extends SetupOptions {
  /** What the function was made from; a program itself keeps only those that it shows to the model. */
  examples: readonly Example[];
  signal: AbortSignal;
}

/**
 * Answers an input and says what the answer came from.
 * @throws FuzzError what `detail` of the function throws
 */
export async function explainInput(
  answer: FuzzyFunction<JsonValue, FuzzyInput>,
  input: FuzzyInput,
  { examples, signal, ...setup }: ExplainOptions,
): Promise<Explanation> {
  const { program } = answer;
  const { meta } = program;
  const detail = await answer.detail(input, { signal });
  const text = formatInput(input, meta.inputs);
  const isEncoder = program.prototypes !== undefined;
  await using lease = isEncoder || examples.length > 0 ? await openEncoder() : undefined;
  const encoder = lease?.interpreter;
  const { output, probability, labels, abstained, inSpec, timings, tokens } = detail;
  return {
    ...{ input, output, text: detail.text, probability },
    ...(labels && { labels }),
    abstained,
    ...(inSpec !== undefined && { inSpec }),
    decision: explainDecision(detail, meta),
    interpreter: isEncoder ? "encoder" : "language",
    nearest:
      examples.length > 0 ? await findNearest(text, examples, { encoder, signal }) : undefined,
    prompt: isEncoder
      ? listLabelParts(encoder as EncoderInterpreter, program, text)
      : await listLanguageParts(answer, text, setup),
    timings,
    tokens,
  };
}

async function listLanguageParts(
  { program }: FuzzyFunction<JsonValue, FuzzyInput>,
  text: string,
  { base = program.meta.base.name, ...setup }: SetupOptions,
): Promise<PromptPart[]> {
  await using lease = await shareInterpreter(await ensureBaseModel(base, setup));
  return listPromptParts(lease.interpreter.model, program, text);
}

/** The sentence encoder, if it is here: nothing is fetched for the likeness of examples alone. */
async function openEncoder(): Promise<InterpreterLease<EncoderInterpreter> | undefined> {
  try {
    return await shareEncoder(await ensureEncoder(defaultEncoder, { offline: true }));
  } catch (error) {
    if (FuzzError.isInstance(error) && error.code === "FUZZ_MODEL_UNAVAILABLE") {
      return undefined;
    }
    throw error;
  }
}
