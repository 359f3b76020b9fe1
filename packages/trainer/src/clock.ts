/** The time that a training has and takes. */
export class Clock {
  readonly #startMs = performance.now();
  readonly #limitMs: number;
  readonly #steps: number;
  #beginMs = this.#startMs;
  #beginStep = 0;
  #dueMs = this.#startMs;

  constructor({ minutes, steps }: { minutes: number; steps: number }) {
    this.#limitMs = minutes * 60_000;
    this.#steps = steps;
  }

  /** Says that the loading is over, and how many updates were done before. */
  begin(step: number): void {
    this.#beginMs = performance.now();
    this.#beginStep = step;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startMs;
  }

  /** Whether there is no time for one more update like those so far. */
  isUp(step: number): boolean {
    return this.elapsedMs + this.#stepMs(step) > this.#limitMs;
  }

  /** How long it will take from here, if nothing ends it earlier. */
  secondsLeft(step: number): number {
    const planned = this.#stepMs(step) * (this.#steps - step);
    return Math.max(0, Math.min(planned, this.#limitMs - this.elapsedMs)) / 1000;
  }

  /** Whether `intervalMs` has passed since this was last so. */
  isDue(intervalMs: number): boolean {
    const due = performance.now() - this.#dueMs >= intervalMs;
    if (due) {
      this.#dueMs = performance.now();
    }
    return due;
  }

  #stepMs(step: number): number {
    // Before there is one to go by: what an update takes on a slow machine.
    const done = step - this.#beginStep;
    return done > 0 ? (performance.now() - this.#beginMs) / done : 3000;
  }
}
