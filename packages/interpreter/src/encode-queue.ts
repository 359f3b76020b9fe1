import type { Adapter, Encoder } from "@fuzzc/llama";

/** An input on its way to its vector. */
export interface EncodeTask {
  tokens: Int32Array;
  /** Under which it is read. */
  adapter: Adapter | null;
  /** When it began to be read, as `performance.now()` gives it; 0 before. */
  begun: number;
  /** Whoever wanted it has gone: it is passed over if it has not begun. */
  settled: boolean;
  resolve: (vector: Float32Array) => void;
  reject: (error: unknown) => void;
}

// Inputs that are taken at once: a few passes, so that one that comes meanwhile does not wait long.
const maxTaken = 32;

/**
 * Gathers the inputs that wait while others are read, of all programs alike, so that those under the same adapter share
 * passes.
 */
export class EncodeQueue {
  readonly #encoder: Encoder;
  #waiting: EncodeTask[] = [];
  #running = false;

  constructor(encoder: Encoder) {
    this.#encoder = encoder;
  }

  get encoder(): Encoder {
    return this.#encoder;
  }

  submit(task: EncodeTask): void {
    this.#waiting.push(task);
    if (!this.#running) {
      this.#running = true;
      // Later in this turn, so that inputs submitted together are read together.
      queueMicrotask(() => this.#run());
    }
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0, maxTaken);
      for (const adapter of new Set(taken.map((task) => task.adapter))) {
        await this.#read(
          taken.filter((task) => task.adapter === adapter && !task.settled),
          adapter,
        );
      }
    }
    this.#running = false;
  }

  async #read(tasks: readonly EncodeTask[], adapter: Adapter | null): Promise<void> {
    for (const task of tasks) {
      task.begun = performance.now();
    }
    try {
      const texts = tasks.map(({ tokens }) => tokens);
      const vectors = await this.#encoder.encode(texts, { adapter });
      tasks.forEach((task, index) => {
        task.resolve(vectors[index] as Float32Array);
      });
    } catch (error) {
      for (const task of tasks) {
        task.reject(error);
      }
    }
  }
}
