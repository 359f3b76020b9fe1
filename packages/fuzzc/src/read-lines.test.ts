import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Line, readLines } from "./read-lines.ts";

async function read(chunks: (string | Uint8Array)[], limit?: number): Promise<Line[]> {
  const bytes = chunks.map((chunk) => Buffer.from(chunk));
  const lines: Line[] = [];
  for await (const line of readLines(toAsync(bytes), limit)) {
    lines.push(line);
  }
  return lines;
}

async function* toAsync<Item>(items: Item[]): AsyncGenerator<Item> {
  yield* items;
}

const texts = (lines: Line[]) =>
  lines.map((line) => ("error" in line ? line.error.code : line.text));

describe("readLines", () => {
  test.each([
    ["nothing", "", []],
    ["one line without its end", "a", ["a"]],
    ["LF and CRLF", "a\nb\r\nc\n", ["a", "b", "c"]],
    ["empty lines", "\n\na\n\n", ["", "", "a", ""]],
    ["a CR within a line", "a\rb\n", ["a\rb"]],
    ["a byte order mark at the start only", "\ufeffa\n\ufeffb\n", ["a", "\ufeffb"]],
  ])("reads %s", async (_name, text, expected) => {
    expect(texts(await read([text]))).toEqual(expected);
  });

  test("a line that is not UTF-8 gives an error, and the others their text", async () => {
    const lines = await read([Buffer.from([97, 10, 0xff, 10, 98])]);
    expect(texts(lines)).toEqual(["a", "FUZZ_INPUT_INVALID", "b"]);
    expect(lines[1]).toMatchObject({
      number: 2,
      error: { message: "Line 2 is not text in UTF-8" },
    });
  });

  test("a line that is too long gives an error", async () => {
    const lines = await read(["a\n", "bbbb", "bbbb", "bb\nc\n", "ddddd"], 5);
    expect(texts(lines)).toEqual(["a", "FUZZ_INPUT_TOO_LONG", "c", "ddddd"]);
    expect(lines[1]).toMatchObject({ error: { message: "Line 2 has 10 bytes; the limit is 5" } });
  });

  test("gives the same lines however the bytes are cut", async () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("\n", "\r\n", "\r", "é\n"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece), fc.array(fc.nat(40)), async (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join(""));
        const chunks: Uint8Array[] = [];
        let start = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(start, start + cut));
          start += cut;
        }
        chunks.push(bytes.subarray(start));
        expect(await read(chunks)).toEqual(await read([bytes]));
      }),
    );
  });
});
