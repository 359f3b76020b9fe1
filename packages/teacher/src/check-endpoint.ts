import { isOffline } from "@fuzzc/models";
import { teacherError } from "./remote-errors.ts";

/** Where a server is, and how it is called in messages. */
export interface Endpoint {
  /** Of the chat completions. */
  url: string;
  /** `https://api.example.com/v1/chat/completions`; without a query, which may hold a secret. */
  shown: string;
  host: string;
  /** Whether it is this machine. */
  isLocal: boolean;
}

const path = "chat/completions";

/**
 * Checks the URL of an OpenAI-compatible server: the one that ends in `/v1`, or the whole one of its chat completions.
 * @throws FuzzError FUZZ_TEACHER_URL, FUZZ_TEACHER_OFFLINE
 */
export function checkEndpoint(
  text: string,
  { hasKey, offline }: { hasKey: boolean; offline: boolean | undefined },
): Endpoint {
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw wrongUrl(
      "The teacher's URL is not one of http or https",
      "Give the base URL of an OpenAI-compatible server, for example https://api.openai.com/v1, or the path of a .gguf file.",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw wrongUrl(
      `The URL of the teacher at ${url.host} holds a user name or a password`,
      "Put the key in FUZZC_TEACHER_KEY: a URL ends up in logs.",
    );
  }
  const isLocal = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === "http:" && hasKey && !isLocal) {
    throw wrongUrl(
      `The key would go to ${url.host} unencrypted`,
      "Use https. If the server needs no key, set FUZZC_TEACHER_KEY to nothing: FUZZC_TEACHER_KEY= fuzzc compile …",
    );
  }
  if ((offline ?? isOffline()) && !isLocal) {
    throw teacherError(
      "OFFLINE",
      `The teacher at ${url.host} can't be asked: the network is not allowed (--offline or FUZZC_OFFLINE)`,
      "Use the path of a .gguf file, or a server on this machine.",
    );
  }
  const base = url.pathname.replace(/\/+$/, "");
  url.pathname = base.endsWith(`/${path}`) ? base : `${base}/${path}`;
  url.hash = "";
  return {
    url: url.href,
    shown: `${url.origin}${url.pathname}`,
    host: url.host,
    isLocal,
  };
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function wrongUrl(message: string, hint: string) {
  return teacherError("URL", message, hint, { kind: "usage" });
}
