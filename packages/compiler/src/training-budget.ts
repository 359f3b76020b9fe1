/** Deals computing time out to several trainings; what one leaves over is for the others. */
export class TrainingBudget {
  readonly #seconds: number;
  readonly #plan: readonly number[];
  #done = 0;
  #startMs = performance.now();
  /** What the trainings so far have taken. */
  cpuSeconds = 0;

  /** @param plan the updates of each training. */
  constructor(minutes: number, plan: readonly number[]) {
    this.#seconds = minutes * 60;
    this.#plan = plan;
  }

  /** The next training: its share, its number from 1 on, and the updates before it and of all. */
  next(): { minutes: number; number: number; before: number; all: number } {
    const done = this.#done++;
    const left = Math.max(0.001, this.#seconds - this.cpuSeconds);
    this.#startMs = performance.now();
    return {
      minutes: left / 60 / (this.#plan.length - done),
      number: done + 1,
      before: sum(this.#plan.slice(0, done)),
      all: sum(this.#plan),
    };
  }

  note(cpuSeconds: number): void {
    this.cpuSeconds += cpuSeconds;
  }

  /** What the trainings after this one will take by the wall clock, if each is as long as it. */
  secondsLater(secondsLeft: number): number {
    const whole = (performance.now() - this.#startMs) / 1000 + secondsLeft;
    return whole * (this.#plan.length - this.#done);
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
