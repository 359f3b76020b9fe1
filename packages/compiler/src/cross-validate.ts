import type { Answer, Interpreter } from "@fuzzc/interpreter";
import type { Example, Program } from "@fuzzc/program";

/** A way to make a program that shows some of the given examples. */
export type ProgramMaker = (pool: readonly Example[]) => Promise<Program>;

export interface AskOptions {
  interpreter: Interpreter;
  /** The adapter's GGUF; left out for programs of scale 0. */
  adapter: Uint8Array | null;
  signal?: AbortSignal;
}

/** An input, and the output that would be right, where there is one. */
export interface Asked {
  input: string;
  output?: string;
}

/**
 * Runs a program over inputs, one after another; the answers are in order. What shares a batch depends on the machine's load,
 * and changes an answer now and then by rounding: the same compile must choose the same. An answer that is not the right
 * output is cut where it differs: all that is asked is whether it is right, and candidates that ramble would take most
 * of a compile's time.
 */
export async function askProgram(
  program: Program,
  asked: readonly Asked[],
  { interpreter, adapter, signal }: AskOptions,
): Promise<Answer[]> {
  const { scale } = program.meta.adapter;
  const loaded = await interpreter.load(program, scale === 0 ? null : adapter, {
    savePrefix: false,
  });
  try {
    const answers: Answer[] = [];
    for (const { input, output: expected } of asked) {
      answers.push(await loaded.run(input, { signal, expected, whenTooLong: "cut" }));
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
    const asked = heldBack.map((index) => examples[index]!);
    const given = await askProgram(program, asked, options);
    heldBack.forEach((index, position) => {
      answers[index] = given[position]!;
    });
  }
  return answers;
}
