import { type EncoderInterpreter, scoreInSpec } from "@fuzzc/interpreter";
import { decodeCoefficients, type Program } from "@fuzzc/program";

/** How like its usual inputs a program finds each of some texts, as its answers say; the answers themselves aren't needed. */
export async function scoreInputs(
  { inSpec, meta }: Program,
  inputs: readonly string[],
  encoder: EncoderInterpreter,
): Promise<number[]> {
  const values = decodeCoefficients(inSpec ?? new Uint8Array(0));
  const size = meta.in_spec?.size ?? 0;
  const vectors = { centre: values.subarray(0, size), direction: values.subarray(size) };
  return (await encoder.embed(inputs)).map((vector) => scoreInSpec(vector, vectors));
}
