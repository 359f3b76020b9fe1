import { FuzzError, type Program } from "@fuzzc/program";
import type { Answer, LoadedProgram, RunOptions } from "./answer.ts";
import { AnsweringProgram } from "./answering-program.ts";
import type { EncoderInterpreter } from "./encoder-interpreter.ts";
import { type InSpecVectors, readInSpec, scoreInSpec } from "./score-in-spec.ts";

/**
 * A loaded program that also tells how like what it is for each input is, and abstains from those that are too unlike it.
 *
 * @param loaded with `inSpec` in its program, on whatever model; it is disposed with the result
 * @param encoder that the program's vectors are of
 * @throws FuzzError FUZZ_BASE_MISMATCH, FUZZ_PROGRAM_INVALID
 */
export function guardProgram(loaded: LoadedProgram, encoder: EncoderInterpreter): LoadedProgram {
  const { meta, inSpec } = loaded.program;
  if (!inSpec || meta.in_spec?.size !== encoder.encoder.embeddingSize) {
    throw new FuzzError("The program has no vectors that tell its inputs from others", {
      code: "FUZZ_PROGRAM_INVALID",
      hint: "Compile it again.",
    });
  }
  const { encoder: wanted } = meta.in_spec;
  const { source_sha256: sha256, quantisation } = encoder.base;
  if (wanted.source_sha256 !== sha256 || wanted.quantisation !== quantisation) {
    throw new FuzzError(
      `The program tells its inputs from others by ${wanted.name} ${wanted.quantisation} as another version of fuzzc has it`,
      { code: "FUZZ_BASE_MISMATCH", hint: "Compile it again." },
    );
  }
  return new GuardedProgram(loaded, encoder, readInSpec(loaded.program));
}

class GuardedProgram extends AnsweringProgram {
  readonly program: Program;
  readonly #loaded: LoadedProgram;
  readonly #encoder: EncoderInterpreter;
  readonly #vectors: InSpecVectors;

  constructor(loaded: LoadedProgram, encoder: EncoderInterpreter, vectors: InSpecVectors) {
    super();
    this.program = loaded.program;
    this.#loaded = loaded;
    this.#encoder = encoder;
    this.#vectors = vectors;
  }

  async run(input: string, options: RunOptions = {}): Promise<Answer> {
    const answer = await this.#loaded.run(input, options);
    const [vector] = await this.#encoder.embed([input], { signal: options.signal });
    const inSpec = scoreInSpec(vector as Float32Array, this.#vectors);
    const { thresholds, otherwise = null } = this.program.meta;
    const isOutside = inSpec < (thresholds.min_in_spec ?? Number.NEGATIVE_INFINITY);
    return { ...answer, inSpec, ...(isOutside && { output: otherwise, abstained: true }) };
  }

  dispose(): Promise<void> {
    return this.#loaded.dispose();
  }
}
