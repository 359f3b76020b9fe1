import type { Rope, Tensor } from "@fuzzc/llama";
import type { Tape } from "./tape.ts";

/** How the numbers of a state are dealt to heads. */
export interface HeadShape {
  heads: number;
  kvHeads: number;
  headSize: number;
  /** Absent where positions are added to the tokens. */
  rope?: Rope;
}

/** What all layers of one row share. */
export interface RowInputs {
  /** T positions, I32; absent without `rope`. */
  positions?: Tensor;
  /** See `Rope`; absent where the base model has none. */
  factors?: Tensor | undefined;
  /** T x T: 0 where a token (row) may see another, else -infinity. */
  mask: Tensor;
}

/**
 * Masked attention with grouped heads, and rotary positions if there are any.
 * @param q size x T, as it leaves its weight; k and v: (kvHeads · headSize) x T. @returns size x T.
 */
export function attend(
  tape: Tape,
  { heads, kvHeads, headSize, rope: evenRope }: HeadShape,
  { positions, factors, mask }: RowInputs,
  q: Tensor,
  k: Tensor,
  v: Tensor,
): Tensor {
  const { graph } = tape;
  const rope = evenRope && { ...evenRope, factors };
  const length = q.shape[1];
  const scale = headSize ** -0.5;
  // The heads of a group lie side by side, so that a group is one product with `members · T` rows.
  const members = heads / kvHeads;
  const grouped = (x: Tensor, row: number) => graph.reshape(x, [row, members * length, kvHeads]);
  /** headSize x T x count, out of (count · headSize) x T. */
  const split = (x: Tensor, count: number) =>
    graph.cont(graph.swapHeads(graph.reshape(x, [headSize, count, length])));
  const join = (x: Tensor, count: number) =>
    graph.cont(graph.swapHeads(graph.reshape(x, [headSize, length, count])));
  const turn = (x: Tensor, count: number) => {
    const states = graph.reshape(x, [headSize, count, length]);
    const turned = rope && positions ? graph.rope(states, positions, rope) : states;
    return graph.cont(graph.swapHeads(turned));
  };

  const turnedQ = grouped(turn(q, heads), headSize);
  const turnedK = turn(k, kvHeads);
  const splitV = split(v, kvHeads);
  const scores = graph.reshape(graph.mulMat(turnedK, turnedQ), [length, length, heads]);
  const shares = graph.softMax(scores, mask, scale);
  const groupedShares = grouped(shares, length);
  const seen = graph.mulMat(graph.cont(graph.transpose(splitV)), groupedShares);
  const result = graph.reshape(join(seen, heads), [heads * headSize, length]);

  return tape.note(result, [q, k, v], (gradient) => {
    const seenGradient = grouped(split(gradient, heads), headSize);
    tape.give(v, () =>
      graph.reshape(join(graph.outProd(seenGradient, groupedShares), kvHeads), [...v.shape]),
    );
    const sharesGradient = graph.mulMat(splitV, seenGradient);
    const scoresGradient = grouped(
      graph.softMaxBack(graph.reshape(sharesGradient, [length, length, heads]), shares, scale),
      length,
    );
    const turnBack = (x: Tensor, count: number) => {
      const joined = join(x, count);
      return rope && positions ? graph.ropeBack(joined, positions, rope) : joined;
    };
    tape.give(q, () => {
      const turned = graph.mulMat(graph.cont(graph.transpose(turnedK)), scoresGradient);
      return graph.reshape(turnBack(turned, heads), [...q.shape]);
    });
    tape.give(k, () => {
      const turned = graph.outProd(turnedQ, scoresGradient);
      return graph.reshape(turnBack(turned, kvHeads), [...k.shape]);
    });
  });
}
