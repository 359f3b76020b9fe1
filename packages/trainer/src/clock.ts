/**
 * The time that a training has and takes. What counts is computing, not waiting: on a busy machine it takes longer, and
 * comes to the same end.
 */
export class Clock {
  readonly #start = now();
  readonly #limitMs: number;
  readonly #steps: number;
  readonly #lanes: number;
  #begin = this.#start;
  #beginStep = 0;
  #dueMs = this.#start.wallMs;

  /** @param minutes of each of the lanes' cores. */
  constructor({ minutes, steps, lanes }: { minutes: number; steps: number; lanes: number }) {
    this.#limitMs = minutes * 60_000;
    this.#steps = steps;
    this.#lanes = lanes;
  }

  /** Says that the loading is over, and how many updates were done before. */
  begin(step: number): void {
    this.#begin = now();
    this.#beginStep = step;
  }

  /** Whether there is no time for one more update like those so far. */
  isUp(step: number): boolean {
    return this.#usedMs() + this.#stepMs(step, "cpuMs") / this.#lanes > this.#limitMs;
  }

  /** How long it will take from here by the wall clock, if nothing ends it earlier. */
  secondsLeft(step: number): number {
    const waited = (now().wallMs - this.#start.wallMs) / Math.max(1, this.#usedMs());
    const planned = this.#stepMs(step, "wallMs") * (this.#steps - step);
    return Math.max(0, Math.min(planned, (this.#limitMs - this.#usedMs()) * waited)) / 1000;
  }

  /** Whether `intervalMs` has passed since this was last so. */
  isDue(intervalMs: number): boolean {
    const { wallMs } = now();
    const due = wallMs - this.#dueMs >= intervalMs;
    if (due) {
      this.#dueMs = wallMs;
    }
    return due;
  }

  #usedMs(): number {
    return (now().cpuMs - this.#start.cpuMs) / this.#lanes;
  }

  #stepMs(step: number, kind: keyof Moment): number {
    // Before there is one to go by: what an update takes on a slow machine.
    const done = step - this.#beginStep;
    return done > 0 ? (now()[kind] - this.#begin[kind]) / done : 3000;
  }
}

interface Moment {
  wallMs: number;
  cpuMs: number;
}

function now(): Moment {
  const { user, system } = process.cpuUsage();
  return { wallMs: performance.now(), cpuMs: (user + system) / 1000 };
}
