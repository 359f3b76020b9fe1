import type { Ggml, Worktop } from "@fuzzc/llama";
import { groupCases, passageRow } from "./group-cases.ts";
import type { LoraTensors } from "./lora.ts";
import { joinRow, packRow, type Row, weighCases } from "./pack-row.ts";
import type { TokenCase } from "./token-cases.ts";
import { type RowResult, runUpperRow, type UpperModel } from "./train-row.ts";

/** A case with what its branch is when it enters the first trained layer: tokens x size. */
export interface ReadyCase extends TokenCase {
  states: Float32Array;
}

/** A prefix when it enters the first trained layer, tokens x size, and the cases behind it. */
export interface Passage {
  prefix: Float32Array;
  cases: readonly ReadyCase[];
}

/** How well the answers of some cases are known, each token after the right ones before it. */
export interface Score {
  /** Mean loss in nats a token, where a case counts as the square root of its length. */
  loss: number;
  /** Cases of which each token is the most likely one, so that greedy decoding gives the whole answer. */
  exact: number;
  count: number;
}

/** All that a step computes with. */
export interface TraineeParts {
  ggml: Ggml;
  /** Each computes one row at a time. */
  lanes: readonly Worktop[];
  model: UpperModel;
  lora: LoraTensors;
  /** Most tokens of a row of several cases. */
  maxLength: number;
}

/** The adapter in training and the layers it changes. */
export class Trainee {
  readonly #parts: TraineeParts;

  constructor(parts: TraineeParts) {
    this.#parts = parts;
  }

  /** The score of some cases under the parameters `values`. */
  async evaluate(values: Float32Array, passage: Passage): Promise<Score> {
    return addScores(await this.#run(values, passage, false));
  }

  /** The score of some cases, and the gradient of its loss for `values`. */
  async differentiate(
    values: Float32Array,
    passage: Passage,
  ): Promise<{ score: Score; gradient: Float32Array }> {
    const rows = await this.#run(values, passage, true);
    const gradient = new Float32Array(values.length);
    // In the order of the rows, so that nothing depends on which lane is the first to end.
    for (const { result } of rows) {
      result.gradient?.forEach((value, index) => {
        gradient[index] = (gradient[index] as number) + value;
      });
    }
    return { score: addScores(rows), gradient };
  }

  async #run(
    values: Float32Array,
    { prefix, cases }: Passage,
    backward: boolean,
  ): Promise<FinishedRow[]> {
    const { lanes, lora, maxLength, model } = this.#parts;
    const prefixLength = prefix.length / model.shape.size;
    lora.write(values);
    const weightOf = new Map(weighCases(cases).map((weight, index) => [cases[index], weight]));
    const longest = passageRow(prefixLength, maxLength);
    const groups = groupCases(prefixLength, cases, longest, lanes.length);
    const finished: FinishedRow[] = [];
    const waiting = [...groups.entries()];
    await Promise.all(
      lanes.map(async (lane) => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const [index, group] = next;
          const weights = group.map((one) => weightOf.get(one) ?? 0);
          finished[index] = await this.#runGroup(lane, { prefix, cases: group }, weights, backward);
        }
      }),
    );
    return finished;
  }

  async #runGroup(
    lane: Worktop,
    { prefix, cases }: Passage,
    caseWeights: readonly number[],
    backward: boolean,
  ): Promise<FinishedRow> {
    const { ggml, model } = this.#parts;
    const row = packRow(prefix.length / model.shape.size, cases);
    const states = new Float32Array(row.length * model.shape.size);
    joinRow(states, [prefix, ...cases.map((one) => one.states)]);
    const weights = Float32Array.from(row.owners, (owner) => caseWeights[owner] ?? 0);
    const result = await runUpperRow(
      ggml,
      lane,
      model,
      row,
      states,
      backward ? weights : undefined,
    );
    return { row, weights, result, count: cases.length };
  }
}

interface FinishedRow {
  row: Row;
  weights: Float32Array;
  result: RowResult;
  count: number;
}

function addScores(rows: readonly FinishedRow[]): Score {
  const total: Score = { loss: 0, exact: 0, count: 0 };
  for (const { row, weights, result, count } of rows) {
    const wrong = new Set(row.owners.filter((_, token) => !result.right[token]));
    total.exact += count - wrong.size;
    total.count += count;
    result.losses.forEach((loss, token) => {
      total.loss += loss * (weights[token] ?? 0);
    });
  }
  return total;
}
