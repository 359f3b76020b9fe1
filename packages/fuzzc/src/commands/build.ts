import { type BuildOutcome, buildFunctions } from "../build/build-functions.ts";
import { renderError } from "../render-error.ts";
import { openOptions, type Session, type SharedFlags } from "./session.ts";

export interface BuildFlags extends SharedFlags {
  out: string;
  check?: boolean;
}

/**
 * `fuzzc build`: compiles what has changed and writes modules; with `--check`, 1 when something is stale. What fails is
 * told, and gives the exit code of its first error.
 */
export async function buildModules(
  session: Session,
  paths: readonly string[],
  flags: BuildFlags,
): Promise<number> {
  const { terminal } = session;
  const { offline, onProgress, signal } = openOptions(session, flags);
  const { out, check } = flags;
  const counts = { unchanged: 0, compiled: 0, written: 0, removed: 0, stale: 0, failed: 0 };
  let exitCode = 0;
  const given = paths.length > 0 ? paths : ["."];
  for await (const outcome of buildFunctions({
    ...{ offline, onProgress, signal, check, out },
    paths: given,
  })) {
    counts[outcome.state]++;
    if (outcome.state === "failed") {
      const { message, hint, exitCode: code } = renderError(outcome.error);
      terminal.fail(message, hint);
      exitCode ||= code;
    }
    const text = flags.json ? JSON.stringify(toJson(outcome)) : describe(outcome);
    if (text !== undefined) {
      await terminal.print(text);
    }
  }
  if (!flags.json) {
    const parts = Object.entries(counts).filter(([, count]) => count > 0);
    await terminal.print(parts.map(([state, count]) => `${count} ${state}`).join(", "));
  }
  return exitCode || (counts.stale > 0 ? 1 : 0);
}

/** What stands for an outcome in text; nothing for what has not changed, and for an error, which is told elsewhere. */
function describe(outcome: BuildOutcome): string | undefined {
  switch (outcome.state) {
    case "compiled":
      return `${outcome.path}: ${(outcome.bytes / 1000).toFixed(1)} kB, ${outcome.summary}`;
    case "stale":
      return `${outcome.name} is stale: ${outcome.reason} (${outcome.source})`;
    case "written":
      return `${outcome.name}: its module was written again`;
    case "removed":
      return `${outcome.name} is gone from ${outcome.source}, and its files with it`;
    default:
      return undefined;
  }
}

function toJson(outcome: BuildOutcome): object {
  return outcome.state === "failed"
    ? { ...outcome, error: renderError(outcome.error).message }
    : outcome;
}
