import { statSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureEncoder } from "@fuzzc/interpreter";
import { cacheFolder } from "@fuzzc/models";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collect, type RunOptions, runFuzzc, startFuzzc } from "./run-fuzzc.ts";

let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  await ensureEncoder();
  folder = await mkdtemp(join(tmpdir(), "fuzzc-map-"));
  const home = join(folder, "home");
  await mkdir(home);
  for (const name of ["models", "derived"]) {
    await symlink(join(cacheFolder(), name), join(home, name), "junction");
  }
  env = { FUZZC_HOME: home, FUZZC_OFFLINE: "1" };
  await writeFile(
    join(folder, "review.fuzz.yaml"),
    "spec: Is the review good or bad?\noutput: [good, bad]\n",
  );
  await writeFile(
    join(folder, "answers.fuzz.yaml"),
    "spec: Does the snippet answer the query?\ninputs: [query, snippet]\noutput: [yes it does, no]\n",
  );
});

afterAll(() => rm(folder, { recursive: true }));

const fuzzc = (words: string[], options: RunOptions = {}) =>
  runFuzzc(words, { cwd: folder, env, ...options });

const readRows = async (name: string) =>
  (await readFile(join(folder, name), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("maps a .csv to a .parquet, and that to a .jsonl, with the answers of fuzzc run", async () => {
  const texts = [
    'I "loved" it,\nall of it',
    "boring",
    "boring",
    "x ".repeat(20_000),
    "großartig 😀",
  ];
  const rows = [...texts.map((text) => `"${text.replaceAll('"', '""')}"`), ""];
  await writeFile(
    join(folder, "in.csv"),
    `id,text\n${rows.map((row, index) => `00${index},${row}\n`).join("")}`,
  );
  const first = await fuzzc([
    "map",
    "review.fuzz.yaml",
    "in.csv",
    "--input",
    "text",
    "-o",
    "a.parquet",
  ]);
  expect(first.stderr).toBe("");
  expect(first.stdout).toMatch(
    /^a\.parquet: 6 rows, 4 different inputs, 1 of them in error, [\d.]+ a second\n$/,
  );
  expect(first.code).toBe(1);

  const words = ["a.parquet", "--input", "text", "-o", "b.jsonl", "--as", "again", "--json"];
  const second = await fuzzc(["map", "review.fuzz.yaml", ...words]);
  expect(JSON.parse(second.stdout)).toMatchObject({
    path: "b.jsonl",
    rows: 6,
    inputs: 4,
    failed: 1,
  });

  const run = await fuzzc(["run", "review.fuzz.yaml", "--json", "--jsonl"], {
    stdin: texts.map((text) => `${JSON.stringify(text)}\n`).join(""),
  });
  const answers = run.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const expected = answers.map(({ input, output, probability = null, error }, index) => {
    const reason = error === undefined ? null : `${error.message} (${error.code})`;
    return {
      id: `00${index}`,
      text: input,
      review: output,
      review_probability: probability,
      review_error: reason,
      again: output,
      again_probability: probability,
      again_error: reason,
    };
  });
  const mapped = await readRows("b.jsonl");
  // Texts that share a pass may differ in the last bits.
  const rounded = (rows: object[]) =>
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          typeof value === "number" ? value.toFixed(5) : value,
        ]),
      ),
    );
  expect(rounded(mapped.slice(0, 5))).toEqual(rounded(expected));
  expect(mapped[3].review_error).toContain("(FUZZ_INPUT_TOO_LONG)");
  expect(mapped[5]).toMatchObject({ id: "005", text: null, review: null, review_error: null });
});

test.skipIf(process.platform === "win32")(
  "ends at Ctrl-C, keeps what is answered, says how to go on, and goes on",
  async () => {
    const texts = Array.from({ length: 600 }, (_, index) => `review number ${index}: it was fine`);
    await writeFile(join(folder, "many.csv"), ["text", ...texts].join("\n"));
    const words = ["map", "review.fuzz.yaml", "many.csv", "--input", "text", "-o", "many.jsonl"];
    const child = startFuzzc(words, { cwd: folder, env });
    // DuckDB's log grows with the table first, then with the answers.
    const logSize = () =>
      statSync(join(folder, "many.jsonl.fuzzc-map.duckdb.wal"), { throwIfNoEntry: false })?.size ??
      0;
    const waitAbove = async (size: number) => {
      while (logSize() <= size) {
        await sleep(10);
      }
      return logSize();
    };
    await waitAbove(await waitAbove(0));
    child.kill("SIGINT");
    const stopped = await collect(child);
    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    expect(stopped.stderr).toMatch(/--resume/);

    const again = await fuzzc(words);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("(FUZZ_MAP_UNFINISHED)");

    const resumed = await fuzzc([...words, "--resume"]);
    expect(resumed).toMatchObject({ code: 0, stderr: "" });
    const rows = await readRows("many.jsonl");
    expect(rows.map(({ text }) => text)).toEqual(texts);
    expect(rows.every(({ review }) => review === "good" || review === "bad")).toBe(true);
  },
);

test("takes a column for each named input", async () => {
  await writeFile(join(folder, "pairs.csv"), "q,s\nlast item,xs.at(-1)\n");
  const map = (...inputs: string[]) =>
    fuzzc([
      ...["map", "answers.fuzz.yaml", "pairs.csv", "-o", "pairs.jsonl", "--as", "fits"],
      ...inputs.flatMap((input) => ["--input", input]),
    ]);
  for (const wrong of [["q"], ["query=q"], ["query=q", "query=s"], ["query=q", "other=s"]]) {
    const run = await map(...wrong);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("Give --input query=COLUMN --input snippet=COLUMN");
  }
  expect(await map("query=q", "snippet=s")).toMatchObject({ code: 0 });
  const set = ["--set", "query=last item", "--set", "snippet=xs.at(-1)", "--json"];
  const { output, probability } = JSON.parse(
    (await fuzzc(["run", "answers.fuzz.yaml", ...set])).stdout,
  );
  expect(await readRows("pairs.jsonl")).toMatchObject([
    { fits: output, fits_probability: probability, fits_error: null },
  ]);
});
