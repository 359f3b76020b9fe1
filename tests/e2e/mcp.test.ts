import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBaseModel, ensureEncoder } from "@fuzzc/interpreter";
import { cacheFolder, defaultBaseModel } from "@fuzzc/models";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collect, runFuzzc, startFuzzc } from "./run-fuzzc.ts";

const entry = fileURLToPath(new URL("../../packages/fuzzc/bin/fuzzc.js", import.meta.url));

const triage = `spec: |
  Decide how soon a message needs a reply.
  now: the product is down. later: all else.
output: [now, later]
minProbability: 0.999
interpreter: encoder
`;
const several = `functions:
  rank:
    spec: Does the snippet do what the query says?
    inputs: [query, snippet]
    output: [fits, other]
    interpreter: encoder
  order-size:
    spec: Take the quantity out of an order.
    output:
      type: object
      properties: { quantity: { type: integer, minimum: 0, maximum: 9 } }
      required: [quantity]
      additionalProperties: false
  taught:
    spec: It needs a teacher.
    optimise: 3
`;

let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  await ensureBaseModel(defaultBaseModel);
  await ensureEncoder();
  folder = await mkdtemp(join(tmpdir(), "fuzzc-mcp-"));
  const home = join(folder, ".home");
  await mkdir(home);
  for (const name of ["models", "derived"]) {
    await symlink(join(cacheFolder(), name), join(home, name), "junction");
  }
  env = { FUZZC_HOME: home, FUZZC_OFFLINE: "1" };
  await put("triage.fuzz.yaml", triage);
  await put("several.fuzz.yaml", several);
});

afterAll(() => rm(folder, { recursive: true }));

const put = (path: string, text: string) => writeFile(join(folder, path), text);
const fuzzc = (...words: string[]) => runFuzzc(words, { cwd: folder, env });

/** A client of a server that it started, and what the server told on stderr when both have ended. */
async function serve(
  words: string[],
  work: (client: Client) => Promise<void>,
): Promise<{ stderr: string }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [entry, "mcp", ...words],
    cwd: folder,
    env,
    stderr: "pipe",
  });
  let stderr = "";
  transport.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(transport);
  try {
    await work(client);
  } finally {
    await client.close();
  }
  return { stderr };
}

test("an agent lists the functions of files and programs, and calls them", async () => {
  expect(await fuzzc("compile", "triage.fuzz.yaml", "-o", "soon.paw")).toMatchObject({ code: 0 });
  const words = ["soon.paw", "several.fuzz.yaml#rank", "several.fuzz.yaml#order-size"];
  const { stderr } = await serve(words, async (client) => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["triage", "rank", "order-size"]);
    expect(tools[0]?.description).toMatch(/^Decide how soon .*\nnow: .* all else\.$/);
    expect(tools[1]?.inputSchema).toMatchObject({
      properties: { query: { type: "string" }, snippet: { type: "string" } },
      required: ["query", "snippet"],
    });

    const call = (name: string, input: Record<string, unknown>) =>
      client.callTool({ name, arguments: input });
    const ranked = await call("rank", { query: "last item", snippet: "xs.at(-1)" });
    expect(ranked).toEqual({
      structuredContent: {
        output: expect.stringMatching(/^(fits|other)$/),
        probability: expect.any(Number),
        abstained: false,
      },
      content: [{ type: "text", text: JSON.stringify(ranked.structuredContent) }],
    });
    // Below its threshold.
    expect(await call("triage", { input: "A table of oak." })).toMatchObject({
      structuredContent: { output: null, abstained: true },
    });
    // The client checks it against the tool's schema.
    expect(await call("order-size", { input: "three bowls" })).toMatchObject({
      structuredContent: { output: { quantity: expect.any(Number) } },
    });
    expect(await call("rank", { query: "last item" })).toEqual({
      isError: true,
      content: [
        {
          type: "text",
          text: "The input lacks snippet (FUZZ_INPUT_INVALID)\nIt takes { query, snippet }, each of them text.",
        },
      ],
    });
    await expect(call("nobody", {})).rejects.toThrow("There is no tool nobody");
  });
  expect(stderr).toBe("");
});

test("a function that can't be compiled is told at its calls, and the others answer", async () => {
  const words = ["several.fuzz.yaml#taught", "triage.fuzz.yaml"];
  const { stderr } = await serve(words, async (client) => {
    const taught = { name: "taught", arguments: { input: "a" } };
    expect(await client.callTool(taught)).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("FUZZ_TEACHER_NEEDED") }],
    });
    const one = { name: "triage", arguments: { input: "Everything is down!" } };
    expect(await client.callTool(one)).toMatchObject({ structuredContent: { abstained: true } });
  });
  expect(stderr).toMatch(/^fuzzc: .*\(FUZZ_TEACHER_NEEDED\)/);
});

test("a call that is cancelled ends, and the next one is answered", async () => {
  await serve(["triage.fuzz.yaml"], async (client) => {
    const one = { name: "triage", arguments: { input: "Everything is down!" } };
    const cancel = new AbortController();
    const calling = client.callTool(one, undefined, { signal: cancel.signal });
    cancel.abort("not needed");
    await expect(calling).rejects.toThrow("not needed");
    expect(await client.callTool(one)).toMatchObject({ structuredContent: { abstained: true } });
  });
});

const hello = `${JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "test", version: "1.0.0" },
  },
})}\n`;

test("stdout has the protocol only, and the server ends with stdin", async () => {
  const stdin = `this is no message\n${hello}`;
  const run = await runFuzzc(["mcp", "triage.fuzz.yaml"], { cwd: folder, env, stdin });
  expect(run).toMatchObject({ code: 0, stderr: expect.stringMatching(/^fuzzc: .*JSON/) });
  expect(
    run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ jsonrpc: "2.0", id: 1, result: { serverInfo: { name: "fuzzc" } } }]);
});

test("a signal ends the server", async () => {
  const child = startFuzzc(["mcp", "triage.fuzz.yaml"], { cwd: folder, env });
  const running = collect(child);
  child.stdin?.write(hello);
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  child.kill("SIGTERM");
  expect(await running).toMatchObject({ code: 143, stderr: "" });
});

test.each([
  ["a file that is wrong", ["bad.fuzz.yaml"], 2, /bad\.fuzz\.yaml:1:1: unknown key "speck"/],
  ["two functions of one name", ["triage.fuzz.yaml", "./triage.fuzz.yaml"], 2, /FUZZ_NAME_TAKEN/],
  ["a file that is not there", ["none.paw"], 3, /FUZZ_FILE_NOT_FOUND/],
  ["no file", [], 2, /missing required argument 'files'/],
])("%s ends the command before it serves", async (_name, words, code, stderr) => {
  await put("bad.fuzz.yaml", "speck: a\n");
  expect(await fuzzc("mcp", ...words)).toEqual({
    code,
    stdout: "",
    stderr: expect.stringMatching(stderr),
  });
});
