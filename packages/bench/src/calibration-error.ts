/** An answer with how likely the program said it was to be right. */
export interface Claim {
  probability: number;
  right: boolean;
}

const bins = 10;

/** Expected calibration error: how far probabilities are from how often they are right, in bins of equal width. */
export function calibrationError(claims: readonly Claim[]): number {
  const groups = Array.from({ length: bins }, (_, bin) =>
    claims.filter(({ probability }) => Math.min(bins - 1, Math.floor(probability * bins)) === bin),
  );
  const gaps = groups.map((group) =>
    Math.abs(group.reduce((sum, one) => sum + one.probability - Number(one.right), 0)),
  );
  return gaps.reduce((sum, gap) => sum + gap, 0) / claims.length;
}
