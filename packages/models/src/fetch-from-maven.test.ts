import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { BaseModel } from "./catalogue.ts";
import type { Progress } from "./progress.ts";
import { companionPath, modelPath, resolveBaseModel } from "./resolve-base-model.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const content = Buffer.from("a small file that stands for a model ".repeat(1000));
const words = Buffer.from("{}");
const model: BaseModel = {
  name: "tiny",
  licence: "Apache-2.0",
  file: "model.onnx",
  sizeBytes: content.length,
  sha256: sha256(content),
  hub: { repository: "some/one", revision: "main", file: "onnx/model.onnx" },
  maven: { artifact: "fuzzc.test:tiny:1.0", member: "tiny.onnx" },
  quantisation: "Q8_0",
  companions: [
    {
      file: "tokenizer.json",
      sizeBytes: words.length,
      sha256: sha256(words),
      places: { hub: "tokenizer.json", maven: "tiny-tokenizer.json" },
    },
  ],
};

let folder: string;
let server: Server;
let paths: string[];
let env: NodeJS.ProcessEnv;
let sendJar: (response: ServerResponse) => void;
let jar: Uint8Array;

/**
 * A Maven repository with one artifact, which Maven's own files for a folder and what lies below name: global settings
 * with the repository, and a local repository of its own, so that the user's stays as it is. The plugin comes from where
 * the user's Maven has it from.
 */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-maven-"));
  jar = await writeJar();
  const pom = `<project><modelVersion>4.0.0</modelVersion>
    <groupId>fuzzc.test</groupId><artifactId>tiny</artifactId><version>1.0</version></project>`;
  server = createServer((request, response) => {
    const path = request.url ?? "";
    paths.push(path);
    const sums = {
      "/fuzzc/test/tiny/1.0/tiny-1.0.jar": jar,
      "/fuzzc/test/tiny/1.0/tiny-1.0.pom": pom,
    };
    const summed = sums[path.replace(/\.sha1$/, "") as keyof typeof sums];
    if (summed === undefined) {
      response.writeHead(404).end();
    } else if (path.endsWith(".sha1")) {
      response.end(createHash("sha1").update(summed).digest("hex"));
    } else if (path.endsWith(".jar")) {
      sendJar(response);
    } else {
      response.end(summed);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = join(folder, "settings.xml");
  await writeFile(
    settings,
    `<settings><profiles><profile><id>test</id><repositories>
      <repository><id>test</id><url>${address}</url></repository>
    </repositories></profile></profiles>
    <activeProfiles><activeProfile>test</activeProfile></activeProfiles></settings>`,
  );
  await mkdir(join(folder, ".mvn"));
  const local = `-Dmaven.repo.local=${join(folder, "local")}`;
  await writeFile(join(folder, ".mvn", "maven.config"), `-gs\n${settings}\n${local}\n`);
  env = { ...process.env, FUZZC_HOME: join(folder, "home"), HF_ENDPOINT: address };
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  paths = [];
  sendJar = (response) => response.end(jar);
  await rm(join(folder, "home"), { recursive: true, force: true });
});

async function writeJar(): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter());
  await zip.add("tiny.onnx", new Uint8ArrayReader(content));
  await zip.add("tiny-tokenizer.json", new Uint8ArrayReader(words));
  return zip.close();
}

const resolveTiny = (options = {}, changes: Partial<BaseModel> = {}) =>
  resolveBaseModel("tiny", { catalogue: [{ ...model, ...changes }], env, ...options });
const filesLeft = () => readdir(dirname(modelPath(model, env)));

// First, while nothing is in the local repository.
test("can be cancelled, and leaves nothing behind", async () => {
  const controller = new AbortController();
  sendJar = (response) => {
    response.writeHead(200, { "content-length": jar.length }).write(jar.subarray(0, 10));
    controller.abort();
  };
  const cancelled = resolveTiny({ sources: ["maven"], signal: controller.signal });
  await expect(cancelled).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
  expect(paths).toContain("/fuzzc/test/tiny/1.0/tiny-1.0.jar");
  expect(await filesLeft()).toEqual([]);
});

test("a model and its companion come out of a jar when the hub has not got them", async () => {
  const seen: Progress[] = [];
  const found = await resolveTiny({ onProgress: (progress: Progress) => seen.push(progress) });
  expect(found.origin).toBe("maven");
  expect(await readFile(found.path)).toEqual(content);
  expect(await readFile(companionPath(model, "tokenizer.json", env))).toEqual(words);
  expect((await filesLeft()).sort()).toEqual(["model.onnx", "tokenizer.json"]);
  expect(paths).toContain("/some/one/resolve/main/tokenizer.json");
  expect(paths).toContain("/fuzzc/test/tiny/1.0/tiny-1.0.jar");
  expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(["maven", "unpack"]));
});

test("another content is refused, naming all that was tried and how to help oneself", async () => {
  const other = { sha256: "0".repeat(64) };
  const error = await resolveTiny({}, other).catch((error) => error);
  expect(error).toMatchObject({ code: "FUZZ_MODEL_UNAVAILABLE", kind: "resource" });
  const path = modelPath({ ...model, ...other }, env);
  expect(error.message.split("\n")).toEqual([
    "Cannot get the base model tiny. Tried:",
    `  the cache: ${path} is not there`,
    `  the hub, ${env.HF_ENDPOINT}/some/one/resolve/main/onnx/model.onnx: it answered 404 Not Found`,
    `  Maven, fuzzc.test:tiny:1.0: tiny.onnx has the sha256 ${model.sha256}, not ${other.sha256}`,
  ]);
  expect(error.hint).toContain(`put model.onnx and tokenizer.json into ${dirname(path)} yourself`);
});

test("it says what Maven could not find", async () => {
  const maven = { artifact: "fuzzc.test:none:1.0", member: "tiny.onnx" };
  await expect(resolveTiny({ sources: ["maven"] }, { maven })).rejects.toThrow(
    /Maven, fuzzc\.test:none:1\.0: mvn: .*Could not find artifact fuzzc\.test:none:jar:1\.0/,
  );
});

test("it says that Maven is not there", async () => {
  const bare = { ...env, PATH: folder };
  await expect(resolveTiny({ sources: ["maven"], env: bare })).rejects.toThrow(
    /Maven, fuzzc\.test:tiny:1\.0: mvn: not installed/,
  );
});
