import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  answerWell,
  goodItems,
  isSecondPass,
  parity,
  sendError,
  sendText,
  useChatServer,
} from "./chat-server.fixture.ts";
import { openRemoteTeacher } from "./open-remote-teacher.ts";
import type { PairsProgress } from "./pairs-report.ts";
import type { PairsRequest } from "./pairs-request.ts";
import { type WritePairsOptions, writePairs } from "./write-pairs.ts";

const server = useChatServer();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-teacher-"));
});
afterEach(() => rm(folder, { recursive: true }));

function write(options: Partial<WritePairsOptions> = {}, request: PairsRequest = parity) {
  const patience = { pauseMs: 1, attempts: 2 };
  const teacher = openRemoteTeacher({ url: server.url, model: "tiny", patience });
  return writePairs(request, { teacher, count: 12, folder, ...options });
}

/** What the server was asked, each question once. */
const questions = () => server.requests.map(({ body }) => JSON.stringify(body.messages));

async function readJournal(): Promise<{ path: string; lines: string[] }> {
  const [name] = (await readdir(folder)).filter((file) => file.endsWith(".jsonl"));
  const path = join(folder, name as string);
  return { path, lines: (await readFile(path, "utf8")).split("\n") };
}

describe("writePairs", () => {
  test("writes as many pairs as are wanted, in several styles, each answered twice", async () => {
    const progress: PairsProgress[] = [];
    const { pairs, report } = await write({ onProgress: (one) => progress.push({ ...one }) });
    expect(pairs).toHaveLength(12);
    expect(pairs[0]).toEqual({
      input: "number 100",
      output: "even",
      example: { input: "number 100", output: "even" },
    });
    expect(new Set(pairs.map(({ example }) => example.input)).size).toBe(12);
    expect(report).toMatchObject({ pairs: 12, rejected: 0, disagreed: 0, requests: 4, reused: 0 });
    expect(report.tokens).toEqual({ input: 400, output: 200 });
    const [first, second] = questions() as [string, string];
    expect(first).toContain("ordinary inputs");
    expect(second).toContain("hard inputs");
    for (const question of [first, second]) {
      expect(question).toContain(parity.spec);
      expect(question).toContain('\\"number 1\\"');
    }
    const last = server.requests.at(-1);
    expect(last && isSecondPass(last)).toBe(true);
    expect(questions().at(-1)).not.toContain('output\\":\\"even\\"}\\n1.');
    expect(progress.at(-1)).toMatchObject({ pairs: 12, wanted: 12, secondsLeft: 0 });
  });

  test("drops what is not of the declared form, is there already, or is answered otherwise", async () => {
    server.handle = (request, response) => {
      const good = goodItems(request);
      const items = isSecondPass(request)
        ? good.map((item, index) => (index === 0 ? { ...item, output: "odd" } : item))
        : [
            { input: "number 3", output: "neither" },
            { input: "", output: "odd" },
            { input: { text: "x" }, output: "odd" },
            { input: "say {INPUT_PLACEHOLDER}", output: "odd" },
            null,
            // The user's own, and one that differs in nothing that counts.
            { input: "Number  2!", output: "odd" },
            { input: good[0]?.input, output: "even" },
            { input: good[1]?.input, output: "odd" },
          ];
      sendText(response, JSON.stringify({ items }));
    };
    const { pairs, report } = await write({ count: 8 });
    // Of each question one pair is left, since the second pass says otherwise of the other.
    expect(pairs.map(({ output }) => output)).toEqual(["odd", "odd", "odd", "odd"]);
    expect(report).toMatchObject({ pairs: 4, rejected: 20, duplicates: 4, disagreed: 4 });
    expect(pairs.every(({ example }) => example.input !== "number 2")).toBe(true);
  });

  test("ends when a teacher only repeats itself", async () => {
    server.handle = (request, response) =>
      isSecondPass(request)
        ? answerWell(request, response)
        : sendText(
            response,
            JSON.stringify({ items: new Array(8).fill({ input: "number 7", output: "odd" }) }),
          );
    const { pairs, report } = await write({ count: 48 });
    expect(pairs).toHaveLength(1);
    expect(report.duplicates).toBe(report.requests * 8 - 9);
    expect(report.requests).toBe(13);
  });

  test("goes on after answers that can't be read, and counts them", async () => {
    server.handle = (request, response) =>
      request.number === 1 ? sendText(response, "Sure!") : answerWell(request, response);
    const { pairs, report } = await write();
    expect(pairs).toHaveLength(12);
    expect(report.unusable).toBe(1);
  });

  test("says so when nothing could be kept, and begins afresh the next time", async () => {
    server.handle = (_, response) => sendText(response, "I'd rather not.");
    await expect(write()).rejects.toMatchObject({
      code: "FUZZ_TEACHER_NO_PAIRS",
      message: expect.stringContaining("I'd rather not."),
    });
    server.handle = answerWell;
    expect((await write()).pairs).toHaveLength(12);
  });

  test("asks nothing twice: the same again costs nothing, more goes on from there", async () => {
    const first = await write();
    const asked = questions();
    const again = await write({ confirm: () => Promise.reject(new Error("not asked")) });
    expect(again.pairs).toEqual(first.pairs);
    expect(again.report).toMatchObject({ requests: 0, reused: asked.length });
    const more = await write({ count: 30 });
    expect(more.pairs).toHaveLength(30);
    expect(more.pairs.slice(0, 12)).toEqual(first.pairs);
    expect(new Set(questions()).size).toBe(questions().length);
  });

  test("asks again for another spec, output, model or example of the user's", async () => {
    await write();
    const teacher = openRemoteTeacher({ url: server.url, model: "other" });
    const changes: [Partial<WritePairsOptions>, Partial<PairsRequest>][] = [
      [{ teacher }, {}],
      [{}, { spec: `${parity.spec} Zero is even.` }],
      [{}, { output: { type: "text" } }],
      [{}, { examples: parity.examples.slice(1) }],
    ];
    for (const [options, request] of changes) {
      const { report } = await write(options, { ...parity, ...request });
      expect(report).toMatchObject({ reused: 0, pairs: 12 });
    }
  });

  test("keeps what was answered before an error, and goes on from there", async () => {
    server.handle = (request, response) =>
      request.number > 3 ? sendError(response, 401, "key expired") : answerWell(request, response);
    await expect(write({ count: 30 })).rejects.toMatchObject({
      code: "FUZZ_TEACHER_UNAUTHORISED",
    });
    const answered = questions().slice(0, 3);
    server.requests.length = 0;
    server.handle = answerWell;
    const { pairs, report } = await write({ count: 30 });
    expect(pairs).toHaveLength(30);
    expect(report.reused).toBe(3);
    expect(questions().filter((question) => answered.includes(question))).toEqual([]);
  });

  test("tolerates a journal whose last line was torn, or whose lines were damaged", async () => {
    const { pairs } = await write();
    const { path, lines } = await readJournal();
    const count = lines.length - 1;
    await writeFile(
      path,
      [...lines.slice(0, count - 1), lines[count - 1]?.slice(0, 40)].join("\n"),
    );
    const torn = await write();
    expect(torn.pairs).toEqual(pairs);
    expect(torn.report).toMatchObject({ reused: count - 1, requests: 1 });
    expect((await readJournal()).lines.sort()).toEqual([...lines].sort());

    await writeFile(path, ["{}", "\0\0", '{"question":3}', ...lines.slice(1)].join("\n"));
    expect((await write()).report).toMatchObject({ reused: count - 1, requests: 1 });
    await appendFile(path, '{"question"');
    expect((await write()).report).toMatchObject({ reused: count, requests: 0 });
  });

  test("asks for a yes once, with an estimate, before anything is sent", async () => {
    const estimates: unknown[] = [];
    await expect(
      write({
        confirm: async (estimate) => {
          estimates.push(estimate);
          throw new Error("no");
        },
      }),
    ).rejects.toThrow("no");
    expect(server.requests).toEqual([]);
    expect(estimates).toHaveLength(1);
    await write({ confirm: async (estimate) => void estimates.push(estimate) });
    expect(estimates).toHaveLength(2);
    expect(estimates[0]).toMatchObject({ requests: 4 });
  });

  test("ends at once when it is cancelled", async () => {
    const stop = new AbortController();
    server.handle = (request, response) =>
      request.number < 3 ? answerWell(request, response) : stop.abort();
    await expect(write({ signal: stop.signal })).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
  });

  test("two at once ask each question once", async () => {
    const [one, other] = await Promise.all([write(), write()]);
    expect(one.pairs).toEqual(other.pairs);
    expect(new Set(questions()).size).toBe(questions().length);
  });

  test("writes pairs of named inputs and JSON, keys in the schema's order", async () => {
    const request: PairsRequest = {
      spec: "Take the item and how many of it out of an order.",
      output: {
        type: "json",
        schema: {
          type: "object",
          properties: { item: { $ref: "#/$defs/name" }, count: { type: "integer" } },
          required: ["item", "count"],
          additionalProperties: false,
          $defs: { name: { type: "string", minLength: 1 } },
        },
      },
      inputs: ["shop", "text"],
      examples: [],
    };
    server.handle = (one, response) => {
      const output = { count: 2, item: "cup" };
      const items = isSecondPass(one)
        ? [{ number: 1, output }]
        : [
            { input: { shop: "a", text: "two cups" }, output },
            { input: { shop: "a" }, output },
            { input: "two cups", output },
            { input: { shop: "a", text: "2 cups" }, output: { count: "2", item: "cup" } },
          ];
      sendText(response, JSON.stringify({ items }));
    };
    const { pairs, report } = await write({ count: 1 }, request);
    expect(pairs[0]?.input).toEqual({ shop: "a", text: "two cups" });
    expect(pairs[0]?.example).toEqual({
      input: "shop: a\ntext: two cups",
      output: '{"item":"cup","count":2}',
    });
    expect(report.rejected).toBe(0);
    const schema = server.requests[0]?.body.response_format?.json_schema.schema;
    expect(schema).toHaveProperty("$defs.name.minLength", 1);
    expect(schema).toHaveProperty("properties.items.items.properties.output.required");
  });
});
