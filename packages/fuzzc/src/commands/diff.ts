import { describeDiff } from "../diff/describe-diff.ts";
import { diffPrograms } from "../diff/diff-programs.ts";
import { openOptions, type Session, type SharedFlags } from "./session.ts";

export interface DiffFlags extends Pick<SharedFlags, "offline" | "json"> {
  inputs?: string;
  exitCode?: boolean;
}

/** `fuzzc diff`: in what two programs differ. Exit code 0, or with `--exit-code` 1 when they do. */
export async function diffFiles(
  session: Session,
  a: string,
  b: string,
  flags: DiffFlags,
): Promise<number> {
  const { offline, onProgress } = openOptions(session, flags);
  const { terminal, signal } = session;
  const diff = await diffPrograms(a, b, { offline, onProgress, signal, inputs: flags.inputs });
  await terminal.print(flags.json ? JSON.stringify(diff) : describeDiff(diff));
  return flags.exitCode && !diff.same ? 1 : 0;
}
