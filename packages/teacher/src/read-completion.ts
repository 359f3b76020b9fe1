import { type JsonValue, parseJson } from "@fuzzc/program";
import { z } from "zod";
import type { Endpoint } from "./check-endpoint.ts";
import { readServerMessage } from "./explain-status.ts";
import { PassingFailure, teacherError } from "./remote-errors.ts";
import type { ServerAnswer } from "./send-request.ts";
import { type TokenUse, UnusableAnswer } from "./teacher.ts";

const count = z.number().int().min(0).catch(0);
const completionSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z
    .object({ prompt_tokens: count, completion_tokens: count })
    .catch({ prompt_tokens: 0, completion_tokens: 0 }),
});

/**
 * The text of a chat completion. The body decides what it is: servers get the content type wrong both ways.
 * @throws PassingFailure FUZZ_TEACHER_ANSWER_INVALID for a body that is no chat completion, as one that was cut is
 * @throws UnusableAnswer for a completion without text, or cut at the server's limit
 */
export function readCompletion(
  { text, headers }: ServerAnswer,
  { host }: Endpoint,
): { content: string; tokens: TokenUse } {
  const body = parse(text);
  const completion = completionSchema.safeParse(body);
  if (!completion.success) {
    const type = headers.get("content-type") ?? "no content type";
    const trouble =
      body === undefined ? "is not JSON, or was cut" : "is JSON, but no chat completion";
    throw new PassingFailure(
      teacherError(
        "ANSWER_INVALID",
        `The answer of the teacher at ${host} ${trouble} (${type}): ${readServerMessage(text)}`,
        "Check that the URL is the one of an OpenAI-compatible server; it usually ends in /v1.",
        { cause: completion.error },
      ),
    );
  }
  const { choices, usage } = completion.data;
  const { message, finish_reason: ending } = choices[0] as (typeof choices)[number];
  if (message.refusal) {
    throw new UnusableAnswer(`it declined: ${message.refusal.slice(0, 100)}`);
  }
  if (ending === "length") {
    throw new UnusableAnswer("it was cut at the server's limit of tokens");
  }
  if (!message.content) {
    throw new UnusableAnswer(`it wrote nothing (${ending ?? "no reason given"})`);
  }
  const tokens = { input: usage.prompt_tokens, output: usage.completion_tokens };
  return { content: message.content, tokens };
}

function parse(text: string): JsonValue | undefined {
  try {
    return parseJson(text, "The answer");
  } catch {
    return undefined;
  }
}
