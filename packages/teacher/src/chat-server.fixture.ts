import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { PairsRequest } from "./pairs-request.ts";

/** The function that the server below is a good teacher of. */
export const parity: PairsRequest = {
  spec: "Say whether the number in the text is even or odd.",
  output: { type: "labels", labels: ["even", "odd"] },
  examples: [
    { input: "number 1", output: "odd" },
    { input: "number 2", output: "even" },
  ],
};

/** What a client sent. */
export interface ChatRequest {
  headers: IncomingMessage["headers"];
  path: string | undefined;
  body: {
    model: string;
    messages: { role: string; content: string }[];
    response_format?: { json_schema: { schema: object } };
  };
  /** Counts from 1. */
  number: number;
}

export type Handler = (request: ChatRequest, response: ServerResponse) => void;

export interface ChatServer {
  /** Base URL, as a user gives it. */
  readonly url: string;
  readonly requests: ChatRequest[];
  /** What it answers; set back to `answerWell` before each test. */
  handle: Handler;
}

/** A real server that speaks OpenAI's chat protocol, the same for all tests of a file. */
export function useChatServer(): ChatServer {
  const chat = { url: "", requests: [] as ChatRequest[], handle: answerWell };
  const server = createServer(async (request, response) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of request) {
      pieces.push(piece);
    }
    const { headers, url: path } = request;
    const body = JSON.parse(Buffer.concat(pieces).toString());
    const one = { headers, path, body, number: chat.requests.length + 1 };
    chat.requests.push(one);
    chat.handle(one, response);
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    chat.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  beforeEach(() => {
    chat.requests.length = 0;
    chat.handle = answerWell;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return chat;
}

/** Answers as a good teacher of `parity` does. */
export const answerWell: Handler = (request, response) => {
  sendText(response, JSON.stringify({ items: goodItems(request) }));
};

/** New pairs, or the outputs of the inputs in the question. */
export function goodItems({ body }: ChatRequest): { [key: string]: unknown }[] {
  const question = textOf(body);
  const asked = [...question.matchAll(/^(\d+)\. "number (\d+)"$/gm)];
  if (asked.length > 0) {
    return asked.map(([, number, value]) => ({ number: Number(number), output: parityOf(value) }));
  }
  const [, set, count] = /This is set (\d+)\. Write (\d+) new/.exec(question) ?? [];
  return Array.from({ length: Number(count) }, (_, index) => {
    const value = Number(set) * 100 + index;
    return { input: `number ${value}`, output: parityOf(value) };
  });
}

export function isSecondPass({ body }: ChatRequest): boolean {
  return textOf(body).includes("Inputs:\n");
}

/** A chat completion with this text. */
export function sendText(response: ServerResponse, content: string, more: object = {}): void {
  response.writeHead(200, { "content-type": "application/json" }).end(
    JSON.stringify({
      choices: [{ message: { role: "assistant", content }, finish_reason: "stop", ...more }],
      usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
    }),
  );
}

/** An error as OpenAI writes it. */
export function sendError(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify({ error: { message } }));
}

function textOf(body: ChatRequest["body"]): string {
  return body.messages.at(-1)?.content ?? "";
}

function parityOf(value: unknown): string {
  return Number(value) % 2 === 0 ? "even" : "odd";
}
