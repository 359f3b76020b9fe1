import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCompiler } from "@fuzzc/compiler";
import {
  ensureBaseModel,
  ensureEncoder,
  openEncoderInterpreter,
  openInterpreter,
  type ReadyModel,
} from "@fuzzc/interpreter";
import type { Models } from "./configurations.ts";

/** Where the compiler and the corpus stand. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The default compiler, the base model and the encoder, with one engine thread as the product opens them. */
export async function openModels(): Promise<Models & AsyncDisposable> {
  const interpreter = await openInterpreter(
    openOptions(await ensureBaseModel("smollm2-135m-instruct")),
  );
  const encoder = await openEncoderInterpreter(openOptions(await ensureEncoder()));
  return {
    interpreter,
    encoder,
    compiler: await loadCompiler(join(root, "compilers/smol")),
    async [Symbol.asyncDispose]() {
      await encoder.dispose();
      await interpreter.dispose();
    },
  };
}

export function openOptions({ name, path, sourceSha256, quantisation }: ReadyModel) {
  const base = { name, source_sha256: sourceSha256, quantisation };
  return { modelPath: path, base, threads: 1 };
}
