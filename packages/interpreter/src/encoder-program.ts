import type { Adapter } from "@fuzzc/llama";
import { FuzzError, type Program } from "@fuzzc/program";
import type { Answer, RunOptions } from "./answer.ts";
import { AnsweringProgram } from "./answering-program.ts";
import type { EncodeQueue, EncodeTask } from "./encode-queue.ts";
import { checkInput, disposedError } from "./loaded-program.ts";
import { readCandidates } from "./read-candidates.ts";
import { type Ranking, scoreCandidates } from "./score-candidates.ts";
import { type LabelScores, scoreLabels } from "./score-labels.ts";
import { checkRunOptions, watchTask } from "./watch-job.ts";

/** What a program on the encoder is made of. */
export interface EncoderParts {
  program: Program;
  /** Under which inputs are read; it is disposed with the program. */
  adapter: Adapter | null;
  labels: readonly string[];
  scores: LabelScores;
  /** For inputs that list candidates under the labels; undefined: there are none. */
  ranking: Ranking | undefined;
  queue: EncodeQueue;
  onDispose: (program: EncoderProgram) => void;
}

/** What of an input is read, and what its vectors say. */
interface Reading {
  tokens: Int32Array[];
  /** @returns one probability a label */
  score: (vectors: readonly Float32Array[]) => number[];
}

/** A label function on the sentence encoder. */
export class EncoderProgram extends AnsweringProgram {
  readonly program: Program;
  readonly #parts: EncoderParts;
  /** Tokens around each text: two special ones, and those of what the encoder puts before it. */
  readonly #frame: number;
  readonly #tasks = new Set<(error: FuzzError) => void>();
  #disposed = false;

  /** Made by `EncoderInterpreter.load`. */
  constructor(parts: EncoderParts) {
    super();
    this.#parts = parts;
    this.program = parts.program;
    this.#frame = parts.queue.encoder.tokenize("").length;
  }

  /** @throws FuzzError FUZZ_INPUT_TOO_LONG, FUZZ_CANCELLED, FUZZ_TIMEOUT, FUZZ_DISPOSED */
  async run(input: string, options: RunOptions = {}): Promise<Answer> {
    if (this.#disposed) {
      throw disposedError();
    }
    checkRunOptions(options);
    const submitted = performance.now();
    const reading = this.#read(input);
    const tasks = reading.tokens.map((tokens) => makeTask(tokens, this.#parts.adapter));
    const fail = (error: FuzzError) => {
      for (const one of tasks) {
        one.fail(error);
      }
    };
    this.#tasks.add(fail);
    try {
      for (const { task } of tasks) {
        this.#parts.queue.submit(task);
      }
      const all = Promise.all(tasks.map(({ promise }) => promise));
      const vectors = await watchTask(all, fail, options);
      const begun = Math.min(...tasks.map(({ task }) => task.begun));
      return this.#answer(reading, vectors, { submitted, begun });
    } finally {
      this.#tasks.delete(fail);
    }
  }

  async dispose(): Promise<void> {
    if (this.#disposed) {
      return;
    }
    this.#disposed = true;
    for (const fail of this.#tasks) {
      fail(disposedError());
    }
    this.#parts.onDispose(this);
    await this.#parts.adapter?.dispose();
  }

  #read(input: string): Reading {
    const { labels, scores, ranking, queue } = this.#parts;
    checkInput(input, queue.encoder.maxTokens);
    const listed = ranking && readCandidates(input, labels);
    if (ranking === undefined || listed === undefined) {
      return {
        tokens: [this.#tokenize(input)],
        score: ([vector]) => scoreLabels(vector as Float32Array, scores),
      };
    }
    const { query, candidates } = listed;
    const texts = candidates.map(({ text }) => text);
    return {
      tokens: [...texts, ...(query === "" ? [] : [query])].map((text) => this.#tokenize(text)),
      score: (vectors) => {
        const encoded = candidates.map(({ label }, index) => ({
          label,
          vector: vectors[index] as Float32Array,
        }));
        const asked = { query: vectors[candidates.length], candidates: encoded };
        return scoreCandidates(asked, labels, ranking);
      },
    };
  }

  #tokenize(input: string): Int32Array {
    const { encoder } = this.#parts.queue;
    const tokens = encoder.tokenize(input);
    if (tokens.length > encoder.maxTokens) {
      throw new FuzzError(
        `The input has ${tokens.length - this.#frame} tokens, ${tokens.length - encoder.maxTokens} more than the encoder reads`,
        {
          code: "FUZZ_INPUT_TOO_LONG",
          hint: 'Give a shorter input, or compile the function with the interpreter "language".',
        },
      );
    }
    return tokens;
  }

  #answer(
    { tokens, score }: Reading,
    vectors: readonly Float32Array[],
    { submitted, begun }: { submitted: number; begun: number },
  ): Answer {
    const { program, labels } = this.#parts;
    const { thresholds, otherwise = null } = program.meta;
    const probabilities = score(vectors);
    const probability = Math.max(...probabilities);
    const label = labels[probabilities.indexOf(probability)] as string;
    const abstained = probability < thresholds.min_probability;
    const finished = performance.now();
    return {
      output: abstained ? otherwise : label,
      text: label,
      probability,
      labels: Object.fromEntries(
        labels.map((name, index) => [name, probabilities[index] as number]),
      ),
      abstained,
      truncated: false,
      timings: {
        queueMs: begun - submitted,
        prefixMs: 0,
        inputMs: finished - begun,
        outputMs: 0,
        totalMs: finished - submitted,
      },
      tokens: {
        prefix: 0,
        input: tokens.reduce((sum, { length }) => sum + length - this.#frame, 0),
        output: 0,
      },
    };
  }
}

/** A task with its promise, and a way to end it early. */
function makeTask(
  tokens: Int32Array,
  adapter: Adapter | null,
): {
  task: EncodeTask;
  promise: Promise<Float32Array>;
  fail: (error: FuzzError) => void;
} {
  let task!: EncodeTask;
  const promise = new Promise<Float32Array>((resolve, reject) => {
    task = { tokens, adapter, begun: 0, settled: false, resolve, reject };
  });
  const fail = (error: FuzzError) => {
    task.settled = true;
    task.reject(error);
  };
  return { task, promise, fail };
}
