import type { Terminal } from "../terminal.ts";
import { writeFileAtomically } from "../write-file-atomically.ts";
import { describeOutcome, describeTotal } from "./describe-outcome.ts";
import type { TestOutcome } from "./outcome.ts";
import { outcomeToJson } from "./outcome-to-json.ts";
import { renderJunit } from "./render-junit.ts";

export type ReporterName = "pretty" | "json" | "junit";

export interface ReportOptions {
  reporter: ReporterName;
  /** The file for the report; people then read the pretty one. */
  out?: string | undefined;
}

/** Prints an outcome as soon as it is there, as far as the reporter can. */
export async function printOutcome(
  terminal: Terminal,
  outcome: TestOutcome,
  { reporter, out, isOnly }: ReportOptions & { isOnly: boolean },
): Promise<void> {
  const text =
    reporter === "pretty" || out !== undefined
      ? describeOutcome(outcome, isOnly)
      : reporter === "json"
        ? outcomeToJson(outcome).join("\n")
        : undefined;
  if (text) {
    await terminal.print(text);
  }
}

/** Prints what can only be said at the end, and writes the report's file. */
export async function finishReport(
  terminal: Terminal,
  outcomes: readonly TestOutcome[],
  { reporter, out }: ReportOptions,
): Promise<void> {
  const isPretty = reporter === "pretty" || out !== undefined;
  if (isPretty && outcomes.length > 1) {
    await terminal.print(describeTotal(outcomes));
  }
  if (out !== undefined) {
    await writeFileAtomically(out, Buffer.from(renderReport(reporter, outcomes)));
  } else if (reporter === "junit") {
    await terminal.print(renderJunit(outcomes).trimEnd());
  }
}

function renderReport(reporter: ReporterName, outcomes: readonly TestOutcome[]): string {
  if (reporter === "junit") {
    return renderJunit(outcomes);
  }
  const lines =
    reporter === "json"
      ? outcomes.flatMap(outcomeToJson)
      : [
          ...outcomes.flatMap((outcome) => describeOutcome(outcome, outcomes.length === 1) ?? []),
          ...(outcomes.length > 1 ? [describeTotal(outcomes)] : []),
        ];
  return lines.map((line) => `${line}\n`).join("");
}
