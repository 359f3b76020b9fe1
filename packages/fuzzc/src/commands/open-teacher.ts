import { FuzzError } from "@fuzzc/program";
import {
  openLocalTeacher,
  openRemoteTeacher,
  type RemoteTeacher,
  readTeacherKey,
  type Teacher,
} from "@fuzzc/teacher";
import type { TeacherFlags } from "./teacher-flags.ts";

/**
 * Opens the teacher that the command line names.
 * @throws FuzzError FUZZ_OPTION_INVALID, and what `openLocalTeacher`, `readTeacherKey` and `openRemoteTeacher` throw
 */
export async function openTeacher(
  { teacher: word = "", teacherModel: model, offline }: TeacherFlags & { offline?: boolean },
  signal: AbortSignal,
): Promise<Teacher | RemoteTeacher> {
  if (/\.gguf$/i.test(word)) {
    if (model !== undefined) {
      throw invalid("--teacher-model goes with a URL", "A .gguf file is one model; leave it out.");
    }
    return await openLocalTeacher(word, { signal });
  }
  if (!/^https?:/i.test(word)) {
    throw invalid(
      `The teacher ${JSON.stringify(word)} is neither a URL nor a .gguf file`,
      "Give the base URL of an OpenAI-compatible server, for example https://api.openai.com/v1, or the path of a .gguf file.",
    );
  }
  if (model === undefined) {
    throw invalid(
      "A teacher behind a URL needs the name of its model",
      "Add --teacher-model NAME, as the server calls it.",
    );
  }
  return openRemoteTeacher({ url: word, model, key: readTeacherKey(), offline });
}

function invalid(message: string, hint: string): FuzzError {
  return new FuzzError(message, { code: "FUZZ_OPTION_INVALID", hint });
}
