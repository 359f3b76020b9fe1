import { FuzzError } from "@fuzzc/program";
import koffi from "koffi";
import type { DecodeEntry } from "./batch.ts";
import { decodeEntries } from "./decode-entries.ts";
import { checkInteger, engineError } from "./errors.ts";
import type { NativeContext } from "./native-context.ts";

/**
 * Reads `tokens` into an emptied context and takes what enters the given layers; empties it again.
 * @returns for each of `layers` tokens x embeddingSize numbers, row by row.
 */
export async function readHiddenStates(
  context: NativeContext,
  tokens: Int32Array,
  layers: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const { native, pointer, memory, model } = context;
  checkLayers(context, layers);
  memory.clear();
  keepLayers(context, layers);
  const size = model.embeddingSize;
  const states = layers.map(() => new Float32Array(tokens.length * size));
  const entries = Array.from(tokens, (token, position) => ({
    token,
    position,
    sequences: [0],
    output: false,
  }));
  try {
    await decodeEntries(context, entries, signal, (part) => {
      const start = (part[0] as DecodeEntry).position * size;
      const block = koffi.array("float", part.length * size, "Typed");
      layers.forEach((layer, index) => {
        const rows = native.llama_get_embeddings_layer_inp(pointer, layer);
        if (rows === null) {
          throw engineError(`The engine kept no hidden states of layer ${layer}`);
        }
        states[index]?.set(koffi.decode(rows, block), start);
      });
    });
  } finally {
    memory.clear();
  }
  return states;
}

function checkLayers({ shape, model }: NativeContext, layers: readonly number[]): void {
  if (!shape.hiddenLayers) {
    throw new FuzzError("The context was not opened for hidden states", {
      code: "FUZZ_OUT_OF_RANGE",
      hint: "Open it with hiddenLayers: true.",
    });
  }
  for (const layer of layers) {
    // What leaves the last layer the engine does not keep; asked for it, it would abort.
    checkInteger("The layer", layer, 0, model.layerCount - 1);
  }
}

/** Makes the engine keep exactly these layers; each change makes it plan its graph anew. */
function keepLayers(
  { native, pointer, keptLayers }: NativeContext,
  layers: readonly number[],
): void {
  for (const layer of keptLayers) {
    if (!layers.includes(layer)) {
      native.llama_set_embeddings_layer_inp(pointer, layer, false);
      keptLayers.delete(layer);
    }
  }
  for (const layer of layers) {
    if (!keptLayers.has(layer)) {
      native.llama_set_embeddings_layer_inp(pointer, layer, true);
      keptLayers.add(layer);
    }
  }
}
