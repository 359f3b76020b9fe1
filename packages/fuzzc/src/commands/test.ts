import { FuzzError } from "@fuzzc/program";
import { renderError } from "../render-error.ts";
import { checkTests } from "../test-run/check-tests.ts";
import { OpenFunctions } from "../test-run/open-functions.ts";
import type { TestOutcome } from "../test-run/outcome.ts";
import { readFunctions, type TestSources } from "../test-run/read-functions.ts";
import { runTests } from "../test-run/run-tests.ts";
import { finishReport, printOutcome, type ReporterName } from "../test-run/test-report.ts";
import { watchTests } from "../test-run/watch-tests.ts";
import { openOptions, type Session, type SharedFlags } from "./session.ts";

export interface TestFlags extends SharedFlags {
  reporter: ReporterName;
  out?: string;
  filter?: string;
  requiredScore?: number;
  watch?: boolean;
}

/**
 * `fuzzc test`: runs the tests of all functions; 1 when a function did not reach its score. What can't be read or
 * compiled is told, and gives the exit code of its first error.
 */
export async function testFiles(
  session: Session,
  words: readonly string[],
  { filter, ...flags }: TestFlags,
): Promise<number> {
  const given = words.length > 0 ? words : ["."];
  const read = async () => filterByName(await readFunctions(given), filter);
  const stop = new AbortController();
  if (flags.watch) {
    session.onInterrupt(() => stop.abort());
  }
  const own = { ...session, signal: AbortSignal.any([session.signal, stop.signal]) };
  await using opened = new OpenFunctions(openOptions(own, flags));
  if (flags.watch) {
    const run = (changed: TestSources, all: TestSources) =>
      testSources(own, changed, { ...flags, opened, isOnly: countSources(all) === 1 });
    await watchTests(own, { read, run });
    // Leaving it is no failure.
    return 0;
  }
  const sources = await read();
  checkTests(sources, given);
  const isOnly = countSources(sources) === 1;
  return exitCodeOf(await testSources(own, sources, { ...flags, opened, isOnly }));
}

interface TestSetup extends Omit<TestFlags, "filter"> {
  opened: OpenFunctions;
  /** Whether there is one function alone, which then need not be named. */
  isOnly: boolean;
}

/** Tests the functions and reports on them. */
async function testSources(
  { terminal, signal }: Session,
  { functions, failures }: TestSources,
  { requiredScore, out, reporter, json, isOnly, opened }: TestSetup,
): Promise<TestOutcome[]> {
  const report = { reporter: json ? ("json" as const) : reporter, out, isOnly };
  const outcomes: TestOutcome[] = [];
  const give = async (outcome: TestOutcome) => {
    outcomes.push(outcome);
    if (outcome.state === "failed") {
      const { message, hint } = renderError(outcome.error);
      terminal.fail(message, hint);
    }
    await printOutcome(terminal, outcome, report);
  };
  for (const failure of failures) {
    await give(failure);
  }
  for await (const outcome of runTests(functions, opened, {
    requiredScore,
    signal,
    onProgress: ({ name }, done, of) => terminal.status(`Testing ${name}: ${done} of ${of}`),
  })) {
    await give(outcome);
  }
  await finishReport(terminal, outcomes, report);
  return outcomes;
}

function exitCodeOf(outcomes: readonly TestOutcome[]): number {
  const failed = outcomes.find((outcome) => outcome.state === "failed");
  if (failed !== undefined) {
    return renderError(failed.error).exitCode;
  }
  return outcomes.some((outcome) => outcome.state === "tested" && !outcome.passed) ? 1 : 0;
}

function countSources({ functions, failures }: TestSources): number {
  return functions.length + failures.length;
}

/** The functions whose names have the word in them. */
function filterByName(sources: TestSources, word: string | undefined): TestSources {
  const wanted = word?.toLowerCase() ?? "";
  const functions = sources.functions.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (functions.length === 0 && sources.functions.length > 0) {
    const names = sources.functions.map(({ name }) => name).join(", ");
    throw new FuzzError(`No function has ${JSON.stringify(word)} in its name`, {
      code: "FUZZ_NO_SUCH_FUNCTION",
      hint: `There are ${names}.`,
    });
  }
  return { ...sources, functions };
}
