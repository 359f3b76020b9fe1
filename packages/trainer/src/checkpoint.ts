import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { dequantize, FuzzError, type GgufTensor, readGguf, writeGguf } from "@fuzzc/program";
import type { SessionOptions } from "./session.ts";
import type { TrainingState } from "./training-state.ts";

/** What a checkpoint holds beside its numbers. */
interface Notes {
  key: string;
  updates: number;
  rest: Omit<TrainingState, "values" | "best" | "adam">;
}

const notesKey = "fuzzc.training";
const parts = ["values", "best", "mean", "square"] as const;

/** Says which training a checkpoint belongs to: all options that its numbers depend on. */
export function sessionKey(options: SessionOptions): string {
  const start = "start" in options ? options.start : undefined;
  const rest = { ...options, minutes: undefined, checkpoint: undefined, start: undefined };
  const hash = createHash("sha256").update(JSON.stringify(rest));
  return hash.update(start ?? new Uint8Array(0)).digest("hex");
}

/** Writes the state so that a crash leaves the old file or the new one, never half of one. */
export async function saveCheckpoint(
  path: string,
  key: string,
  state: TrainingState,
): Promise<void> {
  const { values, best, adam, ...rest } = state;
  const notes: Notes = { key, updates: adam.updates, rest };
  const arrays = { values, best, mean: adam.mean, square: adam.square };
  const bytes = writeGguf({
    metadata: new Map([[notesKey, { type: "string", value: JSON.stringify(notes) }]]),
    tensors: parts.map((name): GgufTensor => {
      const { buffer, byteOffset, byteLength, length } = arrays[name];
      const data = new Uint8Array(buffer, byteOffset, byteLength);
      return { name, type: "F32", shape: [length], data };
    }),
  });
  const draft = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, bytes);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Puts a checkpoint's state into a new one of the same training.
 * @returns whether there was one; that of another training is left alone until it is written over.
 * @throws FuzzError FUZZ_CHECKPOINT_INVALID
 */
export async function loadCheckpoint(
  path: string,
  key: string,
  state: TrainingState,
): Promise<boolean> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") {
      return undefined;
    }
    throw invalid(path, cause);
  });
  if (bytes === undefined) {
    return false;
  }
  try {
    const gguf = readGguf(bytes);
    const notes = JSON.parse(String(gguf.metadata.get(notesKey)?.value)) as Notes;
    if (notes.key !== key) {
      return false;
    }
    const [values, best, mean, square] = parts.map((name) => {
      const tensor = gguf.tensors.find((one) => one.name === name);
      return tensor === undefined ? new Float32Array(0) : dequantize(tensor);
    }) as [Float32Array, Float32Array, Float32Array, Float32Array];
    state.values.set(values);
    state.best.set(best);
    state.adam.mean.set(mean);
    state.adam.square.set(square);
    state.adam.updates = notes.updates;
    Object.assign(state, notes.rest);
    return true;
  } catch (cause) {
    throw invalid(path, cause);
  }
}

function invalid(path: string, cause: unknown): FuzzError {
  return new FuzzError(`The checkpoint ${path} can't be read`, {
    code: "FUZZ_CHECKPOINT_INVALID",
    kind: "resource",
    hint: "Delete it to begin anew.",
    cause,
  });
}
