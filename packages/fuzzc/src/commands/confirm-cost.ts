import { FuzzError } from "@fuzzc/program";
import type { CostEstimate, RemoteTeacher } from "@fuzzc/teacher";
import { Questions } from "./questions.ts";
import type { Session } from "./session.ts";

export interface CostOptions {
  /** How many of the user's examples there are. */
  examples: number;
  wanted: number;
  /** Whether the answer is known. */
  yes: boolean;
}

/**
 * Says what a server will be sent and about what it costs, and asks whether to go on. Where nobody can answer, only
 * --yes is one.
 * @returns what `writePairs` takes; it throws FUZZ_CANCELLED and FUZZ_TEACHER_UNCONFIRMED
 */
export function confirmCost(session: Session, teacher: RemoteTeacher, options: CostOptions) {
  return async (estimate: CostEstimate): Promise<void> => {
    const { terminal, stdin } = session;
    const notice = describeCost(teacher, options, estimate);
    if (options.yes) {
      terminal.tell(notice);
      return;
    }
    if (!terminal.interactive || stdin.isTTY !== true) {
      throw new FuzzError(`A server is asked only after a yes. ${notice}`, {
        code: "FUZZ_TEACHER_UNCONFIRMED",
        hint: "Add --yes.",
      });
    }
    terminal.tell(notice);
    await using questions = new Questions(session);
    const answer = await questions.ask("Go on, y or n?", (word) => word.toLowerCase(), "n");
    if (answer !== "y" && answer !== "yes") {
      throw new FuzzError("The teacher was not asked", {
        code: "FUZZ_CANCELLED",
        kind: "cancelled",
      });
    }
  };
}

function describeCost(
  { name, endpoint, keyVariable }: RemoteTeacher,
  { examples, wanted }: CostOptions,
  { requests, tokens }: CostEstimate,
): string {
  const { shown, isLocal } = endpoint;
  const count = (number: number) => number.toLocaleString("en");
  const withKey = keyVariable === undefined ? "without a key" : `with the key in ${keyVariable}`;
  const clear = shown.startsWith("http:") && !isLocal ? ", unencrypted" : "";
  return [
    `For ${wanted} pairs ${name} gets about ${count(requests)} requests: ${count(tokens.input)} tokens in, ${count(tokens.output)} out.`,
    `Sent to ${shown} ${withKey}${clear}: the spec, the output's form and ${examples} examples; no tests.`,
  ].join("\n");
}
