import type { Patience } from "@fuzzc/models";
import type { Endpoint } from "./check-endpoint.ts";
import { PassingFailure, RequestRefused, teacherError } from "./remote-errors.ts";

// What a server says of its own error is shown up to here.
const maxExcerptCharacters = 300;

/** An answer that is no success. */
export interface Refusal {
  status: number;
  /** The body, without the key. */
  text: string;
  /** From `Retry-After`. */
  pauseMs: number | undefined;
  location: string | null;
}

/** Statuses after which the same request may succeed. */
const passing = new Set([408, 409, 425, 429, 500, 502, 503, 504, 529]);

/** The error for an answer that is no success: one to try again after, or one that says what to do. */
export function explainStatus(
  { status, text, pauseMs, location }: Refusal,
  { shown, host }: Endpoint,
  { longestPauseMs }: Patience,
): Error {
  const said = readServerMessage(text);
  const answered = `The teacher at ${host} answered ${status}${said === "" ? "" : `: ${said}`}`;
  if (status >= 300 && status < 400) {
    return teacherError(
      "REDIRECTED",
      `The teacher at ${host} answered ${status} and points to ${withoutQuery(location)}`,
      "Nothing was sent there. If you trust that address, give it as the teacher's URL.",
    );
  }
  if (status === 401 || status === 403) {
    return teacherError(
      "UNAUTHORISED",
      answered,
      "Set FUZZC_TEACHER_KEY to a key that this server takes, and check that it may use the model.",
    );
  }
  if (status === 404 || status === 405 || status === 410) {
    return teacherError(
      "NOT_FOUND",
      answered,
      `Check the URL, which was completed to ${shown}, and the name of the model.`,
    );
  }
  // Some servers answer 429 when the account is empty, which no waiting mends.
  const isEmpty = /insufficient_quota|billing/i.test(text);
  if (passing.has(status) && !isEmpty) {
    const isBusy = status === 429;
    const asks = pauseMs === undefined ? "" : `, and asks for ${Math.ceil(pauseMs / 1000)} s`;
    const error = teacherError(
      isBusy ? "RATE_LIMITED" : "UNAVAILABLE",
      `${answered}${asks}`,
      "Try again later: what it has answered so far is kept, and nothing is asked twice.",
    );
    return pauseMs !== undefined && pauseMs > longestPauseMs
      ? error
      : new PassingFailure(error, pauseMs);
  }
  const refused = teacherError(
    "REFUSED",
    answered,
    isEmpty
      ? "Look at the account's balance and limits. What it has answered so far is kept."
      : "Check the name of the model, and that the server takes chat completions.",
  );
  return status === 400 || status === 415 || status === 422 ? new RequestRefused(refused) : refused;
}

/** What a server says of its error, which most say as `{"error": {"message": …}}`, in one line. */
export function readServerMessage(text: string): string {
  let said: unknown;
  try {
    const { error, message, detail } = JSON.parse(text);
    said = error?.message ?? error ?? message ?? detail;
  } catch {
    // A page, say: its beginning tells more than nothing.
    said = text;
  }
  const line = (typeof said === "string" ? said : (JSON.stringify(said) ?? "")).trim();
  return line.replace(/\p{Control}|\s+/gu, " ").slice(0, maxExcerptCharacters);
}

function withoutQuery(location: string | null): string {
  return location === null ? "nowhere" : (location.split(/[?#]/)[0] as string).slice(0, 200);
}
