import { type Encoder, loadEngine } from "@fuzzc/llama";
import { decodeCoefficients, FuzzError, type Program } from "@fuzzc/program";
import type { LoadedProgram } from "./answer.ts";
import { EncodeQueue } from "./encode-queue.ts";
import { EncoderProgram } from "./encoder-program.ts";
import type { Base } from "./interpreter.ts";

export interface EncoderInterpreterOptions {
  /** A GGUF file, from `ensureEncoder`. */
  modelPath: string;
  base: Base;
  /** Default: one or two, as cores are free. */
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** A sentence encoder, on which label functions run: the label whose vector is nearest to the input's wins. */
export class EncoderInterpreter implements AsyncDisposable {
  readonly base: Base;
  readonly encoder: Encoder;
  readonly #queue: EncodeQueue;
  readonly #programs = new Set<EncoderProgram>();

  /** Made by `openEncoderInterpreter`, which hands over the encoder. */
  constructor(encoder: Encoder, base: Base) {
    this.encoder = encoder;
    this.base = base;
    this.#queue = new EncodeQueue(encoder);
  }

  /**
   * Loads a program, with its adapter if it has one; there is nothing to compute, so it is quick.
   * @throws FuzzError FUZZ_BASE_MISMATCH, FUZZ_PROGRAM_INVALID, and what `Encoder.loadAdapter` throws
   */
  async load(program: Program): Promise<LoadedProgram> {
    const { meta, prototypes } = program;
    const { source_sha256: sha256, quantisation, name } = meta.base;
    if (sha256 !== this.base.source_sha256 || quantisation !== this.base.quantisation) {
      throw new FuzzError(
        `The program is for ${name} ${quantisation} as another version of fuzzc trained it, or for another encoder`,
        { code: "FUZZ_BASE_MISMATCH", hint: "Compile it again." },
      );
    }
    const size = this.encoder.embeddingSize;
    if (meta.output.type !== "labels" || !prototypes || meta.prototypes?.size !== size) {
      throw new FuzzError(`The program has no vectors of ${size} numbers for its labels`, {
        code: "FUZZ_PROGRAM_INVALID",
        hint: "Compile it again.",
      });
    }
    const { labels } = meta.output;
    const values = decodeCoefficients(prototypes);
    const adapter = program.adapter ? await this.encoder.loadAdapter(program.adapter) : null;
    const one = new EncoderProgram({
      program,
      adapter,
      labels,
      scores: {
        prototypes: labels.map((_, label) => values.subarray(label * size, (label + 1) * size)),
        scale: meta.prototypes.scale,
        bias: meta.label_bias,
      },
      ranking: meta.prototypes.ranking && {
        direction: values.subarray(labels.length * size),
        scale: meta.prototypes.ranking.scale,
      },
      queue: this.#queue,
      onDispose: (program) => this.#programs.delete(program),
    });
    this.#programs.add(one);
    return one;
  }

  /**
   * The vectors of texts, each of length 1; the same texts in the same order always give the same bits. A text that is
   * too long is read from its beginning.
   * @param options.adapter GGUF; default: the plain encoder
   */
  async embed(
    texts: readonly string[],
    options: { adapter?: Uint8Array; signal?: AbortSignal | undefined } = {},
  ): Promise<Float32Array[]> {
    const { encoder } = this;
    const tokens = texts.map((text) => cutTokens(encoder.tokenize(text), encoder.maxTokens));
    const { adapter: bytes, signal } = options;
    if (bytes === undefined) {
      return encoder.encode(tokens, { signal });
    }
    await using adapter = await encoder.loadAdapter(bytes);
    return await encoder.encode(tokens, { adapter, signal });
  }

  /** Ends all calls and frees the encoder. */
  async dispose(): Promise<void> {
    for (const program of [...this.#programs]) {
      await program.dispose();
    }
    await this.encoder.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

/**
 * Opens a sentence encoder for label functions to run on.
 * @throws FuzzError what `loadEngine` and `Engine.openEncoder` throw
 */
export async function openEncoderInterpreter({
  modelPath,
  base,
  threads,
  signal,
}: EncoderInterpreterOptions): Promise<EncoderInterpreter> {
  return new EncoderInterpreter(
    await loadEngine().openEncoder(modelPath, { threads, signal }),
    base,
  );
}

/** The beginning, with the special token at the end. */
function cutTokens(tokens: Int32Array, most: number): Int32Array {
  if (tokens.length <= most) {
    return tokens;
  }
  const cut = tokens.slice(0, most);
  cut[most - 1] = tokens.at(-1) as number;
  return cut;
}
