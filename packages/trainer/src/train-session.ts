import { clip } from "./adam.ts";
import { loadCheckpoint, saveCheckpoint, sessionKey } from "./checkpoint.ts";
import { Clock } from "./clock.ts";
import { prepareEncoderSession } from "./prepare-encoder-session.ts";
import { prepareSession } from "./prepare-session.ts";
import { drawBatch, rateFactor } from "./schedule.ts";
import type {
  Best,
  Ending,
  Progress,
  Session,
  SessionEvents,
  SessionOptions,
  SessionOutcome,
} from "./session.ts";
import type { Score } from "./trainee.ts";
import { newState, type TrainingState } from "./training-state.ts";

// Evaluations in a row without a better loss after which a training has settled.
const patience = 6;
// Longest gradient that is followed.
const clipLength = 1;
const checkpointMs = 10_000;

/** Trains in this process, and tells `events` of all that comes of it; `trainAdapter` does so in a child. */
export async function runSession(
  options: SessionOptions,
  events: SessionEvents,
): Promise<SessionOutcome> {
  const clock = new Clock({ ...options, steps: options.stopAt });
  using session = await ("prototypes" in options
    ? prepareEncoderSession(options)
    : prepareSession(options));
  const state = newState(session.values);
  const key = sessionKey(options);
  if (options.checkpoint !== undefined) {
    await loadCheckpoint(options.checkpoint, key, state);
  }
  const run = new Run(options, events, session, state, clock);
  if (state.adam.updates === 0) {
    await run.judge();
  } else {
    run.tellBest();
  }
  run.report();
  clock.begin(state.adam.updates);
  let ending = run.ending();
  while (ending === undefined) {
    await run.update();
    if (run.isTimeToJudge()) {
      await run.judge();
    }
    ending = run.ending();
    run.report();
    if (options.checkpoint !== undefined && (ending !== undefined || clock.isDue(checkpointMs))) {
      await saveCheckpoint(options.checkpoint, key, state);
    }
  }
  const quick = ending !== "cancelled" || session.heldBackCount === 0;
  if (quick && state.judgedStep !== state.adam.updates) {
    await run.judge();
    run.report();
  }
  return { ending, shown: await run.judgeShown() };
}

/** The pieces of a training's loop. */
class Run {
  readonly #options: SessionOptions;
  readonly #events: SessionEvents;
  readonly #session: Session;
  readonly #state: TrainingState;
  readonly #clock: Clock;

  constructor(
    options: SessionOptions,
    events: SessionEvents,
    session: Session,
    state: TrainingState,
    clock: Clock,
  ) {
    this.#options = options;
    this.#events = events;
    this.#session = session;
    this.#state = state;
    this.#clock = clock;
  }

  /** One step down the gradient of the next examples. */
  async update(): Promise<void> {
    const { batch, seed, steps } = this.#options;
    const { spans, trainCount } = this.#session;
    const { values, adam, losses } = this.#state;
    const step = adam.updates;
    const drawn = drawBatch(trainCount, batch, seed, step);
    const { score, gradient } = await this.#session.differentiate(values, drawn);
    clip(gradient, clipLength);
    const warmUp = Math.min(4, Math.floor(steps / 8));
    adam.update(values, gradient, spans, rateFactor(step, steps, warmUp));
    losses.push(score.loss);
  }

  isTimeToJudge(): boolean {
    const { steps } = this.#options;
    const every = Math.max(3, Math.round(steps / 16));
    return this.#session.heldBackCount > 0 && this.#state.adam.updates % every === 0;
  }

  /** Scores the held-back examples, and keeps the parameters if they are the best, or if there is nothing to tell. */
  async judge(): Promise<void> {
    const session = this.#session;
    const state = this.#state;
    state.heldBack = session.heldBackCount > 0 ? await session.evaluate(state.values) : null;
    state.before ??= state.heldBack;
    state.judgedStep = state.adam.updates;
    if (isBetter(state.heldBack, state.after)) {
      state.best.set(state.values);
      state.bestStep = state.adam.updates;
      state.after = state.heldBack;
      state.stale = 0;
      this.tellBest();
    } else {
      state.stale++;
    }
  }

  async judgeShown(): Promise<SessionOutcome["shown"]> {
    const session = this.#session;
    if (session.evaluateShown === undefined) {
      return null;
    }
    const before = await session.evaluateShown(session.values);
    return { before, after: await session.evaluateShown(this.#state.best) };
  }

  tellBest(): void {
    const { best, bestStep, after } = this.#state;
    const told: Best = {
      ...this.#session.write(best),
      step: bestStep,
      score: after,
    };
    this.#events.onBest(told);
  }

  /** Why it ends here, or undefined. */
  ending(): Ending | undefined {
    const { adam, stale } = this.#state;
    if (adam.updates >= this.#options.stopAt) {
      return "steps";
    }
    if (stale >= patience) {
      return "settled";
    }
    if (this.#events.isCancelled()) {
      return "cancelled";
    }
    return this.#clock.isUp(adam.updates) ? "time" : undefined;
  }

  report(): void {
    const { adam, losses, before, heldBack } = this.#state;
    const { user, system } = process.cpuUsage();
    const progress: Progress = {
      step: adam.updates,
      steps: this.#options.stopAt,
      losses: [...losses],
      before,
      heldBack,
      skipped: this.#session.skipped,
      secondsLeft: this.#clock.secondsLeft(adam.updates),
      cpuSeconds: (user + system) / 1e6,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    };
    this.#events.onProgress(progress);
  }
}

function isBetter(score: Score | null, best: Score | null): boolean {
  return score === null || best === null || score.loss < best.loss;
}
