import type { Context, Model } from "@fuzzc/llama";
import { FuzzError, type Program } from "@fuzzc/program";
import type { LoadedProgram } from "./answer.ts";
import { LanguageProgram } from "./loaded-program.ts";
import { passCosts } from "./pass-costs.ts";
import { planDecoder } from "./plan-decoder.ts";
import { nameOrigin } from "./prefix.ts";
import { makePrefix } from "./prefix-cache.ts";
import type { PrefixStore } from "./prefix-store.ts";
import { Scheduler } from "./scheduler.ts";
import { tokenizePrompt } from "./tokenize-prompt.ts";
import { openVocabulary, type Vocabulary } from "./vocabulary.ts";

/** The base model that an interpreter runs, as programs name it. */
export interface Base {
  name: string;
  /** Checksum of the file of the catalogue, hex. */
  source_sha256: string;
  quantisation: string;
}

export interface LoadOptions {
  /** Whether the state of the program's prefix may be saved to disk; false for programs that are only tried. Default true. */
  savePrefix?: boolean | undefined;
}

/** A base model with one working memory, on which programs take turns. */
export class Interpreter implements AsyncDisposable {
  readonly model: Model;
  readonly base: Base;
  readonly contextSize: number;
  readonly #context: Context;
  readonly #store: PrefixStore | undefined;
  readonly #scheduler: Scheduler;
  readonly #vocabulary: Vocabulary;
  readonly #programs = new Set<LanguageProgram>();
  #disposed: Promise<void> | undefined;

  /** Made by `openInterpreter`, which hands over model and context. */
  constructor(model: Model, base: Base, context: Context, store: PrefixStore | undefined) {
    this.model = model;
    this.base = base;
    this.contextSize = Math.min(context.contextSize, model.trainedContextSize);
    this.#context = context;
    this.#store = store;
    this.#scheduler = new Scheduler(context, passCosts(base.quantisation), store);
    this.#vocabulary = openVocabulary(model);
  }

  /**
   * Loads a program. Programs with the same adapter share it, those with the same prefix too; so loading is cheap.
   * @param adapter GGUF of the program's adapter; null for a program without one, or with scale 0.
   * @throws FuzzError FUZZ_BASE_MISMATCH, FUZZ_ADAPTER_MISSING, FUZZ_PROGRAM_TOO_LONG, FUZZ_DISPOSED, FUZZ_SCHEMA_…,
   * and what `Model.loadAdapter` throws
   */
  async load(
    program: Program,
    adapter: Uint8Array | null,
    { savePrefix = true }: LoadOptions = {},
  ): Promise<LoadedProgram> {
    if (this.#disposed !== undefined) {
      throw disposedError();
    }
    this.#checkBase(program);
    const { form, scale } = program.meta.adapter;
    if (adapter === null && form !== "none" && scale !== 0) {
      throw new FuzzError("The program needs its adapter", {
        code: "FUZZ_ADAPTER_MISSING",
        hint: "A thin program's adapter is built by its compiler.",
      });
    }
    const prompt = tokenizePrompt(this.model, program);
    const plan = planDecoder(program, {
      model: this.model,
      vocabulary: this.#vocabulary,
      costs: passCosts(this.base.quantisation),
      // One sequence is for the prefix.
      maxBranches: this.#context.sequences - 1,
    });
    const fixed = prompt.prefix.length + prompt.suffix.length + plan.minTokens;
    if (fixed >= this.contextSize) {
      throw new FuzzError(
        `The program takes ${fixed} tokens, ${fixed - this.contextSize + 1} too many to leave room for an input`,
        { code: "FUZZ_PROGRAM_TOO_LONG", hint: "Use a shorter spec or fewer examples." },
      );
    }
    const loaded = adapter === null || scale === 0 ? null : await this.model.loadAdapter(adapter);
    const origin = nameOrigin({
      base: `${this.base.source_sha256} ${this.base.quantisation}`,
      adapter: loaded,
      scale,
    });
    const one = new LanguageProgram({
      program,
      model: this.model,
      contextSize: this.contextSize,
      adapter: loaded,
      prompt,
      prefix: makePrefix(origin, prompt.prefix, savePrefix),
      plan,
      scheduler: this.#scheduler,
      onDispose: (program) => this.#programs.delete(program),
    });
    this.#programs.add(one);
    return one;
  }

  /**
   * The hidden states of tokens under the base model alone; see `Context.hiddenStates`.
   * @returns for each layer tokens.length x embeddingSize numbers.
   */
  async hiddenStates(
    tokens: Int32Array,
    layers: readonly number[],
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<Float32Array[]> {
    // A context of its own: it holds nothing else, and goes when the states are there.
    await using context = await this.model.openContext({
      contextSize: Math.max(1, tokens.length),
      sequences: 1,
      hiddenLayers: true,
    });
    return await context.hiddenStates(tokens, layers, options);
  }

  /** Ends all calls, waits for what is being saved, and frees everything. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #dispose(): Promise<void> {
    await this.#scheduler.close(disposedError());
    for (const program of [...this.#programs]) {
      await program.dispose();
    }
    await this.#store?.close();
    await this.#context.dispose();
    await this.model.dispose();
  }

  #checkBase({ meta }: Program): void {
    const { source_sha256: sha256, quantisation } = meta.base;
    const sameFile = sha256 === "" || sha256 === this.base.source_sha256;
    const sameType = quantisation === "" || quantisation === this.base.quantisation;
    if (!sameFile || !sameType) {
      throw new FuzzError(
        `The program is for the base model ${describeBase(meta.base)}, not ${describeBase(this.base)}`,
        {
          code: "FUZZ_BASE_MISMATCH",
          hint: "Open the base model that it names, or compile it again.",
        },
      );
    }
  }
}

/** Files of one name differ by their checksums. */
function describeBase({ name, source_sha256: sha256, quantisation }: Base): string {
  return `${name} ${quantisation} (sha256 ${sha256.slice(0, 12) || "unknown"})`;
}

function disposedError(): FuzzError {
  return new FuzzError("The interpreter has been disposed", {
    code: "FUZZ_DISPOSED",
    hint: "Keep it open until the last call has settled.",
  });
}
