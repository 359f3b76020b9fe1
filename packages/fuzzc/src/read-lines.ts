import { FuzzError } from "@fuzzc/program";

/** A longer line would only fill the memory: no context holds so many tokens. */
export const maxLineBytes = 4 * 1024 ** 2;

/** One line of a stream: its text, or what is wrong with it. Lines count from 1. */
export type Line = { number: number; text: string } | { number: number; error: FuzzError };

/**
 * Splits bytes into lines, ended by LF or CRLF, in UTF-8 with or without a byte order mark. A line that can't be read
 * does not end the stream; one that is too long is passed over without being kept.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  limitBytes = maxLineBytes,
): AsyncGenerator<Line, void, void> {
  let pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  let number = 1;
  const add = (piece: Uint8Array) => {
    sizeBytes += piece.length;
    if (sizeBytes <= limitBytes) {
      pieces.push(piece);
    } else {
      pieces = [];
    }
  };
  const take = (): Line => {
    const line =
      sizeBytes > limitBytes
        ? { number, error: tooLong(number, sizeBytes, limitBytes) }
        : decodeLine(Buffer.concat(pieces), number);
    pieces = [];
    sizeBytes = 0;
    number++;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      add(chunk.subarray(start, end));
      start = end + 1;
      yield take();
    }
    add(chunk.subarray(start));
  }
  // The last line may lack its end.
  if (sizeBytes > 0) {
    yield take();
  }
}

function decodeLine(bytes: Uint8Array, number: number): Line {
  const length = bytes.at(-1) === 13 ? bytes.length - 1 : bytes.length;
  try {
    // A byte order mark is a mark at the start of the stream, and a character elsewhere.
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: number > 1 });
    return { number, text: decoder.decode(bytes.subarray(0, length)) };
  } catch (cause) {
    return {
      number,
      error: new FuzzError(`Line ${number} is not text in UTF-8`, {
        code: "FUZZ_INPUT_INVALID",
        hint: "Convert the input to UTF-8.",
        cause,
      }),
    };
  }
}

function tooLong(number: number, sizeBytes: number, limitBytes: number): FuzzError {
  return new FuzzError(`Line ${number} has ${sizeBytes} bytes; the limit is ${limitBytes}`, {
    code: "FUZZ_INPUT_TOO_LONG",
    hint: "Give a shorter input, or a part of it.",
  });
}
