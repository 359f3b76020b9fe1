import {
  coefficientsToAdapter,
  decodeCoefficients,
  FuzzError,
  type Program,
  writeAdapter,
} from "@fuzzc/program";
import type { Compiler } from "./load-compiler.ts";

/**
 * The adapter of a program as the GGUF that the engine loads: a full program's own, a thin
 * program's rebuilt from its coefficients and the compiler's bases (F16).
 *
 * @returns null for a program without an adapter
 * @throws FuzzError FUZZ_COMPILER_MISMATCH when another compiler's weights made the coefficients
 */
export function buildAdapter(program: Program, compiler: Compiler): Uint8Array | null {
  const { form } = program.meta.adapter;
  if (form === "none") {
    return null;
  }
  if (form === "full") {
    return program.adapter ?? missing("adapter.gguf");
  }
  const { manifest, weights } = compiler;
  const maker = program.meta.compiler;
  if (maker?.weights_sha256 !== manifest.weights.sha256) {
    throw new FuzzError(
      `The program was compiled by ${maker?.name} ${maker?.version}, whose weights are not those of ${manifest.name} ${manifest.version}`,
      {
        code: "FUZZ_COMPILER_MISMATCH",
        hint: "Compile the spec again, or install the version of fuzzc that made the program. A program exported with `fuzzc export` needs no compiler.",
      },
    );
  }
  const coefficients = decodeCoefficients(program.coefficients ?? missing("coefficients.f16"));
  return writeAdapter(coefficientsToAdapter(coefficients, weights, manifest), {
    type: "F16",
    headCounts: manifest,
  });
}

function missing(member: string): never {
  throw new FuzzError(`The program lacks its ${member}`, {
    code: "FUZZ_PROGRAM_INVALID",
    hint: "Compile the spec again.",
  });
}
