import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FuzzError } from "@fuzzc/program";
import { type AdapterBase, checkAdapter } from "./check-adapter.ts";
import { disposedError, engineError } from "./errors.ts";
import type { Native } from "./native.ts";
import { callAsync, type Pointer } from "./native-library.ts";

/** A LoRA adapter in memory, ready to be set on contexts of its model. */
export class Adapter implements AsyncDisposable {
  /** Hash of the adapter's GGUF bytes, hex. */
  readonly sha256: string;
  /** How many tensors of the base model it changes. */
  readonly targets: number;
  #pointer: Pointer | null;
  readonly #release: (adapter: Adapter) => Promise<void>;

  /** Made by `Model.loadAdapter`. */
  constructor(
    pointer: Pointer,
    sha256: string,
    targets: number,
    release: (adapter: Adapter) => Promise<void>,
  ) {
    this.#pointer = pointer;
    this.sha256 = sha256;
    this.targets = targets;
    this.#release = release;
  }

  get disposed(): boolean {
    return this.#pointer === null;
  }

  /** For the rest of this room. */
  get pointer(): Pointer {
    if (this.#pointer === null) {
      throw disposedError("adapter");
    }
    return this.#pointer;
  }

  /** Takes the adapter off every context that has it set, and frees it once every `loadAdapter` has been matched. */
  dispose(): Promise<void> {
    return this.disposed ? Promise.resolve() : this.#release(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /** For the model, which frees the native side. */
  forget(): void {
    this.#pointer = null;
  }
}

/** Makes every later pass of a context one under `adapter`, or under none. */
export function setAdapter(
  native: Native,
  context: Pointer,
  adapter: Adapter | null,
  scale: number,
): void {
  const adapters = adapter === null ? [] : [adapter.pointer];
  const status = native.llama_set_adapters_lora(
    context,
    BigUint64Array.from(adapters),
    adapters.length,
    Float32Array.of(scale),
  );
  if (status !== 0) {
    throw engineError(`The engine refused to set an adapter (${status})`);
  }
}

/** Hash by which adapters are cached. */
export function hashAdapter(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Checks an adapter and hands it to the engine, which only reads adapters from files.
 * @throws FuzzError see `checkAdapter`
 */
export async function loadAdapterBytes(
  native: Native,
  model: Pointer,
  bytes: Uint8Array,
  sha256: string,
  base: AdapterBase,
): Promise<{ pointer: Pointer; targets: number }> {
  const targets = checkAdapter(native, bytes, base);
  const pointer = await withTemporaryFile(`${sha256}.gguf`, bytes, (path) =>
    callAsync(native.llama_adapter_lora_init, model, path),
  );
  if (pointer === null) {
    throw engineError("The engine refused an adapter that looked right");
  }
  return { pointer, targets };
}

async function withTemporaryFile<Result>(
  name: string,
  bytes: Uint8Array,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), "fuzzc-adapter-"));
    const path = join(folder, name);
    await writeFile(path, bytes);
    return await use(path);
  } catch (cause) {
    throw new FuzzError(`The adapter can't be written to ${folder ?? tmpdir()} for the engine`, {
      code: "FUZZ_TEMPORARY_UNWRITABLE",
      kind: "resource",
      hint: "Make room there, or set TMPDIR to another folder.",
      cause,
    });
  } finally {
    if (folder !== undefined) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
