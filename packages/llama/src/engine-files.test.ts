import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findEngineFiles } from "./engine-files.ts";

test("knows the file names of every platform", () => {
  for (const names of [
    ["libggml-base.so", "libggml.v0.5.0.so", "libllama.v0.5.0.so"],
    ["libggml-base.dylib", "libggml.v0.5.0.dylib", "libllama.v0.5.0.dylib"],
    ["libggml-base.dylib", "libggml.metal.v0.5.0.dylib", "libllama.metal.v0.5.0.dylib"],
    ["ggml-base.dll", "ggml.v0.5.0.dll", "llama.v0.5.0.dll"],
  ]) {
    const folder = mkdtempSync(join(tmpdir(), "fuzzc-engine-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const others = [
      "libggml-cpu-haswell.so",
      "ggml-cpu.dll",
      "libllama-common.so",
      "llama-addon.node",
    ];
    for (const name of [...others, ...names]) {
      writeFileSync(join(folder, name), "");
    }
    const { ggmlBase, ggml, llama } = findEngineFiles(folder);
    expect([ggmlBase, ggml, llama].map((path) => basename(path))).toEqual(names);
  }
});
