import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { FuzzError } from "@fuzzc/program";

/** Where the three libraries of one engine build lie. */
export interface EngineFiles {
  folder: string;
  ggmlBase: string;
  ggml: string;
  llama: string;
}

/** The platforms that have a prebuilt engine, and the package that holds it. */
const packages: Record<string, string> = {
  "linux-x64": "@node-llama-cpp/linux-x64",
  "linux-arm64": "@node-llama-cpp/linux-arm64",
  "darwin-arm64": "@node-llama-cpp/mac-arm64-metal",
  "darwin-x64": "@node-llama-cpp/mac-x64",
  "win32-x64": "@node-llama-cpp/win-x64",
  "win32-arm64": "@node-llama-cpp/win-arm64",
};

// The names carry the release, and "metal" on Apple silicon: libllama.v0.5.0.so, libggml.metal.v0.5.0.dylib, llama.v0.5.0.dll.
const suffix = String.raw`(\.[a-z]+)?(\.v[\d.]+)?\.(so|dylib|dll)$`;
const patterns = {
  ggmlBase: new RegExp(`^(lib)?ggml-base${suffix}`),
  ggml: new RegExp(`^(lib)?ggml${suffix}`),
  llama: new RegExp(`^(lib)?llama${suffix}`),
};

/**
 * Finds the engine's libraries, in `folder` or else in the package of this platform.
 * @throws FuzzError FUZZ_ENGINE_MISSING when there is no package for the platform, or it is not installed.
 */
export function findEngineFiles(folder: string = findEngineFolder()): EngineFiles {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const find = (pattern: RegExp) => {
    const name = names.find((candidate) => pattern.test(candidate));
    if (name === undefined) {
      throw missing(`no llama.cpp libraries in ${folder}`);
    }
    return join(folder, name);
  };
  return {
    folder,
    ggmlBase: find(patterns.ggmlBase),
    ggml: find(patterns.ggml),
    llama: find(patterns.llama),
  };
}

function findEngineFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (name === undefined) {
    throw missing(`there is no prebuilt engine for ${platform}`);
  }
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const bins = join(dirname(entry), "..", "bins");
    return join(bins, readdirSync(bins)[0] ?? "");
  } catch (cause) {
    throw missing(`the package ${name} is not installed`, cause, `npm install ${name}@3.22.1`);
  }
}

function missing(what: string, cause?: unknown, command?: string): FuzzError {
  return new FuzzError(`Cannot load the engine: ${what}`, {
    code: "FUZZ_ENGINE_MISSING",
    kind: "resource",
    hint: command
      ? `Run: ${command} (only that of Linux on x64 comes along by itself); musl-based Linux has no prebuilt engine.`
      : "Install again without --omit=optional or --no-optional.",
    cause,
  });
}
