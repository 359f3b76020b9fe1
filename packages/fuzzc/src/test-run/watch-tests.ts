import type { Session } from "../commands/session.ts";
import { renderError } from "../render-error.ts";
import { FileWatcher } from "./file-watcher.ts";
import type { TestOutcome } from "./outcome.ts";
import type { TestSources } from "./read-functions.ts";

export interface WatchedTests {
  read: () => Promise<TestSources>;
  /** Tests what has changed among all that is watched. */
  run: (changed: TestSources, all: TestSources) => Promise<TestOutcome[]>;
}

/**
 * Runs tests, and again those of each function that changes, until the session's signal.
 * @throws FuzzError what `read` throws at first
 */
export async function watchTests(
  { terminal, signal }: Session,
  { read, run }: WatchedTests,
): Promise<void> {
  using watcher = new FileWatcher();
  let known = new Map<string, string>();
  let files = new Set<string>();
  while (!signal.aborted) {
    try {
      const sources = await read();
      // What can't be read does not say all the files that it is made of: those of before are kept.
      const kept = sources.failures.length > 0 ? files : [];
      const wanted = new Set([...kept, ...sources.files]);
      watcher.watch(wanted);
      files = wanted;
      const { changed, states } = findChanged(sources, known);
      known = states;
      if (changed.functions.length + changed.failures.length > 0) {
        await run(changed, sources);
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (files.size === 0) {
        throw error;
      }
      // A file that has gone may come back.
      const { message, hint } = renderError(error);
      terminal.fail(message, hint);
    }
    terminal.tell(`Watching ${files.size} ${files.size === 1 ? "file" : "files"}; Ctrl-C ends.`);
    await watcher.change(signal);
  }
}

/** The functions and errors that are not what they were, data files included. */
function findChanged(
  { functions, failures, files }: TestSources,
  /** What was tested last, by address. */
  known: ReadonlyMap<string, string>,
): { changed: TestSources; states: Map<string, string> } {
  const states = new Map<string, string>();
  const isNew = (key: string, state: string) => {
    states.set(key, state);
    return known.get(key) !== state;
  };
  const changed = {
    functions: functions.filter(({ address, file }) => isNew(address, JSON.stringify(file))),
    failures: failures.filter(({ path, error }) => isNew(path, renderError(error).message)),
    files,
  };
  return { changed, states };
}
