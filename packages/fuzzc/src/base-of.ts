import { catalogue } from "@fuzzc/models";
import { FuzzError, type Program } from "@fuzzc/program";

/**
 * The name of a program's base model, by which it is fetched or found.
 * @throws FuzzError FUZZ_BASE_NEEDED for a base model of somebody's own, whose file only they have
 */
export function baseOf({ meta }: Program): string {
  const { name, source_sha256: sha256, quantisation } = meta.base;
  // Official programs name a file.
  const isFile = /\.gguf$/i.test(name);
  if (!isFile && !catalogue.some((known) => known.name === name)) {
    const file = sha256 === "" ? "" : ` (sha256 ${sha256.slice(0, 12)}…)`;
    throw new FuzzError(
      `The program runs on the base model ${name} ${quantisation}${file}, which is not in the catalogue`,
      {
        code: "FUZZ_BASE_NEEDED",
        kind: "resource",
        hint: `Give its GGUF file as the base: --base path/to/${name}.gguf`,
      },
    );
  }
  return name;
}
