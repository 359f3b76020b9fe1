import { fileURLToPath } from "node:url";
import { openInterpreter } from "@fuzzc/interpreter";
import { testModelPath } from "@fuzzc/llama";
import { loadCompiler } from "./load-compiler.ts";
import { makeProgram } from "./make-program.ts";
import {
  optimiseWithTraining,
  type Trained,
  type TrainingOptions,
} from "./optimise-with-training.ts";

const examples = [
  { input: "dog", output: "dog dog" },
  { input: "cow", output: "cow cow" },
];
const request = { spec: "Say it twice.", output: { type: "text" as const }, examples };

/** The smallest -O2 with folds: three trainings of one layer. @param onUpdate is told of updates over all of them. */
export async function trainWords(
  training: TrainingOptions,
  onUpdate: (done: number) => void,
): Promise<Trained> {
  const folder = fileURLToPath(new URL("../../../compilers/smol", import.meta.url));
  const compiler = await loadCompiler(folder);
  const { name, sourceSha256, quantisation } = compiler.manifest.base;
  await using interpreter = await openInterpreter({
    modelPath: testModelPath(),
    base: { name, source_sha256: sourceSha256, quantisation },
    threads: 1,
  });
  return await optimiseWithTraining({
    interpreter,
    task: request.spec,
    examples,
    choose: (pool) => [...pool],
    rank: 4,
    layers: 1,
    make: (trained, shown) =>
      makeProgram(request, { shown, scale: 1, trained }, new Uint8Array(0), compiler),
    training: { minutes: 60, ...training },
    onProgress: onUpdate,
  });
}
