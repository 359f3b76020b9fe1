import { FuzzError } from "@fuzzc/program";
import type { Pointer } from "./native-library.ts";

/** ggml's numbers of the tensor types that fuzzc computes with; a model file's may be others. */
export const ggmlTypes = { F32: 0, F16: 1, Q8_0: 8, I32: 26, BF16: 30 } as const;

/** Four lengths; the first is that of a row. */
export type Shape = readonly [number, number, number, number];

/** A tensor of ggml. */
export interface Tensor {
  readonly pointer: Pointer;
  /** ggml's type number. */
  readonly type: number;
  readonly shape: Shape;
  /** "plain": all numbers in order; "rows": only those of a row; "transposed": not even those. */
  readonly layout: "plain" | "rows" | "transposed";
}

/** Fills a shape up with ones. */
export function fillShape(shape: readonly number[]): Shape {
  const [a = 1, b = 1, c = 1, d = 1] = shape;
  return [a, b, c, d];
}

export function countElements(shape: Shape): number {
  return shape[0] * shape[1] * shape[2] * shape[3];
}

export function isSameShape(first: Shape, second: Shape): boolean {
  return first.every((length, axis) => length === second[axis]);
}

/** Whether all are F32 with whole rows. */
export function areRows(...tensors: Tensor[]): boolean {
  return tensors.every(({ type, layout }) => type === ggmlTypes.F32 && layout !== "transposed");
}

/** Whether all are F32 with all numbers in order. */
export function arePlain(...tensors: Tensor[]): boolean {
  return tensors.every(({ type, layout }) => type === ggmlTypes.F32 && layout === "plain");
}

/** Whether it is a list of indices or positions. */
export function isIndex({ type, shape }: Tensor): boolean {
  return type === ggmlTypes.I32 && shape[1] * shape[2] * shape[3] === 1;
}

/** Whether the heads of b are a whole multiple of those of a. */
export function repeatsHeads(a: Tensor, b: Tensor): boolean {
  return b.shape[2] % a.shape[2] === 0 && b.shape[3] % a.shape[3] === 0;
}

/** Whether `small` can be repeated along its axes of length 1 to the shape of `large`. */
export function broadcasts(small: Tensor, large: Tensor): boolean {
  return small.shape.every((length, axis) => length === 1 || length === large.shape[axis]);
}

/** The error for tensors that don't go together: in the engine they would end the process. */
export function shapeError(operation: string, tensors: readonly Tensor[]): FuzzError {
  const shapes = tensors.map(
    ({ shape, type, layout }) => `${shape.join(" x ")} (type ${type}, ${layout})`,
  );
  return new FuzzError(`${operation} can't take tensors of ${shapes.join(" and ")}`, {
    code: "FUZZ_SHAPE_MISMATCH",
    kind: "internal",
  });
}
