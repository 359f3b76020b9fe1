/** The tensor types this room reads and writes. */
export type TensorType = "F32" | "F16" | "Q4_0" | "Q8_0";

/** How a type is stored: ggml's number, values in a block, bytes in a block. */
export interface TensorLayout {
  id: number;
  blockLength: number;
  blockBytes: number;
}

/** Source: `ggml_type` and the block structs of ggml. */
export const tensorLayouts: Record<TensorType, TensorLayout> = {
  F32: { id: 0, blockLength: 1, blockBytes: 4 },
  F16: { id: 1, blockLength: 1, blockBytes: 2 },
  Q4_0: { id: 2, blockLength: 32, blockBytes: 18 },
  Q8_0: { id: 8, blockLength: 32, blockBytes: 34 },
};

const typesById = new Map(
  Object.entries(tensorLayouts).map(([type, { id }]) => [id, type as TensorType]),
);

/** The type with ggml's number `id`, if this room knows it. */
export function tensorTypeOf(id: number): TensorType | undefined {
  return typesById.get(id);
}

/** Whether rows of this many values divide into whole blocks. */
export function holdsRows(type: TensorType, rowLength: number): boolean {
  return rowLength % tensorLayouts[type].blockLength === 0;
}
