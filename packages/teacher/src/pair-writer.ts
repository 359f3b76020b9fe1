import { throwIfAborted } from "@fuzzc/models";
import { FuzzError, type JsonValue } from "@fuzzc/program";
import { agree } from "./agree.ts";
import { askAll } from "./ask-all.ts";
import { askForOutputs, readOutputs } from "./ask-for-outputs.ts";
import { askForPairs } from "./ask-for-pairs.ts";
import { Duplicates } from "./duplicates.ts";
import { estimateCost, pairsPerQuestion } from "./estimate-cost.ts";
import type { Journal, Outcome } from "./journal.ts";
import type { Pair } from "./pair.ts";
import type { PairsReport } from "./pairs-report.ts";
import type { PairsRequest } from "./pairs-request.ts";
import { openPairReader, type PairReader } from "./read-pair.ts";
import { type Question, UnusableAnswer } from "./teacher.ts";
import type { WritePairsOptions, WrittenPairs } from "./write-pairs.ts";

/** Questions that are asked without knowing each other's pairs. Fixed, so that a run that goes on asks the same. */
const questionsPerRound = 4;
/** Rounds in a row that bring no new pair, after which more of the same will not either. */
const maxBarrenRounds = 2;
/** Times as many questions as an ideal teacher would need. */
const maxEffort = 4;

/** One run of `writePairs`. */
export class PairWriter {
  readonly #request: PairsRequest;
  readonly #options: WritePairsOptions;
  readonly #journal: Journal;
  readonly #reader: PairReader;
  readonly #duplicates: Duplicates;
  readonly #pairs: Pair[] = [];
  /** Inputs of the user and of the teacher, kept or not. */
  readonly #written: string[];
  readonly #report: PairsReport = {
    pairs: 0,
    rejected: 0,
    duplicates: 0,
    disagreed: 0,
    unusable: 0,
    reused: 0,
    requests: 0,
    tokens: { input: 0, output: 0 },
  };
  readonly #requestsBefore: number;
  #confirmed: Promise<void> | undefined;
  /** When the first request of this run began, and how many pairs there were. */
  #start: { atMs: number; pairs: number } | undefined;
  #lastFailure = "";

  constructor(request: PairsRequest, options: WritePairsOptions, journal: Journal) {
    this.#request = request;
    this.#options = options;
    this.#journal = journal;
    this.#reader = openPairReader(request);
    this.#written = request.examples.map(({ input }) => input);
    this.#duplicates = new Duplicates(request.examples);
    this.#requestsBefore = options.teacher.requests;
  }

  async run(): Promise<WrittenPairs> {
    const { count } = this.#options;
    const perQuestion = Math.min(count, pairsPerQuestion);
    const maxQuestions = Math.ceil(count / perQuestion) * maxEffort;
    let barren = 0;
    let asked = 0;
    while (this.#pairs.length < count && asked < maxQuestions && barren < maxBarrenRounds) {
      const missing = count - this.#pairs.length;
      const questions = Math.min(questionsPerRound, Math.ceil(missing / perQuestion));
      const before = this.#pairs.length;
      await this.#takeRound(asked, questions, perQuestion);
      asked += questions;
      barren = this.#pairs.length > before ? 0 : barren + 1;
    }
    if (this.#pairs.length === 0) {
      // None of its answers is worth keeping: who tries again wants others.
      await this.#journal.clear();
      throw this.#noPairs();
    }
    return { pairs: this.#pairs, report: this.#tell() };
  }

  async #takeRound(first: number, questions: number, perQuestion: number): Promise<void> {
    const known = {
      request: this.#request,
      kept: [...this.#request.examples, ...this.#pairs.map(({ example }) => example)],
      written: this.#written,
    };
    const asked = Array.from({ length: questions }, (_, index) =>
      askForPairs({ ...known, number: first + index, count: perQuestion }),
    );
    const fresh = (await this.#askAll(asked)).flatMap((outcome) =>
      "failed" in outcome ? [] : this.#sift(outcome.items),
    );
    const parts = divide(fresh, pairsPerQuestion);
    const outcomes = await this.#askAll(
      parts.map((part) =>
        askForOutputs(
          this.#request,
          part.map(({ input }) => input),
        ),
      ),
    );
    parts.forEach((part, index) => {
      this.#compare(part, outcomes[index] as Outcome);
    });
    this.#tell();
  }

  /** What is of the declared form and new. */
  #sift(items: readonly JsonValue[]): Pair[] {
    return items.flatMap((item) => {
      const pair = this.#reader.readPair(item);
      if (pair === undefined) {
        this.#report.rejected++;
        return [];
      }
      if (!this.#duplicates.add(pair.example)) {
        this.#report.duplicates++;
        return [];
      }
      this.#written.push(pair.example.input);
      return [pair];
    });
  }

  /** Keeps the pairs that the second pass agrees with, as far as they are wanted. */
  #compare(pairs: readonly Pair[], outcome: Outcome): void {
    const outputs = "failed" in outcome ? [] : readOutputs(outcome.items, pairs.length);
    pairs.forEach((pair, index) => {
      const again = this.#reader.readOutput(outputs[index]);
      if (again === undefined || !agree(pair.output, again.value)) {
        this.#report.disagreed++;
      } else if (this.#pairs.length < this.#options.count) {
        this.#pairs.push(pair);
      }
    });
  }

  #askAll(questions: readonly Question[]): Promise<Outcome[]> {
    const { teacher, signal } = this.#options;
    return askAll(questions, teacher.lanes, (one, stop) => this.#ask(one, stop), signal);
  }

  async #ask(question: Question, signal: AbortSignal): Promise<Outcome> {
    throwIfAborted(signal);
    const outcome = this.#recall(question) ?? (await this.#askTeacher(question, signal));
    if ("failed" in outcome) {
      this.#report.unusable++;
      this.#lastFailure = outcome.failed;
    }
    this.#tell();
    return outcome;
  }

  #recall(question: Question): Outcome | undefined {
    const known = this.#journal.get(question);
    if (known !== undefined) {
      this.#report.reused++;
    }
    return known;
  }

  async #askTeacher(question: Question, signal: AbortSignal): Promise<Outcome> {
    const { teacher, confirm, count } = this.#options;
    this.#confirmed ??=
      confirm?.(estimateCost(this.#request, count - this.#pairs.length)) ?? Promise.resolve();
    await this.#confirmed;
    throwIfAborted(signal);
    this.#start ??= { atMs: performance.now(), pairs: this.#pairs.length };
    const outcome = await teacher.ask(question, signal).catch((error: unknown) => {
      if (error instanceof UnusableAnswer) {
        return { failed: error.message };
      }
      throw error;
    });
    await this.#journal.add(question, outcome);
    if ("tokens" in outcome) {
      this.#report.tokens.input += outcome.tokens.input;
      this.#report.tokens.output += outcome.tokens.output;
    }
    return outcome;
  }

  #tell(): PairsReport {
    const { teacher, count, onProgress } = this.#options;
    const report = this.#report;
    report.pairs = this.#pairs.length;
    report.requests = teacher.requests - this.#requestsBefore;
    onProgress?.({ ...report, wanted: count, secondsLeft: this.#secondsLeft() });
    return report;
  }

  #secondsLeft(): number | undefined {
    const made = this.#pairs.length - (this.#start?.pairs ?? 0);
    if (this.#start === undefined || made === 0) {
      return undefined;
    }
    const seconds = (performance.now() - this.#start.atMs) / 1000;
    return (seconds / made) * (this.#options.count - this.#pairs.length);
  }

  #noPairs(): FuzzError {
    const { rejected, duplicates, disagreed, unusable } = this.#report;
    const last = this.#lastFailure === "" ? "" : `; the last: ${this.#lastFailure}`;
    return new FuzzError(
      `No pair of the teacher could be kept: ${rejected} broke the declared output, ${duplicates} were there already, ${disagreed} were answered differently the second time, and ${unusable} answers could not be read${last}`,
      {
        code: "FUZZ_TEACHER_NO_PAIRS",
        kind: "resource",
        hint: "Say in the spec exactly what the output is, so that two people would write the same; or use a stronger teacher.",
      },
    );
  }
}

function divide<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
