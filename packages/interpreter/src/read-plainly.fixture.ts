import type { Model } from "@fuzzc/llama";
import type { Program } from "@fuzzc/program";
import { tokenizePrompt } from "./tokenize-prompt.ts";

/** The plain way to read tokens: one sequence in a context of its own. Gives the logits after each of the last ones. */
export async function readPlainly(
  model: Model,
  tokens: readonly number[],
  outputs = 1,
): Promise<Float32Array[]> {
  await using context = await model.openContext({ contextSize: 1024, sequences: 1 });
  return await context.decode(
    tokens.map((token, position) => ({
      token,
      position,
      sequences: [0],
      output: position >= tokens.length - outputs,
    })),
  );
}

/** All tokens of a prompt. */
export function promptOf(model: Model, program: Program, input: string): number[] {
  const { prefix, suffix } = tokenizePrompt(model, program);
  return [...prefix, ...model.tokenize(input, { special: false }), ...suffix];
}

/** The plain way to write: the most likely token, read on its own, until the end. */
export async function writePlainly(
  model: Model,
  program: Program,
  input: string,
  most: number,
): Promise<string> {
  const tokens = promptOf(model, program, input);
  await using context = await model.openContext({ contextSize: 1024, sequences: 1 });
  const read = (list: readonly number[], start: number) =>
    context.decode(
      list.map((token, index) => ({
        token,
        position: start + index,
        sequences: [0],
        output: index === list.length - 1,
      })),
    );
  const written: number[] = [];
  let [logits] = await read(tokens, 0);
  while (written.length < most) {
    const token = largest(logits as Float32Array);
    if (model.isEndOfGeneration(token)) {
      break;
    }
    [logits] = await read([token], tokens.length + written.length);
    written.push(token);
  }
  return model.detokenize(written);
}

function largest(values: Float32Array): number {
  return values.reduce(
    (best, value, index) => (value > (values[best] as number) ? index : best),
    0,
  );
}
