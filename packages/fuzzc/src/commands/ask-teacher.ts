import type { CompileRequest } from "@fuzzc/compiler";
import { type PairsProgress, type PairsReport, type Teacher, writePairs } from "@fuzzc/teacher";
import { confirmCost } from "./confirm-cost.ts";
import { keepPairs } from "./keep-pairs.ts";
import { openTeacher } from "./open-teacher.ts";
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
  await using teacher = await openTeacher(flags, signal);
  const sent = { examples: examples.length, wanted, yes: flags.yes === true };
  const { pairs, report } = await writePairs(
    { spec, output, inputs, examples },
    {
      teacher,
      count: wanted,
      ...("endpoint" in teacher && { confirm: confirmCost(session, teacher, sent) }),
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
