import { gzipSync } from "node:zlib";
import type { FuzzError } from "@fuzzc/program";
import { describe, expect, test } from "vitest";
import { askForPairs } from "./ask-for-pairs.ts";
import {
  answerWell,
  goodItems,
  type Handler,
  parity,
  sendError,
  sendText,
  useChatServer,
} from "./chat-server.fixture.ts";
import { openRemoteTeacher, type RemoteTeacherOptions } from "./open-remote-teacher.ts";
import { UnusableAnswer } from "./teacher.ts";

const server = useChatServer();
const question = askForPairs({ request: parity, kept: [], written: [], number: 0, count: 3 });
const key = { key: "sk-secret-123", variable: "FUZZC_TEACHER_KEY" };
const patience = { answerMs: 400, stallMs: 300, attempts: 3, pauseMs: 1, longestPauseMs: 2_000 };

const open = (options: Partial<RemoteTeacherOptions> = {}) =>
  openRemoteTeacher({ url: server.url, model: "tiny", key, patience, ...options });

/** Asks the server; gives the error. */
async function failure(handle: Handler): Promise<FuzzError> {
  server.handle = handle;
  return open()
    .ask(question)
    .then(
      ({ items }) => Promise.reject(new Error(`it gave ${items.length} items`)),
      (error) => error,
    );
}

describe("a remote teacher", () => {
  test("is asked by the chat protocol, with key, model and schema", async () => {
    const teacher = open();
    const { items, tokens } = await teacher.ask(question);
    expect(items).toEqual(goodItems(server.requests[0] as never));
    expect(tokens).toEqual({ input: 100, output: 50 });
    expect(teacher.requests).toBe(1);
    const [{ headers, path, body }] = server.requests as [(typeof server.requests)[0]];
    expect(path).toBe("/v1/chat/completions");
    expect(headers.authorization).toBe("Bearer sk-secret-123");
    expect(body.model).toBe("tiny");
    expect(body.messages.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(body.response_format?.json_schema.schema).toMatchObject({
      properties: { items: { items: { properties: { output: { enum: ["even", "odd"] } } } } },
    });
  });

  test("does without a schema where the server refuses one, from then on", async () => {
    server.handle = (request, response) =>
      request.body.response_format
        ? sendError(response, 400, "response_format is not supported")
        : answerWell(request, response);
    const teacher = open();
    await teacher.ask(question);
    await teacher.ask(question);
    const structured = server.requests.map(({ body }) => body.response_format !== undefined);
    expect(structured).toEqual([true, false, false]);
  });

  test.each([
    ["in a fence", (text: string) => `Here you are:\n\`\`\`json\n${text}\n\`\`\`\nBye.`],
    ["after a thought", (text: string) => `<think>{"items": []} or so</think>\n${text}`],
    ["between words", (text: string) => `Sure! ${text} Anything else?`],
  ])("reads items %s", async (_, wrap) => {
    server.handle = (request, response) =>
      sendText(response, wrap(JSON.stringify({ items: goodItems(request) })));
    expect((await open().ask(question)).items).toHaveLength(3);
  });

  test("takes no more items than it asked for", async () => {
    server.handle = (_, response) =>
      sendText(response, JSON.stringify(new Array(10_000).fill({ input: "x", output: "odd" })));
    expect((await open().ask(question)).items).toHaveLength(3);
  });

  test.each<[string, Handler]>([
    ["no JSON", (_, response) => sendText(response, "I can't do that.")],
    ["no list", (_, response) => sendText(response, '{"items": 3}')],
    ["nothing", (_, response) => sendText(response, "")],
    ["half", (_, response) => sendText(response, '{"items": [', { finish_reason: "length" })],
    [
      "a refusal",
      (_, response) => sendText(response, "", { message: { content: null, refusal: "No." } }),
    ],
  ])("says that an answer is unusable: %s", async (_, handle) => {
    expect(await failure(handle)).toBeInstanceOf(UnusableAnswer);
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    [401, "FUZZ_TEACHER_UNAUTHORISED"],
    [403, "FUZZ_TEACHER_UNAUTHORISED"],
    [404, "FUZZ_TEACHER_NOT_FOUND"],
    [402, "FUZZ_TEACHER_REFUSED"],
    [413, "FUZZ_TEACHER_REFUSED"],
  ])("gives up at once on %i, and hides the key that the server repeats", async (status, code) => {
    const error = await failure((_, response) =>
      sendError(response, status, `no good: sk-secret-123, ${"x".repeat(5_000)}`),
    );
    expect(error).toMatchObject({ code, kind: "resource" });
    expect(error.message).toContain("[key]");
    expect(JSON.stringify([error, error.message, String(error.cause)])).not.toContain("secret");
    expect(error.message.length).toBeLessThan(500);
    expect(server.requests).toHaveLength(1);
  });

  test("tells a refusal of the request from one of the schema", async () => {
    const error = await failure((_, response) => sendError(response, 400, "unknown model"));
    expect(error).toMatchObject({ code: "FUZZ_TEACHER_REFUSED" });
    expect(server.requests).toHaveLength(2);
  });

  test("follows no redirect, so that nothing goes where it was not sent", async () => {
    const error = await failure((_, response) =>
      response.writeHead(307, { location: `${server.url}/elsewhere?token=1` }).end(),
    );
    expect(error).toMatchObject({ code: "FUZZ_TEACHER_REDIRECTED" });
    expect(error.message).not.toContain("token");
    expect(server.requests).toHaveLength(1);
  });

  test("tries again after 500, and after a connection that was cut", async () => {
    server.handle = (request, response) => {
      if (request.number === 1) {
        sendError(response, 500, "oops");
      } else if (request.number === 2) {
        response.writeHead(200, { "content-length": 1000 });
        response.write('{"choices": [', () => response.destroy());
      } else {
        answerWell(request, response);
      }
    };
    const teacher = open();
    expect((await teacher.ask(question)).items).toHaveLength(3);
    expect(teacher.requests).toBe(3);
  });

  test.each<[string, string, Handler]>([
    ["an error each time", "UNAVAILABLE", (_, response) => sendError(response, 503, "busy")],
    ["429 each time", "RATE_LIMITED", (_, response) => sendError(response, 429, "slow down")],
    ["silence", "UNREACHABLE", () => {}],
    [
      "a body that stops",
      "UNREACHABLE",
      (_, response) => {
        response.writeHead(200);
        response.write("{");
      },
    ],
    [
      "a body cut in a valid answer",
      "ANSWER_INVALID",
      (_, response) => response.writeHead(200).end('{"choices":[{"mess'),
    ],
    [
      "a page that calls itself JSON",
      "ANSWER_INVALID",
      (_, response) =>
        response.writeHead(200, { "content-type": "application/json" }).end("<html>Log in</html>"),
    ],
    [
      "JSON that is something else",
      "ANSWER_INVALID",
      (_, response) => response.writeHead(200).end('{"error":{"message":"no credit"}}'),
    ],
  ])("gives up in the end: %s", async (_, code, handle) => {
    const error = await failure(handle);
    expect(error).toMatchObject({ code: `FUZZ_TEACHER_${code}` });
    expect(error.message).toContain("(3 attempts)");
    expect(server.requests).toHaveLength(3);
  });

  test("goes by the body and not by the content type", async () => {
    server.handle = (request, response) => {
      response.setHeader("content-type", "text/html");
      const content = JSON.stringify({ items: goodItems(request) });
      response.end(JSON.stringify({ choices: [{ message: { content } }] }));
    };
    expect((await open().ask(question)).items).toHaveLength(3);
  });

  test("refuses a huge body, also one that was small before it was unpacked", async () => {
    const huge = gzipSync(Buffer.alloc(32 * 1024 ** 2, " "));
    const error = await failure((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(huge),
    );
    expect(error).toMatchObject({ code: "FUZZ_TEACHER_ANSWER_TOO_LARGE" });
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ["seconds", () => "1"],
    ["a date", () => new Date(Date.now() + 2_000).toUTCString()],
  ])("waits as long as Retry-After says, in %s, on all lanes", async (_, after) => {
    let openAtMs = 0;
    let tooEarly = 0;
    server.handle = (request, response) => {
      if (openAtMs === 0) {
        // A date has whole seconds, so that it may be up to one second nearer.
        openAtMs = performance.now() + 950;
        sendError(response, 429, "slow down", { "retry-after": after() });
        return;
      }
      tooEarly += performance.now() < openAtMs ? 1 : 0;
      answerWell(request, response);
    };
    const teacher = open();
    const first = teacher.ask(question);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all([first, teacher.ask(question), teacher.ask(question)]);
    expect(tooEarly).toBe(0);
    expect(server.requests).toHaveLength(4);
  });

  test("gives up where Retry-After asks for more than its patience", async () => {
    const error = await failure((_, response) =>
      sendError(response, 429, "come back tomorrow", { "retry-after": "86400" }),
    );
    expect(error).toMatchObject({ code: "FUZZ_TEACHER_RATE_LIMITED" });
    expect(error.message).toContain("86400 s");
    expect(server.requests).toHaveLength(1);
  });

  test("does not wait for an account that is empty", async () => {
    const error = await failure((_, response) =>
      response.writeHead(429).end('{"error":{"code":"insufficient_quota","message":"pay"}}'),
    );
    expect(error).toMatchObject({ code: "FUZZ_TEACHER_REFUSED" });
    expect(server.requests).toHaveLength(1);
  });

  test("says that nobody is there", async () => {
    await expect(open({ url: "http://127.0.0.1:1/v1" }).ask(question)).rejects.toMatchObject({
      code: "FUZZ_TEACHER_UNREACHABLE",
    });
  });

  test("ends at once when it is cancelled, while it waits for an answer or to ask again", async () => {
    for (const handle of [
      () => {},
      (_, response) => sendError(response, 503, "busy"),
    ] as Handler[]) {
      server.handle = handle;
      const stop = new AbortController();
      const patient = { answerMs: 60_000, pauseMs: 60_000, longestPauseMs: 60_000 };
      const asked = open({ patience: patient }).ask(question, stop.signal);
      setTimeout(() => stop.abort(), 50);
      await expect(asked).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
    }
  });
});
