import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { findEngineFiles } from "./engine-files.ts";
import { loadEngine } from "./load-engine.ts";
import { loadNative } from "./native.ts";
import { engineVersion, verifyBuild } from "./verify-build.ts";

test("loads the pinned build once", () => {
  const engine = loadEngine();
  expect(engine.version).toBe(engineVersion);
  expect(engine.systemInfo()).toContain("CPU");
  expect(loadEngine()).toBe(engine);
  expect(loadEngine({ libraryFolder: engine.folder })).toBe(engine);
});

test("says when the libraries are not there, or others are loaded already", () => {
  expect(() => findEngineFiles(tmpdir())).toThrowError(
    expect.objectContaining({ code: "FUZZ_ENGINE_MISSING" }),
  );
  loadEngine();
  expect(() => loadEngine({ libraryFolder: tmpdir() })).toThrowError(
    expect.objectContaining({ code: "FUZZ_OUT_OF_RANGE" }),
  );
});

test("refuses another version, and structs whose defaults lie elsewhere", () => {
  const native = loadNative();
  const other = Object.assign(() => "0.4.0", { async: native.llama_version.async });
  expect(() => verifyBuild({ ...native, llama_version: other })).toThrowError(
    expect.objectContaining({
      code: "FUZZ_ENGINE_VERSION",
      message: expect.stringContaining("0.4.0"),
    }),
  );
  const { llama_context_default_params: defaults } = native;
  const shifted = Object.assign(() => ({ ...defaults(), type_k: 8 }), { async: defaults.async });
  expect(() => verifyBuild({ ...native, llama_context_default_params: shifted })).toThrowError(
    expect.objectContaining({ code: "FUZZ_ENGINE_VERSION" }),
  );
});
