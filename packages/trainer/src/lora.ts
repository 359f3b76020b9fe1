import { ggmlTypes, type TensorPlan, type TensorStore, type Worktop } from "@fuzzc/llama";
import type { RateSpan } from "./adam.ts";
import { type Module, modules, tensorName } from "./base-shape.ts";
import type { Random } from "./random.ts";
import type { LoraPair } from "./tape.ts";

/** Where one LoRA pair lies in the flat list of parameters. */
export interface LoraEntry {
  layer: number;
  module: Module;
  dIn: number;
  dOut: number;
  /** Start of a: rank rows of dIn numbers. */
  a: number;
  /** Start of b, with the scale in it and its axes exchanged: rank rows of dOut numbers. */
  b: number;
  end: number;
}

/** What there is to train: pairs in a fixed order, and how many numbers they are. */
export interface LoraLayout {
  rank: number;
  entries: LoraEntry[];
  count: number;
}

/** @param dimensions [dIn, dOut] of a module's weight. @param ofLayer the modules of each layer. */
export function layOutLora<Changed extends Module = Module>(
  rank: number,
  layers: readonly number[],
  dimensions: (layer: number, module: Changed) => readonly [number, number],
  ofLayer: readonly Changed[] = modules as readonly Module[] as readonly Changed[],
): LoraLayout {
  let count = 0;
  const entries = layers.flatMap((layer) =>
    ofLayer.map((module): LoraEntry => {
      const [dIn, dOut] = dimensions(layer, module);
      const a = count;
      const b = a + rank * dIn;
      count = b + rank * dOut;
      return { layer, module, dIn, dOut, a, b, end: count };
    }),
  );
  return { rank, entries, count };
}

/** A fresh adapter: a random, b zero, so that it changes nothing yet. */
export function initialiseLora({ entries, count }: LoraLayout, random: Random): Float32Array {
  const values = new Float32Array(count);
  for (const { a, b, dIn } of entries) {
    for (let i = a; i < b; i++) {
      values[i] = random.normal() / Math.sqrt(dIn);
    }
  }
  return values;
}

/** The learning rate of each stretch of the parameters. */
export function rateSpans({ entries }: LoraLayout, rates: { a: number; b: number }): RateSpan[] {
  return entries.flatMap(({ a, b, end }) => [
    { start: a, end: b, rate: rates.a },
    { start: b, end, rate: rates.b },
  ]);
}

/** The parameters as tensors of the engine. */
export class LoraTensors implements Disposable {
  readonly #layout: LoraLayout;
  readonly #store: TensorStore<string>;

  /** @param values to begin with. */
  constructor(worktop: Worktop, layout: LoraLayout, values?: Float32Array) {
    this.#layout = layout;
    const plan = (length: number): TensorPlan => ({
      type: ggmlTypes.F32,
      shape: [length, layout.rank],
    });
    this.#store = worktop.store(
      new Map(
        layout.entries.flatMap(({ layer, module, dIn, dOut }) => [
          [`${tensorName(layer, module)}.a`, plan(dIn)],
          [`${tensorName(layer, module)}.b`, plan(dOut)],
        ]),
      ),
    );
    if (values !== undefined) {
      this.write(values);
    }
  }

  pair({ layer, module }: { layer: number; module: Module }): LoraPair {
    const name = tensorName(layer, module);
    return { a: this.#store.get(`${name}.a`), b: this.#store.get(`${name}.b`) };
  }

  has(layer: number): boolean {
    return this.#layout.entries.some((entry) => entry.layer === layer);
  }

  /** The pairs of one layer. */
  layer(layer: number): Record<Module, LoraPair> {
    const entries = this.#layout.entries.filter((entry) => entry.layer === layer);
    return Object.fromEntries(entries.map((entry) => [entry.module, this.pair(entry)])) as Record<
      Module,
      LoraPair
    >;
  }

  write(values: Float32Array): void {
    for (const entry of this.#layout.entries) {
      const name = tensorName(entry.layer, entry.module);
      this.#store.write(`${name}.a`, values.subarray(entry.a, entry.b));
      this.#store.write(`${name}.b`, values.subarray(entry.b, entry.end));
    }
  }

  [Symbol.dispose](): void {
    this.#store[Symbol.dispose]();
  }
}
