import { type GgufTensor, type GgufValue, quantize, writeGguf } from "@fuzzc/program";
import { encoderError } from "./errors.ts";
import { mergeTuning } from "./merge-tuning.ts";
import type { SafeTensor } from "./read-safetensors.ts";
import type { Tuning } from "./read-tuning.ts";

/** What the weights of an encoder don't say about it. */
export interface EncoderShape {
  heads: number;
  layerNormEpsilon: number;
  /** Stands before every text that it reads, as in its training. */
  prefix?: string;
}

// Names as in llama.cpp's conversion of BERT; `N` is the layer.
const names: Record<string, string> = {
  "embeddings.word_embeddings": "token_embd",
  "embeddings.position_embeddings": "position_embd",
  "embeddings.token_type_embeddings": "token_types",
  "embeddings.LayerNorm": "token_embd_norm",
  "encoder.layer.N.attention.self.query": "blk.N.attn_q",
  "encoder.layer.N.attention.self.key": "blk.N.attn_k",
  "encoder.layer.N.attention.self.value": "blk.N.attn_v",
  "encoder.layer.N.attention.output.dense": "blk.N.attn_output",
  "encoder.layer.N.attention.output.LayerNorm": "blk.N.attn_output_norm",
  "encoder.layer.N.intermediate.dense": "blk.N.ffn_up",
  "encoder.layer.N.output.dense": "blk.N.ffn_down",
  "encoder.layer.N.output.LayerNorm": "blk.N.layer_output_norm",
};
// Added as they are, so never quantised.
const plain = new Set(["position_embd.weight", "token_types.weight"]);
const specialTokens = {
  bos: "[CLS]",
  cls: "[CLS]",
  seperator: "[SEP]", // spelled so in GGUF
  padding: "[PAD]",
  unknown: "[UNK]",
  mask: "[MASK]",
};
const tokenTypes = { normal: 1, control: 3 };
const meanPooling = 1;
const q8FileType = 7;

/**
 * A BERT sentence encoder as GGUF: matrices in Q8_0, vectors and positions in float32, a WordPiece vocabulary. The same
 * files give the same bytes. Source: llama.cpp's conversion/bert.py.
 * @param weights in float32, by their PyTorch names: what `readWeights` gives
 * @param vocabulary the tokens in the order of their ids: what `readVocabulary` gives
 * @param tuning merged into the weights before they are quantised
 * @throws FuzzError FUZZ_ENCODER_INVALID, FUZZ_ADAPTER_INVALID, FUZZ_TENSOR_NOT_FINITE
 */
export function convertEncoder(
  weights: ReadonlyMap<string, SafeTensor>,
  vocabulary: readonly string[],
  shape: EncoderShape,
  tuning?: Tuning,
): Uint8Array {
  const found = new Map<string, SafeTensor>();
  for (const [name, tensor] of weights) {
    const target = nameTensor(name);
    if (target !== undefined) {
      found.set(target, tensor);
    }
  }
  const tuned = [...(tuning?.adapter.layers.keys() ?? []), ...(tuning?.added.keys() ?? [])];
  const stray = tuned.find((name) => !found.has(name));
  if (stray !== undefined) {
    throw encoderError(`its tuning is for ${stray}, which it does not have`);
  }
  const metadata = describe(found, vocabulary, shape);
  const tensors = [...found].map(([name, tensor]) => convertTensor(name, tensor, tuning));
  return writeGguf({ metadata, tensors });
}

/** Undefined for what is not run: the pooler, position ids. */
function nameTensor(name: string): string | undefined {
  const [, stem = "", kind] = /^(?:bert\.)?(.+)\.(weight|bias)$/.exec(name) ?? [];
  const layer = /^encoder\.layer\.(\d{1,3})\./.exec(stem)?.[1] ?? "";
  const target = names[stem.replace(/^encoder\.layer\.\d+\./, "encoder.layer.N.")];
  return target && `${target.replace("N", layer)}.${kind}`;
}

function convertTensor(
  name: string,
  { dtype, shape, data }: SafeTensor,
  tuning: Tuning | undefined,
): GgufTensor {
  if (dtype !== "F32" || shape.length < 1 || shape.length > 2) {
    throw encoderError(`${name} is of the type ${dtype} with ${shape.length} dimensions`);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const given = Float32Array.from({ length: data.length / 4 }, (_, index) =>
    view.getFloat32(4 * index, true),
  );
  const values = tuning === undefined ? given : mergeTuning(name, given, tuning);
  const rowLength = shape.at(-1) as number;
  const type = shape.length === 1 || plain.has(name) || rowLength % 32 !== 0 ? "F32" : "Q8_0";
  return { name, type, shape: shape.toReversed(), data: quantize(values, type, rowLength) };
}

function describe(
  tensors: Map<string, SafeTensor>,
  tokens: readonly string[],
  { heads, layerNormEpsilon, prefix }: EncoderShape,
): Map<string, GgufValue> {
  const sizeOf = (name: string, dimension: number) => {
    const size = tensors.get(name)?.shape[dimension];
    if (size === undefined) {
      throw encoderError(`it has no ${name}`);
    }
    return size;
  };
  if (sizeOf("token_embd.weight", 0) !== tokens.length) {
    throw encoderError(`it embeds ${sizeOf("token_embd.weight", 0)} tokens of ${tokens.length}`);
  }
  const layers = [...tensors.keys()].filter((name) => /^blk\.\d+\.ffn_up\.weight$/.test(name));
  const control = new Set(Object.values(specialTokens));
  const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
  const text = (value: string): GgufValue => ({ type: "string", value });
  return new Map<string, GgufValue>([
    ["general.architecture", text("bert")],
    ["general.type", text("model")],
    ["general.file_type", uint32(q8FileType)],
    ["bert.block_count", uint32(layers.length)],
    ["bert.context_length", uint32(sizeOf("position_embd.weight", 0))],
    ["bert.embedding_length", uint32(sizeOf("token_embd.weight", 1))],
    ["bert.feed_forward_length", uint32(sizeOf("blk.0.ffn_up.weight", 0))],
    ["bert.attention.head_count", uint32(heads)],
    ["bert.attention.layer_norm_epsilon", { type: "float32", value: layerNormEpsilon }],
    ["bert.attention.causal", { type: "bool", value: false }],
    ["bert.pooling_type", uint32(meanPooling)],
    ["tokenizer.ggml.model", text("bert")],
    ["tokenizer.ggml.pre", text("default")],
    ["tokenizer.ggml.token_type_count", uint32(sizeOf("token_types.weight", 0))],
    [
      "tokenizer.ggml.tokens",
      {
        type: "array",
        of: "string",
        value: tokens.map((token) => (control.has(token) ? token : spellToken(token))),
      },
    ],
    [
      "tokenizer.ggml.token_type",
      {
        type: "array",
        of: "int32",
        value: tokens.map((token) => (control.has(token) ? tokenTypes.control : tokenTypes.normal)),
      },
    ],
    ...Object.entries(specialTokens).map(([key, token]): [string, GgufValue] => {
      const id = tokens.indexOf(token);
      if (id < 0) {
        throw encoderError(`its vocabulary has no ${token}`);
      }
      return [`tokenizer.ggml.${key}_token_id`, uint32(id)];
    }),
    ...(prefix ? [["fuzzc.encoder.prefix", text(prefix)] as const] : []),
  ]);
}

/** The engine marks where words begin, where WordPiece marks where they go on. */
function spellToken(token: string): string {
  return token.startsWith("##") ? token.slice(2) : `\u2581${token}`;
}
