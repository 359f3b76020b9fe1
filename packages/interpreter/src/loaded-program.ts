import type { Adapter, Model } from "@fuzzc/llama";
import { FuzzError, type Program } from "@fuzzc/program";
import type { Answer, RunOptions } from "./answer.ts";
import { AnsweringProgram } from "./answering-program.ts";
import type { Decoded } from "./decoder.ts";
import { Job } from "./job.ts";
import { type Lane, makeLane } from "./lane.ts";
import type { DecoderPlan } from "./plan-decoder.ts";
import type { Prefix } from "./prefix-cache.ts";
import type { Scheduler } from "./scheduler.ts";
import type { PromptTokens } from "./tokenize-prompt.ts";
import { checkRunOptions, watchJob } from "./watch-job.ts";

/** Texts with more characters than this for each token that fits are refused unread: tokenising would take seconds. */
const maxTokenLength = 64;

/** What a loaded program is made of. */
export interface LoadedParts {
  program: Program;
  model: Model;
  /** Tokens and positions of the context. */
  contextSize: number;
  adapter: Adapter | null;
  prompt: PromptTokens;
  prefix: Prefix;
  plan: DecoderPlan;
  scheduler: Scheduler;
  onDispose: (program: LanguageProgram) => void;
}

/** A program on the language model. */
export class LanguageProgram extends AnsweringProgram {
  readonly program: Program;
  readonly #parts: LoadedParts;
  readonly #lane: Lane;
  readonly #jobs = new Set<Job>();
  #disposed: Promise<void> | undefined;

  /** Made by `Interpreter.load`. */
  constructor(parts: LoadedParts) {
    super();
    this.#parts = parts;
    this.program = parts.program;
    this.#lane = makeLane(parts.adapter, parts.program.meta.adapter.scale, parts.prefix);
  }

  /**
   * Answers one input.
   * @throws FuzzError FUZZ_INPUT_TOO_LONG, FUZZ_OUTPUT_TOO_LONG, FUZZ_CANCELLED, FUZZ_TIMEOUT, FUZZ_DISPOSED
   */
  async run(input: string, options: RunOptions = {}): Promise<Answer> {
    this.#checkLive();
    checkRunOptions(options);
    const tokens = this.#tokenize(input);
    const job = this.#makeJob(tokens, options);
    this.#jobs.add(job);
    try {
      this.#parts.scheduler.submit(this.#lane, job);
      return this.#answer(await watchJob(job, options), job, tokens.length);
    } finally {
      this.#jobs.delete(job);
    }
  }

  /** Ends the calls under way and frees the adapter. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  async #dispose(): Promise<void> {
    for (const job of this.#jobs) {
      job.fail(disposedError());
    }
    // A pass under way still reads under the adapter; without it, it would spoil the prefix.
    await this.#parts.scheduler.drain(this.#lane);
    await this.#parts.adapter?.dispose();
    this.#parts.onDispose(this);
  }

  #tokenize(input: string): Int32Array {
    checkInput(input, this.#parts.contextSize);
    return this.#parts.model.tokenize(input, { special: false });
  }

  #makeJob(tokens: Int32Array, options: RunOptions): Job {
    const { prompt, plan, contextSize } = this.#parts;
    const fixed = prompt.prefix.length + prompt.suffix.length;
    const room = contextSize - fixed - plan.minTokens;
    if (tokens.length > room) {
      throw new FuzzError(
        `The input has ${tokens.length} tokens, ${tokens.length - room} more than fit: ` +
          `of ${contextSize} the prompt takes ${fixed} and the output at least ${plan.minTokens}`,
        { code: "FUZZ_INPUT_TOO_LONG", hint: "Give a shorter input, or open a larger context." },
      );
    }
    const left = contextSize - fixed - tokens.length;
    const wanted = options.maxOutputTokens ?? 256 + 2 * tokens.length;
    const maxTokens = Math.min(left, wanted);
    const whole = new Int32Array(tokens.length + prompt.suffix.length);
    whole.set(tokens);
    whole.set(prompt.suffix, tokens.length);
    return new Job({
      prompt: whole,
      start: prompt.prefix.length,
      decoder: plan.start({ ...options, maxTokens }),
      branches: plan.branches,
      cells: whole.length + (plan.fixedTokens ?? maxTokens),
    });
  }

  #answer(decoded: Decoded, { times }: Job, inputTokens: number): Answer {
    const { program, plan, prompt } = this.#parts;
    const { thresholds, otherwise = null, output } = program.meta;
    const { text, probability, labels, truncated } = decoded;
    const abstained = probability < thresholds.min_probability;
    const value = plan.parse(text);
    const { prefixBegun, prefixReady } = this.#lane;
    // Of the wait before admission, the part in which this program's prefix was read.
    const prefixMs = Math.max(
      0,
      Math.min(prefixReady, times.admitted) - Math.max(prefixBegun, times.submitted),
    );
    const names = output.type === "labels" ? output.labels : [];
    return {
      output: abstained ? otherwise : value,
      text,
      probability,
      ...(labels && {
        labels: Object.fromEntries(names.map((name, index) => [name, labels[index] as number])),
      }),
      abstained,
      truncated,
      timings: {
        queueMs: times.admitted - times.submitted - prefixMs,
        prefixMs,
        inputMs: times.inputRead - times.admitted,
        outputMs: times.finished - times.inputRead,
        totalMs: times.finished - times.submitted,
      },
      tokens: { prefix: prompt.prefix.length, input: inputTokens, output: decoded.tokens },
    };
  }

  #checkLive(): void {
    if (this.#disposed !== undefined) {
      throw disposedError();
    }
  }
}

/** @throws FuzzError FUZZ_INPUT_INVALID, FUZZ_INPUT_TOO_LONG */
export function checkInput(input: string, maxTokens: number): void {
  const maxInputLength = maxTokenLength * maxTokens;
  if (typeof input !== "string") {
    throw new FuzzError(
      `The input is ${input === null ? "null" : `of type ${typeof input}`}, not a text`,
      {
        code: "FUZZ_INPUT_INVALID",
        hint: "Turn it into a text first, JSON for example.",
      },
    );
  }
  if (input.length > maxInputLength) {
    throw new FuzzError(
      `The input has ${input.length} characters, ${input.length - maxInputLength} more than can be read at all`,
      { code: "FUZZ_INPUT_TOO_LONG", hint: "Give a shorter input, or a part of it." },
    );
  }
}

export function disposedError(): FuzzError {
  return new FuzzError("The program has been disposed", {
    code: "FUZZ_DISPOSED",
    hint: "Keep it open until the last call has settled.",
  });
}
