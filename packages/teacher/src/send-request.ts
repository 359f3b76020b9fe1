import { describeNetworkError, isPassing, type Patience, readRetryAfter } from "@fuzzc/models";
import { FuzzError } from "@fuzzc/program";
import type { Endpoint } from "./check-endpoint.ts";
import { explainStatus } from "./explain-status.ts";
import { readLimitedText } from "./read-limited-text.ts";
import { PassingFailure, teacherError } from "./remote-errors.ts";

// A list of eight pairs has some kilobytes; more than this is not one, and would fill the memory.
const maxAnswerBytes = 8 * 1024 ** 2;

export interface RequestOptions {
  endpoint: Endpoint;
  key: string | undefined;
  patience: Patience;
  signal?: AbortSignal | undefined;
}

/** What a server answered. */
export interface ServerAnswer {
  status: number;
  text: string;
  headers: Headers;
}

/**
 * Sends one request and reads the answer to its end. Redirects are not followed: what is sent goes to the URL that was
 * named and nowhere else.
 * @returns a 2xx answer.
 * @throws PassingFailure, RequestRefused, FuzzError FUZZ_TEACHER_…
 */
export async function sendRequest(body: string, options: RequestOptions): Promise<ServerAnswer> {
  const { endpoint, key, patience } = options;
  const answer = await receive(body, options);
  const { status, text, headers } = answer;
  if (status >= 200 && status < 300) {
    return answer;
  }
  throw explainStatus(
    {
      status,
      text: key === undefined ? text : text.replaceAll(key, "[key]"),
      pauseMs: readRetryAfter(headers.get("retry-after")),
      location: headers.get("location"),
    },
    endpoint,
    patience,
  );
}

async function receive(
  body: string,
  { endpoint, key, patience, signal }: RequestOptions,
): Promise<ServerAnswer> {
  const watch = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expect = (withinMs: number, reason: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => watch.abort(new Error(reason)), withinMs);
  };
  try {
    expect(patience.answerMs, `it did not answer within ${patience.answerMs / 1000} s`);
    const response = await fetch(endpoint.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      },
      body,
      redirect: "manual",
      signal: AbortSignal.any(signal ? [watch.signal, signal] : [watch.signal]),
    });
    const text = await readLimitedText(response, {
      maxBytes: maxAnswerBytes,
      tooLarge: () =>
        teacherError(
          "ANSWER_TOO_LARGE",
          `The teacher at ${endpoint.host} sent more than ${maxAnswerBytes} bytes`,
          "Check that the URL is the one of a chat model.",
        ),
      onPiece: () => expect(patience.stallMs, `it sent nothing for ${patience.stallMs / 1000} s`),
    });
    return { status: response.status, text, headers: response.headers };
  } catch (error) {
    throw FuzzError.isInstance(error) ? error : explainFailure(error, watch.signal, endpoint);
  } finally {
    clearTimeout(timer);
  }
}

function explainFailure(error: unknown, watch: AbortSignal, { host }: Endpoint): Error {
  const cause = watch.aborted ? watch.reason : error;
  const failure = teacherError(
    "UNREACHABLE",
    `The teacher at ${host} can't be reached: ${describeNetworkError(cause)}`,
    "Check the URL and the network. What it has answered so far is kept.",
    { cause },
  );
  return watch.aborted || isPassing(error) ? new PassingFailure(failure) : failure;
}
