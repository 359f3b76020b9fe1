import type { EncoderInterpreter } from "@fuzzc/interpreter";
import type { Example } from "@fuzzc/program";

/** Examples that are most like an input, and what says so. */
export interface Nearest {
  /** The cosine of the sentence encoder's vectors, or the share of words that both have. */
  by: "encoder" | "words";
  /** The most similar first; at most 1. */
  examples: (Example & { similarity: number })[];
}

const shown = 3;
/** Reading more of them would take seconds; those with most words in common are read. */
const maxEncoded = 200;

/**
 * The examples nearest to an input.
 * @param encoder left out, words are compared.
 */
export async function findNearest(
  input: string,
  examples: readonly Example[],
  { encoder, signal }: { encoder: EncoderInterpreter | undefined; signal: AbortSignal },
): Promise<Nearest> {
  const words = listWords(input);
  const byWords = rank(
    examples,
    examples.map((example) => shareWords(words, listWords(example.input))),
  );
  if (encoder === undefined) {
    return { by: "words", examples: byWords.slice(0, shown) };
  }
  const candidates = byWords.slice(0, maxEncoded);
  const texts = [input, ...candidates.map((candidate) => candidate.input)];
  const [vector, ...vectors] = (await encoder.embed(texts, { signal })) as [Float32Array];
  const cosines = vectors.map((other: Float32Array) =>
    vector.reduce((sum, value, index) => sum + value * (other[index] as number), 0),
  );
  return { by: "encoder", examples: rank(candidates, cosines).slice(0, shown) };
}

function rank(examples: readonly Example[], similarities: readonly number[]): Nearest["examples"] {
  return examples
    .map(({ input, output }, index) => ({
      input,
      output,
      similarity: similarities[index] as number,
    }))
    .sort((a, b) => b.similarity - a.similarity);
}

function listWords(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
}

/** Words of both among all words of either. */
function shareWords(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((word) => b.has(word)).length;
  return common / Math.max(1, a.size + b.size - common);
}
