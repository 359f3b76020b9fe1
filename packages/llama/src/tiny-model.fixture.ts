import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type GgufArray,
  type GgufTensor,
  type GgufValue,
  quantize,
  writeGguf,
} from "@fuzzc/program";

export const tinySizes = {
  layers: 2,
  embedding: 32,
  heads: 2,
  kvHeads: 1,
  headSize: 16,
  inner: 64,
};

/** A model of two layers with random weights and a vocabulary of bytes: small enough to open in a moment. */
export interface TinyModel {
  metadata: Map<string, GgufValue>;
  tensors: GgufTensor[];
}

export function makeTinyModel(architecture = "llama"): TinyModel {
  const { layers, embedding, heads, kvHeads, headSize, inner } = tinySizes;
  const tokens = [...byteSpellings(), "<|im_start|>", "<|im_end|>"];
  const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
  const float32 = (value: number): GgufValue => ({ type: "float32", value });
  const string = (value: string): GgufValue => ({ type: "string", value });
  const metadata = new Map<string, GgufValue>([
    ["general.architecture", string(architecture)],
    ["general.type", string("model")],
    [`${architecture}.block_count`, uint32(layers)],
    [`${architecture}.context_length`, uint32(512)],
    [`${architecture}.embedding_length`, uint32(embedding)],
    [`${architecture}.feed_forward_length`, uint32(inner)],
    [`${architecture}.attention.head_count`, uint32(heads)],
    [`${architecture}.attention.head_count_kv`, uint32(kvHeads)],
    [`${architecture}.attention.layer_norm_rms_epsilon`, float32(1e-5)],
    [`${architecture}.rope.freq_base`, float32(10_000)],
    [`${architecture}.vocab_size`, uint32(tokens.length)],
    ["tokenizer.ggml.model", string("gpt2")],
    ["tokenizer.ggml.pre", string("smollm")],
    ["tokenizer.ggml.tokens", { type: "array", of: "string", value: tokens }],
    [
      "tokenizer.ggml.token_type",
      { type: "array", of: "int32", value: tokens.map((token) => (token.length > 2 ? 3 : 1)) },
    ],
    ["tokenizer.ggml.merges", { type: "array", of: "string", value: ["t h"] }],
    ["tokenizer.ggml.bos_token_id", uint32(256)],
    ["tokenizer.ggml.eos_token_id", uint32(257)],
  ]);
  const random = makeRandom(1);
  const matrix = (name: string, rowLength: number, rows: number): GgufTensor => {
    const values = Float32Array.from({ length: rowLength * rows }, () => random() - 0.5);
    return {
      name,
      type: "F32",
      shape: [rowLength, rows],
      data: quantize(values, "F32", rowLength),
    };
  };
  const norm = (name: string, length = embedding): GgufTensor => {
    const values = new Float32Array(length).fill(1);
    return { name, type: "F32", shape: [length], data: quantize(values, "F32", length) };
  };
  const tensors = [
    matrix("token_embd.weight", embedding, tokens.length),
    norm("output_norm.weight"),
  ];
  for (let layer = 0; layer < layers; layer++) {
    const name = (part: string) => `blk.${layer}.${part}.weight`;
    tensors.push(
      norm(name("attn_norm")),
      matrix(name("attn_q"), embedding, heads * headSize),
      matrix(name("attn_k"), embedding, kvHeads * headSize),
      matrix(name("attn_v"), embedding, kvHeads * headSize),
      matrix(name("attn_output"), heads * headSize, embedding),
      norm(name("ffn_norm")),
      matrix(name("ffn_gate"), embedding, inner),
      matrix(name("ffn_up"), embedding, inner),
      matrix(name("ffn_down"), inner, embedding),
    );
    if (architecture === "qwen3") {
      tensors.push(norm(name("attn_q_norm"), headSize), norm(name("attn_k_norm"), headSize));
    }
  }
  return { metadata, tensors };
}

/** Changes the vocabulary of a tiny model, which leaves its embeddings alone. */
export function changeTokens({ metadata }: TinyModel, change: (tokens: string[]) => void): void {
  const key = "tokenizer.ggml.tokens";
  const { value } = metadata.get(key) as GgufArray;
  const tokens = value.map(String);
  change(tokens);
  metadata.set(key, { type: "array", of: "string", value: tokens });
}

const temporaryFolders: string[] = [];
process.once("exit", () => {
  for (const folder of temporaryFolders) {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Writes bytes to a file that goes when the test file's process ends. */
export function writeTemporary(bytes: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "fuzzc-test-"));
  temporaryFolders.push(folder);
  const path = join(folder, "model.gguf");
  writeFileSync(path, bytes);
  return path;
}

export function writeTinyModel(): string {
  return writeTemporary(writeGguf(makeTinyModel()));
}

/** Numbers in 0..1 that are the same in every run. */
export function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** How byte-level BPE vocabularies spell the 256 bytes. */
function byteSpellings(): string[] {
  const spellings: string[] = [];
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable =
      (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
    spellings.push(String.fromCodePoint(printable ? byte : next++));
  }
  return spellings;
}
