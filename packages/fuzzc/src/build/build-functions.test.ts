import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProgram } from "@fuzzc/program";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compilerFolder } from "../find-compiler.ts";
import { renderError } from "../render-error.ts";
import { useTestHome } from "../test-home.fixture.ts";
import { type BuildOutcome, buildFunctions } from "./build-functions.ts";

useTestHome();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-build-"));
});
afterEach(() => rm(folder, { recursive: true }));

const put = async (path: string, text: string) => {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await writeFile(join(folder, path), text);
};

const review = "name: review\nspec: Is the review good or bad?\noutput: [good, bad]\n";
const several = `output: [yes, no]
functions:
  is-urgent: { spec: Is it urgent? }
  is-polite: { spec: Is it polite? }
`;

async function build(more: { check?: boolean } = {}): Promise<string[]> {
  const options = { paths: [folder], out: join(folder, "fuzz"), offline: true, ...more };
  const told = [];
  for await (const outcome of buildFunctions(options)) {
    told.push(describe(outcome));
  }
  return told;
}

function describe(outcome: BuildOutcome): string {
  if (outcome.state === "failed") {
    return `failed ${renderError(outcome.error).message}`;
  }
  return `${outcome.state} ${outcome.name}${outcome.state === "stale" ? `: ${outcome.reason}` : ""}`;
}

const files = async () => (await readdir(join(folder, "fuzz"))).sort();
const read = (path: string) => readFile(join(folder, path), "utf8");

test("compiles what changed, and nothing else", async () => {
  await put("a.fuzz.yaml", review);
  await put("deep/b.fuzz.yml", several);
  await put("node_modules/c.fuzz.yaml", review);
  await put(".hidden/c.fuzz.yaml", review);
  expect(await build({ check: true })).toEqual([
    "stale is-polite: it was never built",
    "stale is-urgent: it was never built",
    "stale review: it was never built",
    "stale index: index.js is not the one that would be built",
  ]);
  expect(await readdir(folder)).not.toContain("fuzz");
  expect(await build()).toEqual(["compiled is-polite", "compiled is-urgent", "compiled review"]);
  const lock = await read("fuzzc.lock");
  expect(Object.keys(JSON.parse(lock).functions)).toEqual(["is-polite", "is-urgent", "review"]);
  const unchanged = ["unchanged is-polite", "unchanged is-urgent", "unchanged review"];
  expect(await build()).toEqual(unchanged);
  expect(await build({ check: true })).toEqual(unchanged);
  expect(await read("fuzzc.lock")).toBe(lock);

  // A comment and a test have no say in the program.
  await put("a.fuzz.yaml", `# mine\n${review}tests: [{ input: a, output: good }]\n`);
  expect(await build()).toEqual(unchanged);
  await put("a.fuzz.yaml", review.replaceAll("good", "fine"));
  expect(await build({ check: true })).toEqual([
    ...unchanged.slice(0, 2),
    "stale review: its source or fuzzc has changed",
  ]);
  expect(await build()).toEqual([...unchanged.slice(0, 2), "compiled review"]);
  expect(await read("fuzz/review.d.ts")).toContain('ReviewOutput = "fine" | "bad";');
});

test("gives the same bytes in another place, and mends what was changed by hand", async () => {
  await put("a.fuzz.yaml", review);
  await build();
  const built = join(folder, "built");
  await cp(join(folder, "fuzz"), built, { recursive: true });
  await rm(join(folder, "fuzz"), { recursive: true });
  expect(await build({ check: true })).toEqual([
    "stale review: review.paw is not the one that was built",
    "stale index: index.js is not the one that would be built",
  ]);
  await rm(join(folder, "fuzzc.lock"));
  expect(await build()).toEqual(["compiled review"]);
  for (const file of await files()) {
    expect(await readFile(join(built, file))).toEqual(await readFile(join(folder, "fuzz", file)));
  }
  await put("fuzz/review.d.ts", (await read("fuzz/review.d.ts")).replace("good", "nice"));
  expect(await build({ check: true })).toEqual([
    "stale review: review.d.ts is not the one that would be built",
  ]);
  expect(await build()).toEqual(["written review"]);
  await put("fuzz/index.js", (await read("fuzz/index.js")).replace("review", "other"));
  expect(await build({ check: true })).toEqual([
    "unchanged review",
    "stale index: index.js is not the one that would be built",
  ]);
  expect(await build()).toEqual(["unchanged review"]);
  expect(await build({ check: true })).toEqual(["unchanged review"]);
});

test("says that its modules are modules, where the project is CommonJS", async () => {
  await put("a.fuzz.yaml", review);
  await put("package.json", '{ "type": "module" }\n');
  await build();
  expect(await files()).not.toContain("package.json");
  await put("package.json", '{ "type": "commonjs" }\n');
  const stale = "stale index: package.json is not the one that would be built";
  expect(await build({ check: true })).toEqual(["unchanged review", stale]);
  await build();
  expect(JSON.parse(await read("fuzz/package.json"))).toMatchObject({ type: "module" });
  expect(await build({ check: true })).toEqual(["unchanged review"]);
  await put("fuzz/package.json", '{ "private": true }\n');
  expect(await build({ check: true })).toEqual(["unchanged review"]);
  await build();
  expect(await read("fuzz/package.json")).toBe('{ "private": true }\n');
});

test("removes the files of functions that are gone, and no others", async () => {
  await put("a.fuzz.yaml", review);
  await put("b.fuzz.yaml", several);
  await build();
  await put("fuzz/own.js", "export const own = 1;\n");
  await put("b.fuzz.yaml", several.replace(/ {2}is-polite.*\n/, ""));
  expect(await build({ check: true })).toContain("stale is-polite: it is gone");
  expect(await build()).toContain("removed is-polite");
  await rm(join(folder, "a.fuzz.yaml"));
  expect(await build()).toEqual(["unchanged is-urgent", "removed review"]);
  expect(await files()).toEqual([
    ...["index.d.ts", "index.js", "is-urgent.d.ts", "is-urgent.js", "is-urgent.paw", "own.js"],
  ]);
  const index = await read("fuzz/index.js");
  expect(index.split("\n").slice(1)).toEqual([expect.stringContaining("./is-urgent.js"), ""]);
});

test("tells every error, with its place, and builds the rest", async () => {
  await put("a.fuzz.yaml", review);
  await build();
  await put("a.fuzz.yaml", "spec: a\noutput: [b, b]\n");
  await put("b.fuzz.yaml", "speck: a\n");
  await put("c.fuzz.yaml", several);
  await build();
  await put("d.fuzz.yaml", "name: IS-urgent\nspec: Is it urgent?\n");
  await put("not a name.fuzz.yaml", "spec: a\n");
  expect(await build()).toEqual([
    expect.stringMatching(/a\.fuzz\.yaml:2:13: label "b" is there twice/),
    expect.stringMatching(/b\.fuzz\.yaml:1:1: unknown key "speck"/),
    expect.stringMatching(/not a name\.fuzz\.yaml: "not a name" can't be the name .*NAME_INVALID/),
    expect.stringMatching(/c\.fuzz\.yaml: is-urgent can't have a module .*IS-urgent in .*d\.fuzz/),
    expect.stringMatching(/d\.fuzz\.yaml: IS-urgent can't have a module .*is-urgent in .*c\.fuzz/),
    "unchanged is-polite",
  ]);
  // What can't be read or told apart now is not gone.
  expect(await files()).toEqual(expect.arrayContaining(["is-urgent.paw", "review.paw"]));
});

test("leaves files alone that it did not make", async () => {
  await put("a.fuzz.yaml", review);
  await put("fuzz/review.js", "export const review = 1;\n");
  expect(await build()).toEqual([
    expect.stringMatching(/a\.fuzz\.yaml: review: .*review\.js was not made by fuzzc/),
  ]);
  expect(await read("fuzz/review.js")).toBe("export const review = 1;\n");
});

test("a program of another compiler brings its adapter along", async () => {
  await cp(compilerFolder(), join(folder, "mine"), { recursive: true });
  await put("shout.fuzz.yaml", "spec: Write the text in capital letters.\ncompiler: ./mine\n");
  expect(await build()).toEqual(["compiled shout"]);
  const { meta } = await readProgram(await readFile(join(folder, "fuzz/shout.paw")));
  expect(meta.adapter.form).toBe("full");
  expect(await build()).toEqual(["unchanged shout"]);
});

test.each([
  ["not JSON", "{", "is not JSON"],
  ["another version", '{"version":2,"out":"fuzz","functions":{}}', "version"],
  [
    "a name that leads out of the folder",
    JSON.stringify({ version: 1, out: "fuzz", functions: { "../a": {} } }),
    "is no name of a function",
  ],
])("refuses a lock file that is %s", async (_name, text, reason) => {
  await put("a.fuzz.yaml", review);
  await put("fuzzc.lock", text);
  const error = await build().catch((error) => error);
  expect(error).toMatchObject({ code: "FUZZ_LOCK_INVALID" });
  expect(error.message).toContain(reason);
});

test("a folder without functions, and one lock file for two folders, are refused", async () => {
  await expect(build()).rejects.toMatchObject({ code: "FUZZ_FILE_NOT_FOUND" });
  await put("a.fuzz.yaml", review);
  await build();
  const other = buildFunctions({ paths: [folder], out: join(folder, "other"), offline: true });
  await expect(other.next()).rejects.toThrow("fuzzc.lock is of the folder fuzz, not of other");
});
