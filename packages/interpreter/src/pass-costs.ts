/** How the engine's time for a pass grows with its tokens. */
export interface PassCosts {
  /** Fewer tokens than this are read sooner one by one than together. */
  minBatch: number;
  /** Whether reading a few drafted tokens along costs less than the passes it saves. */
  draftsPay: boolean;
}

/**
 * One core of an AMD EPYC with AVX-512, SmolLM2-135M, 100 tokens before, ms for a pass of 1, 2, 4, 8, 16, 32 tokens:
 * Q8_0 5.5, 22, 29, 35, 41, 82 (its kernel for several tokens is built for long prompts); Q4_0 5, 6, 8, 13, 21, 41.
 */
const measured: Record<string, PassCosts> = {
  Q8_0: { minBatch: 6, draftsPay: false },
  Q4_0: { minBatch: 1, draftsPay: true },
};

export function passCosts(quantisation: string): PassCosts {
  return measured[quantisation] ?? { minBatch: 1, draftsPay: false };
}
