/** Seconds of one training step, forth and back, over the same row. Medians of interleaved steps. */
export interface RowSpeed {
  tokens: number;
  ownSeconds: number;
  pytorchSeconds: number;
}
