import { chooseKinds } from "@fuzzc/compiler";
import { engineVersion } from "@fuzzc/llama";
import { defaultBaseModel, defaultEncoder, findBaseModel } from "@fuzzc/models";
import { sha256Hex } from "@fuzzc/program";
import { levelWithoutTeacher } from "../compile-level.ts";
import { compilerKey, noCompiler } from "../find-compiler.ts";
import { toRequest } from "../fuzzy.ts";
import { version } from "../version.ts";
import type { NamedFunction } from "./render-module.ts";

/**
 * Names everything that has a say in a function's program, hex: source, compiler, base models and version. Nothing is
 * fetched for it, and it is the same on every machine.
 * @throws FuzzError FUZZ_OUTPUT_INVALID, FUZZ_COMPILER_MISSING, FUZZ_COMPILER_INVALID
 */
export async function buildKey(file: NamedFunction): Promise<string> {
  const { compiler, interpreter } = file;
  const level = levelWithoutTeacher(file.level);
  const request = toRequest(file);
  const kind = interpreter ?? (compiler === noCompiler ? "language" : undefined);
  const kinds = chooseKinds(request, { kind, ...(level && { level }) });
  // All that the catalogue says: it changes with fuzzc's version only, as the key does.
  const bases = kinds.map((kind) =>
    findBaseModel(kind === "encoder" ? defaultEncoder : defaultBaseModel),
  );
  const made = [
    version,
    engineVersion,
    await compilerKey(compiler),
    bases,
    level ?? null,
    interpreter ?? null,
  ];
  // The request's keys always come in the same order, and those left out are not there.
  const key = await sha256Hex(Buffer.from(JSON.stringify([made, request])));
  return key.slice(0, 32);
}
