import type { Encoder } from "@fuzzc/llama";

/** An input on its way to its vector. */
export interface EncodeTask {
  tokens: Int32Array;
  /** When it began to be read, as `performance.now()` gives it; 0 before. */
  begun: number;
  /** Whoever wanted it has gone: it is passed over if it has not begun. */
  settled: boolean;
  resolve: (vector: Float32Array) => void;
  reject: (error: unknown) => void;
}

// Inputs that are taken at once: a few passes, so that one that comes meanwhile does not wait long.
const maxTaken = 32;

/** Gathers the inputs that wait while others are read, of all programs alike, so that they share passes. */
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
      const tasks = this.#waiting.splice(0, maxTaken).filter(({ settled }) => !settled);
      for (const task of tasks) {
        task.begun = performance.now();
      }
      try {
        const vectors = await this.#encoder.encode(tasks.map(({ tokens }) => tokens));
        tasks.forEach((task, index) => {
          task.resolve(vectors[index] as Float32Array);
        });
      } catch (error) {
        for (const task of tasks) {
          task.reject(error);
        }
      }
    }
    this.#running = false;
  }
}
