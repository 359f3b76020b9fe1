import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GgufTensor, type GgufValue, quantize, writeGguf } from "@fuzzc/program";
import { Random } from "./random.ts";

/** As in training/fuzzc_training/qwen3_trainer_reference.py. */
const tinySizes = {
  layers: 2,
  size: 32,
  heads: 2,
  kvHeads: 1,
  innerSize: 64,
  epsilon: 1e-6,
  ropeBase: 10_000,
  vocabulary: 259,
};

/** Two heads of 32 numbers are more than a state holds; the engine allows that of some architectures. */
const headSizeOf = (architecture: string) => (architecture === "qwen2" ? 16 : 32);

export interface TinyBaseOptions {
  architecture?: "llama" | "qwen2" | "qwen3";
  seed?: number;
  /** Whether it has the tokens of ChatML; else it ends an answer with "<|end|>". */
  chat?: boolean;
  /** Whether it says that its positions are stretched. */
  stretched?: boolean;
  /** Whether it has factors of its rotary positions, as Llama 3 has. */
  factors?: boolean;
}

/** A base model of random weights and a vocabulary of bytes, as a GGUF file in a folder that goes with the process. */
export function writeTinyBase({
  architecture = "qwen3",
  seed = 7,
  chat = true,
  stretched = false,
  factors = false,
}: TinyBaseOptions = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "fuzzc-tiny-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "tiny.gguf");
  const specials = chat
    ? ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    : ["<|begin|>", "<|other|>", "<|end|>"];
  const metadata = tinyMetadata(architecture, specials);
  if (stretched) {
    metadata.set(`${architecture}.rope.scaling.type`, { type: "string", value: "linear" });
    metadata.set(`${architecture}.rope.scaling.factor`, { type: "float32", value: 2 });
  }
  const tensors = drawTensors(architecture, seed);
  if (factors) {
    const values = Float32Array.from({ length: headSizeOf(architecture) / 2 }, (_, i) => 1 + i / 2);
    const data = quantize(values, "F32", values.length);
    tensors.push({ name: "rope_freqs.weight", type: "F32", shape: [values.length], data });
  }
  writeFileSync(path, writeGguf({ metadata, tensors }));
  return path;
}

function tinyMetadata(architecture: string, specials: string[]): Map<string, GgufValue> {
  const { layers, size, heads, kvHeads, innerSize, epsilon, ropeBase } = tinySizes;
  const headSize = headSizeOf(architecture);
  const tokens = [...byteSpellings(), ...specials];
  const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
  const float32 = (value: number): GgufValue => ({ type: "float32", value });
  const string = (value: string): GgufValue => ({ type: "string", value });
  const types = tokens.map((_, index) => (index < 256 ? 1 : 3));
  return new Map<string, GgufValue>([
    ["general.architecture", string(architecture)],
    ["general.type", string("model")],
    [`${architecture}.block_count`, uint32(layers)],
    [`${architecture}.context_length`, uint32(1024)],
    [`${architecture}.embedding_length`, uint32(size)],
    [`${architecture}.feed_forward_length`, uint32(innerSize)],
    [`${architecture}.attention.head_count`, uint32(heads)],
    [`${architecture}.attention.head_count_kv`, uint32(kvHeads)],
    [`${architecture}.attention.key_length`, uint32(headSize)],
    [`${architecture}.attention.value_length`, uint32(headSize)],
    [`${architecture}.attention.layer_norm_rms_epsilon`, float32(epsilon)],
    [`${architecture}.rope.freq_base`, float32(ropeBase)],
    [`${architecture}.vocab_size`, uint32(tokens.length)],
    ["tokenizer.ggml.model", string("gpt2")],
    ["tokenizer.ggml.pre", string("qwen2")],
    ["tokenizer.ggml.tokens", { type: "array", of: "string", value: tokens }],
    ["tokenizer.ggml.token_type", { type: "array", of: "int32", value: types }],
    ["tokenizer.ggml.merges", { type: "array", of: "string", value: ["t h"] }],
    ["tokenizer.ggml.bos_token_id", uint32(256)],
    ["tokenizer.ggml.eos_token_id", uint32(258)],
    ["tokenizer.ggml.add_bos_token", { type: "bool", value: specials[0] === "<|begin|>" }],
  ]);
}

/** All weights, one after the other out of one stream of random numbers. */
function drawTensors(architecture: string, seed: number): GgufTensor[] {
  const { layers, size, heads, kvHeads, innerSize, vocabulary } = tinySizes;
  const headSize = headSizeOf(architecture);
  const random = new Random(seed);
  const draw = (name: string, shape: number[], place: number, spread: number): GgufTensor => {
    const count = shape.reduce((product, one) => product * one, 1);
    const values = Float32Array.from(
      { length: count },
      () => place + (random.next() - 0.5) * spread,
    );
    return { name, type: "F32", shape, data: quantize(values, "F32", shape[0] as number) };
  };
  const matrix = (name: string, row: number, rows: number) =>
    draw(name, [row, rows], 0, 4 / Math.sqrt(row));
  const vector = (name: string, length: number) => draw(name, [length], 1, 0.5);
  const tensors = [
    matrix("token_embd.weight", size, vocabulary),
    vector("output_norm.weight", size),
  ];
  const [queries, keys] = [heads * headSize, kvHeads * headSize];
  for (let layer = 0; layer < layers; layer++) {
    const name = (part: string) => `blk.${layer}.${part}.weight`;
    tensors.push(
      vector(name("attn_norm"), size),
      matrix(name("attn_q"), size, queries),
      matrix(name("attn_k"), size, keys),
      matrix(name("attn_v"), size, keys),
      matrix(name("attn_output"), queries, size),
      vector(name("ffn_norm"), size),
      matrix(name("ffn_gate"), size, innerSize),
      matrix(name("ffn_up"), size, innerSize),
      matrix(name("ffn_down"), innerSize, size),
    );
    if (architecture === "qwen3") {
      tensors.push(vector(name("attn_q_norm"), headSize), vector(name("attn_k_norm"), headSize));
    } else if (architecture === "qwen2") {
      tensors.push(
        vector(`blk.${layer}.attn_q.bias`, queries),
        vector(`blk.${layer}.attn_k.bias`, keys),
        vector(`blk.${layer}.attn_v.bias`, keys),
      );
    }
  }
  return tensors;
}

/** How byte-level BPE vocabularies spell the 256 bytes. */
function byteSpellings(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable =
      (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
    return String.fromCodePoint(printable ? byte : next++);
  });
}
