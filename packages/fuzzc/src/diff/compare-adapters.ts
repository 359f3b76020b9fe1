import type { Adapter, AdapterLayer } from "@fuzzc/program";

/** An adapter, and how strongly a program applies it. */
export interface ScaledAdapter {
  adapter: Adapter;
  scale: number;
}

/** How far two adapters are apart in one weight of the base. */
export interface WeightChange {
  layer: number;
  /** As llama.cpp calls it: attn_q. */
  module: string;
  /**
   * Frobenius norm of the difference of what is added to the weight (scale · alpha / rank · B A), relative to the larger
   * of the two norms: 0 is the same, 1 what one alone would be, 2 the opposite.
   */
  change: number;
}

/**
 * Compares two adapters of the same base weight by weight; a weight that one of them leaves alone counts as zero there.
 * The products are never made: with rank r, ⟨B₁A₁, B₂A₂⟩ is the sum of (B₁ᵀB₂) ∘ (A₁A₂ᵀ), which are r x r.
 */
export function compareAdapters(
  a: ScaledAdapter | undefined,
  b: ScaledAdapter | undefined,
): WeightChange[] {
  const names = new Set([...(a?.adapter.layers.keys() ?? []), ...(b?.adapter.layers.keys() ?? [])]);
  return [...names]
    .map((name) => ({ ...splitName(name), change: changeOf(a, b, name) }))
    .sort((x, y) => x.layer - y.layer || (x.module < y.module ? -1 : 1));
}

function changeOf(
  a: ScaledAdapter | undefined,
  b: ScaledAdapter | undefined,
  name: string,
): number {
  const [left, right] = [pick(a, name), pick(b, name)];
  const aa = inner(left, left);
  const bb = inner(right, right);
  const larger = Math.max(aa, bb);
  // Rounding may leave less than nothing of two that are nearly the same.
  return larger === 0 ? 0 : Math.sqrt(Math.max(0, aa + bb - 2 * inner(left, right)) / larger);
}

type Product = AdapterLayer & { factor: number };

function pick(one: ScaledAdapter | undefined, name: string): Product | undefined {
  const layer = one?.adapter.layers.get(name);
  return layer && one && { ...layer, factor: (one.scale * one.adapter.alpha) / one.adapter.rank };
}

/** The Frobenius inner product of two products B A. */
function inner(x: Product | undefined, y: Product | undefined): number {
  if (x === undefined || y === undefined || x.dIn !== y.dIn || x.dOut !== y.dOut) {
    return 0;
  }
  const [rankX, rankY] = [x.a.length / x.dIn, y.a.length / y.dIn];
  let sum = 0;
  for (let i = 0; i < rankX; i++) {
    for (let j = 0; j < rankY; j++) {
      let outer = 0;
      for (let row = 0; row < x.dOut; row++) {
        outer += x.b[row * rankX + i]! * y.b[row * rankY + j]!;
      }
      let inside = 0;
      for (let column = 0; column < x.dIn; column++) {
        inside += x.a[i * x.dIn + column]! * y.a[j * y.dIn + column]!;
      }
      sum += outer * inside;
    }
  }
  return sum * x.factor * y.factor;
}

/** `blk.15.attn_q.weight` in its parts. */
function splitName(name: string): { layer: number; module: string } {
  const [, layer = "0", module = name] = /^blk\.(\d+)\.(.+)\.weight$/.exec(name) ?? [];
  return { layer: Number(layer), module };
}
