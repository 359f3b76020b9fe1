import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import type { FuzzyInput } from "@fuzzc/program";
import { describe, expect, test } from "vitest";
import type { MapProgress } from "./answer-inputs.ts";
import { useMapFolder } from "./map-folder.fixture.ts";
import type { AnswerInputs } from "./map-table.ts";

const { at, map, shout, startMap } = useMapFolder();

const workFile = "out.csv.fuzzc-map.duckdb";

test("no row is lost, none comes twice, and the order is kept, whenever the process is killed", async () => {
  const rowCount = 20_000;
  const textOf = (row: number) => `message ${row % 15_000}`;
  const rows = Array.from({ length: rowCount }, (_, row) => `${row},${textOf(row)}`);
  await writeFile(at("in.csv"), `id,text\n${rows.join("\n")}\n`);
  const killed: string[] = [];
  let report: { inputs: number; answered: number } | undefined;
  while (report === undefined) {
    // Twice while it reads, then while it answers, each time a bit later in a run, and twice while it writes.
    const quota = killed.length < 2 ? 1 : 1 + Math.random() * 80;
    let heard = 0;
    const { child, ended } = startMap("resume", 0, (line) => {
      heard++;
      const isWriting = line === "write" && killed.filter((stage) => stage === "write").length < 2;
      if (!child.killed && (isWriting || (heard >= quota && line !== "write"))) {
        setTimeout(() => child.kill("SIGKILL"), Math.random() * 20);
      }
    });
    const last = await ended;
    if (child.signalCode === "SIGKILL") {
      killed.push(last);
    } else {
      report = JSON.parse(last);
    }
  }
  expect(await readFile(at("out.csv"), "utf8")).toBe(
    `id,text,length,length_probability,length_error\n${rows
      .map((row, index) => `${row},${textOf(index).length},1.0,\n`)
      .join("")}`,
  );
  expect(killed.length).toBeGreaterThan(3);
  expect(report.answered).toBeLessThan(report.inputs);
  expect(await readdir(at("."))).toEqual(["in.csv", "out.csv"]);
});

describe("a run that was ended", () => {
  /** Answers so many inputs, and then stops the run. */
  const stopAfter = (count: number, controller: AbortController): AnswerInputs =>
    async function* (inputs, options) {
      let done = 0;
      for await (const settled of shout()(inputs, options)) {
        if (done++ === count) {
          controller.abort();
          yield { status: "rejected", reason: controller.signal.reason };
          return;
        }
        yield settled;
      }
    };

  const begin = async (count: number) => {
    await writeFile(at("in.csv"), "text\na\nb\na\nc\nd\n");
    const controller = new AbortController();
    const { signal } = controller;
    const answer = stopAfter(count, controller);
    const run = map({ table: "in.csv", out: "out.csv", answer, signal });
    await expect(run).rejects.toMatchObject({
      code: "FUZZ_CANCELLED",
      message: `Stopped when ${count} of 4 inputs were answered`,
      hint: expect.stringContaining("--resume"),
    });
  };

  const resume = { table: "in.csv", out: "out.csv", existing: "resume" as const };

  test("goes on where it was, and asks nothing twice", async () => {
    await begin(2);
    const asked: FuzzyInput[] = [];
    expect(await map({ ...resume, answer: shout(asked) })).toMatchObject({
      inputs: 4,
      answered: 2,
    });
    expect(asked).toEqual(["c", "d"]);
    expect(await readFile(at("out.csv"), "utf8")).toMatch(/\na,A.*\nb,B.*\na,A.*\nc,C.*\nd,D.*\n$/);
    expect(await readdir(at("."))).toEqual(["in.csv", "out.csv"]);
  });

  test("can be ended before the first answer and while the output is written", async () => {
    await writeFile(at("in.csv"), "text\na\n");
    for (const stage of ["read", "write"]) {
      const controller = new AbortController();
      const onProgress = (progress: MapProgress) => progress.stage === stage && controller.abort();
      const run = map({ ...resume, onProgress, signal: controller.signal });
      await expect(run).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
      const files = await readdir(at("."));
      expect(files).toEqual(stage === "read" ? ["in.csv"] : ["in.csv", workFile]);
    }
    expect(await map(resume)).toMatchObject({ inputs: 1, answered: 0 });
  });

  test("is not dropped unless that is asked for", async () => {
    await begin(1);
    await expect(map({ ...resume, existing: "refuse" })).rejects.toMatchObject({
      code: "FUZZ_MAP_UNFINISHED",
      hint: expect.stringMatching(/--resume.*--force/),
    });
    expect(await map({ ...resume, existing: "replace" })).toMatchObject({ answered: 4 });
  });

  test("does not go on with another program, table, column or name", async () => {
    await begin(1);
    const other = { id: "other", isJson: false };
    await expect(map({ ...resume, program: other })).rejects.toMatchObject({
      code: "FUZZ_MAP_MISMATCH",
      message: expect.stringContaining("since the program changed"),
    });
    await expect(map({ ...resume, as: "louder" })).rejects.toMatchObject({
      message: expect.stringContaining("since the columns or the name of the answers changed"),
    });
    await writeFile(at("in.csv"), "text\na\nb\na\nc\ne\n");
    await expect(map(resume)).rejects.toMatchObject({
      message: expect.stringContaining("since the table's content changed"),
    });
    await writeFile(at("in.csv"), "text\na\nb\na\nc\nd\n");
    expect(await map(resume)).toMatchObject({ answered: 3 });
  });

  test("can't be taken over while it is under way", async () => {
    await writeFile(
      at("in.csv"),
      `text\n${Array.from({ length: 2000 }, (_, row) => row).join("\n")}`,
    );
    const { child, ended } = startMap("refuse", 200);
    await once(child.stdout, "data");
    for (const existing of ["resume", "replace"] as const) {
      await expect(map({ ...resume, existing })).rejects.toMatchObject({ code: "FUZZ_MAP_BUSY" });
    }
    child.kill("SIGKILL");
    await ended;
    expect(existsSync(at(workFile))).toBe(true);
  });

  test("a finished output is kept unless it is to be replaced", async () => {
    await writeFile(at("in.csv"), "text\na\n");
    await map({ table: "in.csv", out: "out.csv" });
    for (const existing of ["refuse", "resume"] as const) {
      await expect(map({ ...resume, existing })).rejects.toMatchObject({
        code: "FUZZ_FILE_EXISTS",
      });
    }
    await map({ ...resume, existing: "replace", as: "again" });
    expect(await readFile(at("out.csv"), "utf8")).toContain("text,again,");
  });

  test("a work file that is broken is told, and replaced on request", async () => {
    await writeFile(at("in.csv"), "text\na\n");
    await writeFile(at(workFile), "x".repeat(20_000));
    await expect(map(resume)).rejects.toMatchObject({ code: "FUZZ_WORK_FILE_INVALID" });
    expect(await map({ ...resume, existing: "replace" })).toMatchObject({ answered: 1 });
  });
});
