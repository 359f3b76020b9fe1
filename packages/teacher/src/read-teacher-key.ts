import { teacherError } from "./remote-errors.ts";

/** A server's key. It is sent, and never shown or written. */
export interface TeacherKey {
  key: string;
  /** The variable that it came from. */
  variable: string;
}

const variables = ["FUZZC_TEACHER_KEY", "OPENAI_API_KEY"];

/**
 * The key in the environment. FUZZC_TEACHER_KEY goes first, and set to nothing it means that there is none.
 * @throws FuzzError FUZZ_TEACHER_KEY for one that can't stand in a header
 */
export function readTeacherKey(env: NodeJS.ProcessEnv = process.env): TeacherKey | undefined {
  const variable = variables.find((name) => env[name] !== undefined);
  const key = variable === undefined ? "" : (env[variable] as string).trim();
  if (variable === undefined || key === "") {
    return undefined;
  }
  // Checked here, because the error of `fetch` would quote it.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw teacherError(
      "KEY",
      `${variable} holds a space or a character that no key has`,
      undefined,
      {
        kind: "usage",
      },
    );
  }
  return { key, variable };
}
