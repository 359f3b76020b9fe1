import { Random } from "./random.ts";

/**
 * The examples of update `step`: passes over all of them in an order of their own each. It depends on nothing but its
 * arguments, so that a training that is taken up again goes on in the same way.
 */
export function drawBatch(count: number, batch: number, seed: number, step: number): number[] {
  const size = Math.min(batch, count);
  const numbers: number[] = [];
  for (let place = step * size; numbers.length < size; place++) {
    const pass = Math.floor(place / count);
    const number = new Random(seed * 7919 + pass + 1).order(count)[place % count] as number;
    // Where one pass ends and the next begins, an example could come twice.
    if (!numbers.includes(number)) {
      numbers.push(number);
    }
  }
  return numbers;
}

/** The learning rate's factor at update `step` of `steps`: a linear rise over `warmUp`, then a cosine towards 0. */
export function rateFactor(step: number, steps: number, warmUp: number): number {
  if (step < warmUp) {
    return (step + 1) / (warmUp + 1);
  }
  const done = (step - warmUp) / Math.max(1, steps - warmUp);
  return 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)));
}
