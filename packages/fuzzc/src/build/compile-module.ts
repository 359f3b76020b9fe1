import { basename, dirname } from "node:path";
import { writeProgram } from "@fuzzc/program";
import { nameError } from "../name-error.ts";
import type { SharedModels } from "../share-models.ts";
import { type BuildSetup, compileSource } from "./compile-source.ts";
import { readSources } from "./read-sources.ts";
import { renderCode, renderTypes } from "./render-module.ts";
import { writeModule } from "./write-module.ts";

export interface CompileModuleOptions extends BuildSetup {
  /** Writes the declarations where TypeScript looks for them: `triage.fuzz.d.yaml.ts` beside `triage.fuzz.yaml`. */
  writeTypes?: boolean | undefined;
}

/** A `*.fuzz.yaml` file as a module. */
export interface CompiledModule {
  /** JavaScript with the programs in it; it needs `fuzzc` and no other file. */
  code: string;
  /** The .csv and .jsonl files that it was made from as well. */
  dataFiles: string[];
}

/**
 * Compiles all functions of a `*.fuzz.yaml` file, or takes their programs out of the cache, into one module that exports
 * each of them by its name. It is what a bundler's plugin makes of such a file.
 * @throws FuzzError FUZZ_NAME_INVALID, FUZZ_NAME_TAKEN, FUZZ_FILE_FOREIGN, and what `readFuzzFiles` and `fuzzy` throw; one
 * about a line of a file has its `place`.
 */
export async function compileModule(
  path: string,
  { writeTypes, ...setup }: CompileModuleOptions = {},
): Promise<CompiledModule> {
  const { functions, failures } = await readSources([path], dirname(path));
  if (failures[0] !== undefined) {
    throw failures[0].error;
  }
  const source = basename(path);
  const files = functions.map(({ file }) => file);
  if (writeTypes) {
    const types = renderTypes(files, source);
    await writeModule(dirname(path), { [source.replace(/(\.ya?ml)$/i, ".d$1.ts")]: types });
  }
  const models: SharedModels[] = [];
  try {
    const compiled = [];
    for (const file of files) {
      const { program } = await compileSource(file, { ...setup, models }).catch((error) => {
        throw nameError(error, `${path}: ${file.name}`);
      });
      compiled.push({ file, url: programUrl(await writeProgram(program)) });
    }
    return {
      code: renderCode(compiled, source),
      dataFiles: [...new Set(files.flatMap(({ dataFiles }) => dataFiles))],
    };
  } finally {
    for (const each of models) {
      await each[Symbol.asyncDispose]();
    }
  }
}

/** An expression: a program is so small that it goes into the code itself. */
function programUrl(bytes: Uint8Array): string {
  return `/* @__PURE__ */ new URL("data:application/zip;base64,${Buffer.from(bytes).toString("base64")}")`;
}
