import { type Answer, type Interpreter, mapInputs, takeAnswers } from "@fuzzc/interpreter";
import type { Example, Program } from "@fuzzc/program";
import type { Models } from "./configurations.ts";

/** A program and the GGUF of its adapter, as a compile gives them. */
export interface Made {
  program: Program;
  adapter: Uint8Array | null;
}

/**
 * The answers of a program, in the order of the questions. Those that can't be right any more are cut: ways to answer that
 * ramble would else take most of a run's time.
 */
export async function askProgram(
  { program, adapter }: Made,
  asked: readonly Example[],
  { encoder, interpreter }: Pick<Models, "encoder" | "interpreter">,
): Promise<Answer[]> {
  await using loaded = await (program.prototypes
    ? encoder.load(program)
    : interpreter.load(program, adapter, { savePrefix: false }));
  const options = {
    whenTooLong: "cut",
    maxOutputTokens: longestUseful(asked, interpreter),
  } as const;
  // Right JSON may be spelled in more than one way.
  const isLetterForLetter = program.meta.output.type !== "json";
  const answer = ({ input, output }: Example, signal: AbortSignal) =>
    loaded.run(input, { ...options, signal, ...(isLetterForLetter && { expected: output }) });
  const answers: Answer[] = [];
  for await (const one of takeAnswers(mapInputs(asked, answer))) {
    answers.push(one);
  }
  return answers;
}

function longestUseful(asked: readonly Example[], { model }: Interpreter): number {
  const lengths = asked.map(({ output }) => model.tokenize(output, { special: false }).length);
  // A model may spell the same text in more tokens than the tokeniser does, and JSON in more characters.
  return 2 * Math.max(0, ...lengths) + 16;
}
