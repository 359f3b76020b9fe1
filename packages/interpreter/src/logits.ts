/** log Σ exp(logits): subtract it from a logit to get the logarithm of the token's probability. */
export function logSumExp(logits: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) {
    if (logit > largest) {
      largest = logit;
    }
  }
  let sum = 0;
  for (const logit of logits) {
    sum += Math.exp(logit - largest);
  }
  return largest + Math.log(sum);
}

/** Probabilities in proportion to exp(score). */
export function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Looking for the next largest one by one is quicker than sorting the vocabulary, up to about so many. */
const maxScans = 48;

/** Tokens from the most to the least likely; of equal ones the smaller id first. */
export function* rankTokens(logits: Float32Array): Generator<number, void, void> {
  let last = -1;
  for (let scan = 0; scan < maxScans; scan++) {
    last = nextLargest(logits, last);
    if (last === -1) {
      return;
    }
    yield last;
  }
  const order = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
  yield* order.slice(order.indexOf(last) + 1);
}

/** The token that comes after `last` in rank; -1 when there is none. `last` = -1 asks for the first. */
function nextLargest(logits: Float32Array, last: number): number {
  const bound = last === -1 ? Number.POSITIVE_INFINITY : (logits[last] as number);
  let best = -1;
  let bestLogit = Number.NEGATIVE_INFINITY;
  for (let token = 0; token < logits.length; token++) {
    const logit = logits[token] as number;
    if (logit > bestLogit && (logit < bound || (logit === bound && token > last))) {
      best = token;
      bestLogit = logit;
    }
  }
  return best;
}
