import type { Answer, Interpreter } from "@fuzzc/interpreter";
import type { Example, Program } from "@fuzzc/program";

/** A way to make a program that shows some of the given examples. */
export type ProgramMaker = (pool: readonly Example[]) => Promise<Program>;

export interface AskOptions {
  interpreter: Interpreter;
  /** The adapter's GGUF; left out for programs of scale 0. */
  adapter: Uint8Array | null;
  /** Where outputs are cut; see `longestUseful`. */
  maxOutputTokens?: number;
  signal?: AbortSignal;
}

/**
 * The tokens after which an output can't be that of an example any more. Candidates that ramble would else take most of
 * a compile's time.
 */
export function longestUseful(examples: readonly Example[], { model }: Interpreter): number {
  const lengths = examples.map(({ output }) => model.tokenize(output, { special: false }).length);
  // A model may spell the same text in more tokens than the tokeniser does.
  return 2 * Math.max(0, ...lengths) + 16;
}

/** Runs a program over inputs, as one batch; the answers are in order. */
export async function askProgram(
  program: Program,
  inputs: readonly string[],
  { interpreter, adapter, maxOutputTokens, signal }: AskOptions,
): Promise<Answer[]> {
  const { scale } = program.meta.adapter;
  const loaded = await interpreter.load(program, scale === 0 ? null : adapter, {
    savePrefix: false,
  });
  try {
    const answers: Answer[] = [];
    // A candidate that rambles is wrong, not broken.
    const run = { signal, maxOutputTokens, whenTooLong: "cut" as const };
    for await (const answer of loaded.map(inputs, run)) {
      answers.push(answer);
    }
    return answers;
  } finally {
    await loaded.dispose();
  }
}

/**
 * Answers every example with a program that was made from the others.
 *
 * @param folds how many programs are made; each fold is held back once
 * @returns one answer an example, in the order of the examples
 */
export async function crossValidate(
  make: ProgramMaker,
  examples: readonly Example[],
  folds: number,
  options: AskOptions,
): Promise<Answer[]> {
  const answers = new Array<Answer>(examples.length);
  for (let fold = 0; fold < folds; fold++) {
    const heldBack = examples.map((_, index) => index).filter((index) => index % folds === fold);
    const program = await make(examples.filter((_, index) => index % folds !== fold));
    const inputs = heldBack.map((index) => examples[index]!.input);
    const given = await askProgram(program, inputs, options);
    heldBack.forEach((index, position) => {
      answers[index] = given[position]!;
    });
  }
  return answers;
}
