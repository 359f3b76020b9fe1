import type { Patience } from "@fuzzc/models";
import { checkEndpoint, type Endpoint } from "./check-endpoint.ts";
import { listSchema } from "./list-schema.ts";
import { readCompletion } from "./read-completion.ts";
import { readItems } from "./read-items.ts";
import type { TeacherKey } from "./read-teacher-key.ts";
import { RequestRefused } from "./remote-errors.ts";
import { Retries } from "./retries.ts";
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
  /** Of the environment, where its key came from; undefined when it is asked without one. */
  readonly keyVariable: string | undefined;
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
  return new ChatServer(endpoint, model, key, { ...usualPatience, ...options.patience });
}

class ChatServer implements RemoteTeacher {
  readonly endpoint: Endpoint;
  readonly keyVariable: string | undefined;
  readonly name: string;
  readonly identity: string;
  readonly lanes = lanes;
  requests = 0;
  readonly #model: string;
  readonly #key: string | undefined;
  readonly #patience: Patience;
  readonly #retries: Retries;
  /** Whether the server takes a JSON Schema; known to be false once it took the same question only without. */
  #structured = true;

  constructor(endpoint: Endpoint, model: string, key: TeacherKey | undefined, patience: Patience) {
    this.endpoint = endpoint;
    this.keyVariable = key?.variable;
    this.name = `${model} at ${endpoint.host}`;
    this.identity = `${endpoint.shown} ${model}`;
    this.#model = model;
    this.#key = key?.key;
    this.#patience = patience;
    this.#retries = new Retries(patience);
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

  async #try(question: Question, structured: boolean, signal: AbortSignal | undefined) {
    const body = JSON.stringify(this.#request(question, structured));
    return await this.#retries.run(async () => {
      this.requests++;
      const answer = await sendRequest(body, {
        endpoint: this.endpoint,
        key: this.#key,
        patience: this.#patience,
        signal,
      });
      return readCompletion(answer, this.endpoint);
    }, signal);
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
