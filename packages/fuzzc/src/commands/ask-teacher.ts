import type { CompileRequest } from "@fuzzc/compiler";
import { FuzzError } from "@fuzzc/program";
import {
  openLocalTeacher,
  openRemoteTeacher,
  type PairsProgress,
  type PairsReport,
  readTeacherKey,
  type Teacher,
  writePairs,
} from "@fuzzc/teacher";
import { confirmCost } from "./confirm-cost.ts";
import { keepPairs } from "./keep-pairs.ts";
import type { Session } from "./session.ts";
import type { TeacherFlags } from "./teacher-flags.ts";

const defaultPairs = 48;

/** What a teacher did for a compile. */
export interface TeacherReport extends PairsReport {
  name: string;
  wanted: number;
}

/**
 * Has a teacher write pairs for a function.
 * @returns the request with the pairs behind the user's own examples, from which none of them differs on the same input.
 * @throws FuzzError what the teacher and `writePairs` throw, FUZZ_TEACHER_UNCONFIRMED and FUZZ_CANCELLED
 */
export async function askTeacher(
  session: Session,
  request: CompileRequest,
  flags: TeacherFlags & { offline?: boolean },
): Promise<{ request: CompileRequest; report: TeacherReport }> {
  const { terminal, signal } = session;
  const { examples = [], spec, output, inputs } = request;
  const wanted = flags.pairs ?? defaultPairs;
  await using opened = await openTeacher(session, flags, { examples: examples.length, wanted });
  const { teacher, confirm } = opened;
  const { pairs, report } = await writePairs(
    { spec, output, inputs, examples },
    {
      teacher,
      count: wanted,
      confirm,
      signal,
      onProgress: (progress) => terminal.status(describeTeaching(progress)),
    },
  );
  if (flags.keepPairs !== undefined) {
    await keepPairs(flags.keepPairs, pairs);
  }
  terminal.tell(describeResult(teacher, report, wanted));
  const taught = pairs.map(({ example }) => example);
  return {
    request: { ...request, examples: [...examples, ...taught] },
    report: { name: teacher.name, wanted, ...report },
  };
}

async function openTeacher(
  session: Session,
  {
    teacher: word = "",
    teacherModel: model,
    yes = false,
    offline,
  }: Parameters<typeof askTeacher>[2],
  sent: { examples: number; wanted: number },
) {
  const close = (teacher: Teacher) => ({
    [Symbol.asyncDispose]: () => teacher[Symbol.asyncDispose](),
  });
  if (/\.gguf$/i.test(word)) {
    if (model !== undefined) {
      throw invalid("--teacher-model goes with a URL", "A .gguf file is one model; leave it out.");
    }
    const teacher = await openLocalTeacher(word, { signal: session.signal });
    return { teacher, confirm: undefined, ...close(teacher) };
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
  const key = readTeacherKey();
  const teacher = openRemoteTeacher({ url: word, model, key, offline });
  const confirm = confirmCost(session, { teacher, key, yes, ...sent });
  return { teacher, confirm, ...close(teacher) };
}

/** One line for people; what matters least stands last, where a narrow terminal cuts it off. */
function describeTeaching(progress: PairsProgress): string {
  const { pairs, wanted, rejected, duplicates, disagreed, requests, secondsLeft } = progress;
  const left = secondsLeft === undefined ? "" : `, ${Math.ceil(secondsLeft)} s left`;
  return `Teacher: ${pairs} of ${wanted} pairs${left}, ${requests} requests; ${rejected} invalid, ${duplicates} duplicate, ${disagreed} disagreed`;
}

function describeResult({ name }: Teacher, report: PairsReport, wanted: number): string {
  const { pairs, rejected, duplicates, disagreed, reused, tokens } = report;
  const again = reused > 0 ? `, ${reused} answers from an earlier run` : "";
  const short = pairs < wanted ? ` of the ${wanted} wanted, and had no more to give` : "";
  return `${name} wrote ${pairs} pairs${short}; dropped ${rejected} invalid, ${duplicates} duplicate, ${disagreed} disagreed; ${tokens.input} tokens in, ${tokens.output} out${again}`;
}

function invalid(message: string, hint: string): FuzzError {
  return new FuzzError(message, { code: "FUZZ_OPTION_INVALID", hint });
}
