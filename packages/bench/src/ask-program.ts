import { type Answer, guardProgram, type Interpreter } from "@fuzzc/interpreter";
import type { Example, Program } from "@fuzzc/program";
import type { Models } from "./configurations.ts";

/** A program and the GGUF of its adapter, as a compile gives them. */
export interface Made {
  program: Program;
  adapter: Uint8Array | null;
}

/**
 * The tokens after which an output can't be the expected one any more. Ways to answer that ramble would else take most
 * of a run's time.
 */
export function longestUseful(asked: readonly Example[], { model }: Interpreter): number {
  const lengths = asked.map(({ output }) => model.tokenize(output, { special: false }).length);
  // A model may spell the same text in more tokens than the tokeniser does.
  return 2 * Math.max(0, ...lengths) + 16;
}

/**
 * The answers of a program, in the order of the inputs.
 *
 * @param maxOutputTokens where an output is cut, because it can't be right any more; see `longestUseful`
 */
export async function askProgram(
  { program, adapter }: Made,
  inputs: readonly string[],
  { encoder, interpreter }: Pick<Models, "encoder" | "interpreter">,
  maxOutputTokens: number,
): Promise<Answer[]> {
  const bare = await (program.prototypes
    ? encoder.load(program)
    : interpreter.load(program, adapter, { savePrefix: false }));
  await using loaded = program.inSpec ? guardProgram(bare, encoder) : bare;
  const answers: Answer[] = [];
  for await (const answer of loaded.map(inputs, { whenTooLong: "cut", maxOutputTokens })) {
    answers.push(answer);
  }
  return answers;
}
