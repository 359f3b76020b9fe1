import { type InputColumns, type MapProgress, type MapReport, mapTable } from "@fuzzc/map";
import { FuzzError, sha256Hex, writeProgram } from "@fuzzc/program";
import { findTarget, openTarget } from "../open-target.ts";
import type { OutputForm } from "../output-form.ts";
import { openOptions, type Session, type SharedFlags } from "./session.ts";

export interface MapFlags extends SharedFlags {
  /** `column`; of a function that names its inputs, `name=column` of each. */
  input: string[];
  out: string;
  as?: string;
  output?: OutputForm;
  resume?: boolean;
  force?: boolean;
}

/** `fuzzc map`: answers every row of a table. Exit code 1 when an input could not be answered. */
export async function mapFile(
  session: Session,
  word: string,
  table: string,
  flags: MapFlags,
): Promise<number> {
  const { terminal, signal } = session;
  if (flags.resume && flags.force) {
    throw new FuzzError("--resume goes on with a run, --force begins anew", {
      code: "FUZZ_OPTION_INVALID",
      hint: "Give one of them.",
    });
  }
  const target = await findTarget(word, flags.output);
  await using answer = await openTarget(target, openOptions(session, flags));
  const { meta } = answer.program;
  // The id of an official program proves nothing; its bytes do.
  const id = await sha256Hex(await writeProgram(answer.program));
  try {
    const report = await mapTable({
      table,
      out: flags.out,
      input: readColumns(flags.input, meta.inputs),
      as: flags.as ?? meta.name ?? "output",
      program: { id, isJson: meta.output.type === "json" },
      answer: (inputs, options) => answer.mapSettled(inputs, options),
      existing: flags.resume ? "resume" : flags.force ? "replace" : "refuse",
      signal,
      onProgress: (progress) => terminal.status(describeMap(table, progress)),
    });
    await terminal.print(
      flags.json
        ? JSON.stringify({ path: flags.out, ...report })
        : describeReport(flags.out, report),
    );
    return report.failed === 0 ? 0 : 1;
  } catch (error) {
    if (!(signal.aborted && FuzzError.isInstance(error))) {
      throw error;
    }
    // Ctrl-C is not told as an error; how to go on is.
    terminal.fail(error.message, error.hint);
    return 1;
  }
}

/** @throws FuzzError FUZZ_OPTION_INVALID unless each input of the function has one column */
function readColumns(words: string[], names: string[] | undefined): InputColumns {
  const [only = ""] = words;
  if (names === undefined && words.length === 1) {
    return only;
  }
  const columns: Record<string, string> = {};
  for (const word of words) {
    const [, name = "", column = ""] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
    if (!names?.includes(name) || Object.hasOwn(columns, name)) {
      throw wrongColumns(names);
    }
    columns[name] = column;
  }
  if (names?.length !== words.length) {
    throw wrongColumns(names);
  }
  return columns;
}

function wrongColumns(names: string[] | undefined): FuzzError {
  const takes = names === undefined ? "one text" : names.join(", ");
  const flags = names?.map((name) => `--input ${name}=COLUMN`) ?? ["--input COLUMN"];
  return new FuzzError(`The function takes ${takes}: each input needs its column, once`, {
    code: "FUZZ_OPTION_INVALID",
    hint: `Give ${flags.join(" ")}`,
  });
}

/** One line for people: how far, how quick, how long still. */
function describeMap(table: string, { stage, done, of, perSecond }: MapProgress): string {
  if (stage !== "answer") {
    return stage === "read" ? `Reading ${table}` : `Writing ${of} rows`;
  }
  const secondsLeft = perSecond > 0 ? (of - done) / perSecond : undefined;
  const left = secondsLeft === undefined ? "" : `, ${describeDuration(secondsLeft)} left`;
  return `${done} of ${of} inputs, ${perSecond.toFixed(1)} a second${left}`;
}

function describeDuration(seconds: number): string {
  if (seconds < 90) {
    return `${Math.ceil(seconds)} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

function describeReport(path: string, report: MapReport): string {
  const { rows, inputs, failed, answered, seconds } = report;
  const rate = answered > 0 ? `, ${(answered / Math.max(seconds, 0.001)).toFixed(1)} a second` : "";
  const errors = failed > 0 ? `, ${failed} of them in error` : "";
  return `${path}: ${rows} rows, ${inputs} different inputs${errors}${rate}`;
}
