import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FuzzError } from "@fuzzc/program";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DownloadOptions, downloadFile } from "./download-file.ts";
import { PartFile } from "./part-file.ts";

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251));
const sha256 = createHash("sha256").update(content).digest("hex");
const patience = { answerMs: 400, stallMs: 300, attempts: 3, pauseMs: 5, longestPauseMs: 50 };

let folder: string;
let server: Server;
let url: string;
/** The range that each request asked for. */
let ranges: (string | undefined)[];
let answer: (request: IncomingMessage, response: ServerResponse, count: number) => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-download-"));
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response, ranges.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** As a hub serves it: with ranges, and whole without. */
function serve(request: IncomingMessage, response: ServerResponse, until = content.length): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, {
    "content-length": content.length - start,
    ...(start > 0
      ? { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` }
      : {}),
  });
  if (until < content.length) {
    // The pause lets the piece arrive before the connection is cut.
    response.write(content.subarray(start, until), () => setTimeout(() => response.destroy(), 50));
  } else {
    response.end(content.subarray(start));
  }
}

/** Whether the file that arrives is the right one, byte for byte. */
async function download(options: Partial<DownloadOptions> = {}): Promise<boolean> {
  await using part = await PartFile.open(join(folder, "file.part"), content.length);
  await downloadFile(url, part, { sizeBytes: content.length, sha256, patience, ...options });
  await part.finish(join(folder, "file"));
  // Much quicker than toEqual.
  return content.equals(await readFile(join(folder, "file")));
}

describe("downloadFile", () => {
  test("fetches a file and reports its progress", async () => {
    answer = (request, response) => serve(request, response);
    const sizes: number[] = [];
    expect(await download({ onBytes: (bytes) => sizes.push(bytes) })).toBe(true);
    expect(sizes.at(-1)).toBe(content.length);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(ranges).toEqual([undefined]);
  });

  test("goes on where a cut connection stopped", async () => {
    answer = (request, response, count) =>
      serve(request, response, count === 1 ? 100_000 : undefined);
    expect(await download()).toBe(true);
    expect(ranges).toEqual([undefined, "bytes=100000-"]);
  });

  test("goes on as long as each attempt brings something", async () => {
    answer = (request, response, count) => serve(request, response, count * 40_000);
    expect(await download()).toBe(true);
    expect(ranges).toHaveLength(8);
  });

  test("goes on where an earlier process stopped", async () => {
    await writeFile(join(folder, "file.part"), content.subarray(0, 250_000));
    answer = (request, response) => serve(request, response);
    expect(await download()).toBe(true);
    expect(ranges).toEqual(["bytes=250000-"]);
  });

  test("starts over when what was there belongs to another file", async () => {
    await writeFile(join(folder, "file.part"), Buffer.alloc(1000, 1));
    answer = (request, response) => serve(request, response);
    expect(await download()).toBe(true);
    expect(ranges).toEqual(["bytes=1000-", undefined]);
  });

  test("takes a whole part without asking, and throws away one that is too long", async () => {
    await writeFile(join(folder, "file.part"), content);
    answer = (request, response) => serve(request, response);
    expect(await download()).toBe(true);
    expect(ranges).toEqual([]);
    await writeFile(join(folder, "file.part"), Buffer.concat([content, content]));
    expect(await download()).toBe(true);
    expect(ranges).toEqual([undefined]);
  });

  test("takes the whole file from a server that knows no ranges", async () => {
    await writeFile(join(folder, "file.part"), content.subarray(0, 5));
    answer = (_request, response) => response.end(content);
    expect(await download()).toBe(true);
  });

  test("starts over when the server refuses the range", async () => {
    await writeFile(join(folder, "file.part"), content.subarray(0, 5));
    answer = (request, response) =>
      request.headers.range ? response.writeHead(416).end() : serve(request, response);
    expect(await download()).toBe(true);
  });

  test("follows redirects with the range", async () => {
    await writeFile(join(folder, "file.part"), content.subarray(0, 5));
    answer = (request, response) =>
      request.url === "/file"
        ? response.writeHead(302, { location: "/elsewhere" }).end()
        : serve(request, response);
    expect(await download()).toBe(true);
    expect(ranges).toEqual(["bytes=5-", "bytes=5-"]);
  });

  test("repeats 429 and 5xx, and obeys Retry-After", async () => {
    const statuses = [429, 503];
    answer = (request, response, count) => {
      const status = statuses[count - 1];
      if (status === undefined) {
        serve(request, response);
      } else {
        response.writeHead(status, { "retry-after": "0" }).end("later");
      }
    };
    expect(await download()).toBe(true);
    expect(ranges).toHaveLength(3);
  });

  test.each([
    ["404 at once", 404, {}, "it answered 404 Not Found", 1],
    ["401 at once", 401, {}, "it answered 401 Unauthorized", 1],
    ["500 after some attempts", 500, {}, "it answered 500 Internal Server Error (3 attempts)", 3],
    [
      "a long Retry-After at once",
      429,
      { "retry-after": "3600" },
      "it answered 429 Too Many Requests and asks for 3600 s of patience",
      1,
    ],
  ])("gives up on %s", async (_name, status, headers, reason, count) => {
    answer = (_request, response) => response.writeHead(status, headers).end("no");
    await expect(download()).rejects.toMatchObject({ name: "SourceFailure", message: reason });
    expect(ranges).toHaveLength(count);
  });

  test("refuses a file of another size before it reads it", async () => {
    answer = (_request, response) => response.end("<html>Log in to the hotel's network</html>");
    await expect(download()).rejects.toThrow(`its file has 42 bytes, not ${content.length}`);
  });

  test("refuses a body that goes on after the end", async () => {
    answer = (_request, response) => {
      response.write(content);
      response.end("more");
    };
    await expect(download()).rejects.toThrow("it sent more than the 300000 bytes of the file");
  });

  test("refuses another content, and keeps nothing of it", async () => {
    answer = (_request, response) => response.end(Buffer.alloc(content.length));
    await expect(download()).rejects.toThrow(/^what it sent has the sha256 [0-9a-f]{64}, not /);
    expect((await readFile(join(folder, "file.part"))).length).toBe(0);
  });

  test("gives up on a server that never answers", async () => {
    answer = () => {};
    await expect(download()).rejects.toThrow("it did not answer within 0.4 s");
    expect(ranges).toHaveLength(1);
  });

  test("asks again when a server stops sending", async () => {
    answer = (request, response, count) => {
      if (count > 1) {
        serve(request, response);
      } else {
        response.writeHead(200, { "content-length": content.length });
        response.write(content.subarray(0, 1000));
      }
    };
    expect(await download()).toBe(true);
    expect(ranges[1]).toMatch(/^bytes=1000-$/);
  });

  test("says that a server refuses the connection, or that its name is unknown", async () => {
    server.close();
    await expect(download()).rejects.toThrow("it refused the connection");
    url = "http://no-such-host.invalid/file";
    await expect(download()).rejects.toThrow("its name can't be resolved");
  });

  test("stops when it is cancelled, and keeps what it has", async () => {
    const controller = new AbortController();
    answer = (_request, response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 1000));
    };
    const error = await download({
      signal: controller.signal,
      onBytes: () => controller.abort(),
    }).catch((error) => error);
    expect(FuzzError.isInstance(error) && error.code).toBe("FUZZ_CANCELLED");
    expect((await readFile(join(folder, "file.part"))).length).toBe(1000);
  });
});
