import { type EncoderInterpreter, type InSpecVectors, scoreInSpec } from "@fuzzc/interpreter";

/** How like a program's usual inputs each of some texts is, as its answers say; the answers themselves aren't needed. */
export async function scoreInputs(
  vectors: InSpecVectors,
  inputs: readonly string[],
  encoder: EncoderInterpreter,
): Promise<number[]> {
  return (await encoder.embed(inputs)).map((vector) => scoreInSpec(vector, vectors));
}
