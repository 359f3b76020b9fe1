import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  compilerFolder,
  compilerKey,
  findCompiler,
  noCompiler,
  readManifest,
} from "./find-compiler.ts";

test("a compiler has a name, or is in a folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fuzzc-compiler-"));
  await cp(join(compilerFolder("smol"), "manifest.json"), join(folder, "manifest.json"));
  expect(await readManifest(folder)).toEqual(await readManifest());
  await expect(findCompiler(folder)).rejects.toMatchObject({ code: "FUZZ_COMPILER_MISSING" });
  await writeFile(join(folder, "manifest.json"), "{}");
  await expect(readManifest(folder)).rejects.toMatchObject({ code: "FUZZ_COMPILER_INVALID" });
  await rm(folder, { recursive: true });
  await expect(readManifest("large")).rejects.toMatchObject({
    message: "The compiler large is not installed",
    code: "FUZZ_COMPILER_MISSING",
    kind: "resource",
  });
});

test("compilers are told apart by their weights, and from none", async () => {
  const { weights } = await readManifest();
  expect(await compilerKey()).toBe(weights.sha256);
  expect(await compilerKey(noCompiler)).toBe("none");
});

test("a compiler is read once", async () => {
  expect(await findCompiler()).toBe(await findCompiler("smol"));
});
