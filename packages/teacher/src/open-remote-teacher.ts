import { setTimeout as sleep } from "node:timers/promises";
import { type Patience, throwIfAborted } from "@fuzzc/models";
import { checkEndpoint, type Endpoint } from "./check-endpoint.ts";
import { listSchema } from "./list-schema.ts";
import { readCompletion } from "./read-completion.ts";
import { readItems } from "./read-items.ts";
import type { TeacherKey } from "./read-teacher-key.ts";
import { PassingFailure, RequestRefused, teacherError } from "./remote-errors.ts";
import { sendRequest } from "./send-request.ts";
import type { Question, Reply, Teacher } from "./teacher.ts";

export interface RemoteTeacherOptions {
  /** Of an OpenAI-compatible server, `https://api.openai.com/v1` for example. */
  url: string;
  model: string;
  key?: TeacherKey | undefined;
  /** Whether only this machine may be asked. Default: what `FUZZC_OFFLINE` says. */
  offline?: boolean | undefined;
  patience?: Partial<Patience> | undefined;
}

/** A teacher that what is asked is sent to. */
export interface RemoteTeacher extends Teacher {
  readonly endpoint: Endpoint;
}

/** A large model takes a minute for eight pairs, and a busy one answers late. */
const usualPatience: Patience = {
  answerMs: 180_000,
  stallMs: 60_000,
  attempts: 6,
  pauseMs: 1_000,
  longestPauseMs: 120_000,
};
const lanes = 4;

/**
 * Opens a teacher behind an OpenAI-compatible server. Nothing is sent before the first question.
 * @throws FuzzError FUZZ_TEACHER_URL, FUZZ_TEACHER_OFFLINE
 */
export function openRemoteTeacher(options: RemoteTeacherOptions): RemoteTeacher {
  const { model, key, offline } = options;
  const endpoint = checkEndpoint(options.url, { hasKey: key !== undefined, offline });
  return new ChatServer(endpoint, model, key?.key, { ...usualPatience, ...options.patience });
}

class ChatServer implements RemoteTeacher {
  readonly endpoint: Endpoint;
  readonly name: string;
  readonly identity: string;
  readonly lanes = lanes;
  requests = 0;
  readonly #model: string;
  readonly #key: string | undefined;
  readonly #patience: Patience;
  /** Whether the server takes a JSON Schema; known to be false once it took the same question only without. */
  #structured = true;
  /** When the server wants to be asked again; all lanes keep to it. */
  #openAtMs = 0;

  constructor(endpoint: Endpoint, model: string, key: string | undefined, patience: Patience) {
    this.endpoint = endpoint;
    this.name = `${model} at ${endpoint.host}`;
    this.identity = `${endpoint.shown} ${model}`;
    this.#model = model;
    this.#key = key;
    this.#patience = patience;
  }

  async ask(question: Question, signal?: AbortSignal): Promise<Reply> {
    const { content, tokens } = await this.#complete(question, signal);
    return { items: readItems(content, question.count), tokens };
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #complete(question: Question, signal: AbortSignal | undefined) {
    if (this.#structured) {
      try {
        return await this.#try(question, true, signal);
      } catch (error) {
        if (!(error instanceof RequestRefused)) {
          throw error;
        }
      }
    }
    try {
      const completion = await this.#try(question, false, signal);
      this.#structured = false;
      return completion;
    } catch (error) {
      throw error instanceof RequestRefused ? error.error : error;
    }
  }

  /** Asks until there is an answer or patience ends; pauses double, and differ by chance so that lanes part. */
  async #try(question: Question, structured: boolean, signal: AbortSignal | undefined) {
    const { attempts, pauseMs, longestPauseMs } = this.#patience;
    const body = JSON.stringify(this.#request(question, structured));
    for (let attempt = 1; ; attempt++) {
      await this.#waitUntilOpen(signal);
      throwIfAborted(signal);
      this.requests++;
      try {
        const answer = await sendRequest(body, {
          endpoint: this.endpoint,
          key: this.#key,
          patience: this.#patience,
          signal,
        });
        return readCompletion(answer, this.endpoint);
      } catch (error) {
        throwIfAborted(signal);
        if (!(error instanceof PassingFailure)) {
          throw error;
        }
        if (attempt >= attempts) {
          const { code, message, hint } = error.error;
          throw teacherError(
            code.replace("FUZZ_TEACHER_", ""),
            `${message} (${attempt} attempts)`,
            hint,
            {
              cause: error.error,
            },
          );
        }
        const backOffMs = pauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
        await this.#pause(error, Math.min(backOffMs, longestPauseMs), signal);
      }
    }
  }

  async #pause(
    failure: PassingFailure,
    backOffMs: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (failure.pauseMs === undefined) {
      await sleepUnless(backOffMs, signal);
    } else {
      this.#openAtMs = Math.max(this.#openAtMs, performance.now() + failure.pauseMs);
    }
  }

  async #waitUntilOpen(signal: AbortSignal | undefined): Promise<void> {
    // Another lane may put it off meanwhile.
    for (;;) {
      const leftMs = this.#openAtMs - performance.now();
      if (leftMs <= 0 || signal?.aborted) {
        return;
      }
      await sleepUnless(Math.ceil(leftMs), signal);
    }
  }

  /** Only what every server takes: no limit of tokens and no temperature, whose names and ranges differ. */
  #request({ instructions, text, ...question }: Question, structured: boolean) {
    const schema = listSchema({ instructions, text, ...question });
    return {
      model: this.#model,
      messages: [
        { role: "system", content: instructions },
        { role: "user", content: text },
      ],
      ...(structured && {
        response_format: { type: "json_schema", json_schema: { name: "items", schema } },
      }),
    };
  }
}

/** Ends early, without an error, when the signal fires. */
async function sleepUnless(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => {});
}
