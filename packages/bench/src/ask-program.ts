import { longestUseful } from "@fuzzc/compiler";
import type { Answer } from "@fuzzc/interpreter";
import type { Example, Program } from "@fuzzc/program";
import type { Models } from "./configurations.ts";

/** A program and the GGUF of its adapter, as a compile gives them. */
export interface Made {
  program: Program;
  adapter: Uint8Array | null;
}

/**
 * The answers of a program to the inputs of examples, in their order. An output is cut where it has become so long that
 * it can't be the expected one any more, which saves the time of models that ramble.
 */
export async function askProgram(
  { program, adapter }: Made,
  asked: readonly Example[],
  { encoder, interpreter }: Pick<Models, "encoder" | "interpreter">,
): Promise<Answer[]> {
  await using loaded = program.prototypes
    ? await encoder.load(program)
    : await interpreter.load(program, adapter, { savePrefix: false });
  const maxOutputTokens = longestUseful(asked, interpreter);
  const inputs = asked.map(({ input }) => input);
  const answers: Answer[] = [];
  for await (const answer of loaded.map(inputs, { whenTooLong: "cut", maxOutputTokens })) {
    answers.push(answer);
  }
  return answers;
}
