import { loadEngine } from "@fuzzc/llama";
import type { Example, PromptParts } from "@fuzzc/program";
import { tokenizeCase, tokenizePrefix } from "./token-cases.ts";

/** The mean loss of an answer, in nats a token, as the engine computes it under an adapter. */
export async function engineLoss(
  modelPath: string,
  adapter: Uint8Array,
  task: PromptParts,
  example: Example,
): Promise<number> {
  await using model = await loadEngine().openModel(modelPath);
  await using context = await model.openContext({ contextSize: 256, sequences: 1 });
  await using loaded = await model.loadAdapter(adapter);
  await context.setAdapter(loaded, 1);
  const prefix = tokenizePrefix(model, task);
  const { branch, answer, start } = tokenizeCase(model, example, task.plain);
  const first = prefix.length + start;
  const logits = await context.decode(
    [...prefix, ...branch].map((token, position) => ({
      token,
      position,
      sequences: [0],
      output: position >= first,
    })),
  );
  const losses = logits.map((row, index) => {
    const top = row.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY);
    const sum = row.reduce((total, one) => total + Math.exp(one - top), 0);
    return Math.log(sum) + top - row[answer[index]!]!;
  });
  return losses.reduce((sum, one) => sum + one, 0) / losses.length;
}
