import { setTimeout as sleep } from "node:timers/promises";
import { FuzzError } from "@fuzzc/program";
import { describeNetworkError, isPassing } from "./describe-network-error.ts";
import { SourceFailure, throwIfAborted } from "./errors.ts";
import type { PartFile } from "./part-file.ts";
import { readRetryAfter } from "./read-retry-after.ts";

/** How long a download puts up with what. */
export interface Patience {
  /** For the first byte of an answer. Short: a hub that is not reachable must not hold up the next source. */
  answerMs: number;
  /** Between two pieces of the body. */
  stallMs: number;
  /** Failures in a row without a single new byte. */
  attempts: number;
  /** Before the first of them is repeated; doubles with each. */
  pauseMs: number;
  /** The longest `Retry-After` that is obeyed; a server that asks for more counts as unavailable. */
  longestPauseMs: number;
}

export const defaultPatience: Patience = {
  answerMs: 5_000,
  stallMs: 20_000,
  attempts: 4,
  pauseMs: 500,
  longestPauseMs: 10_000,
};

export interface DownloadOptions {
  sizeBytes: number;
  /** Hex. */
  sha256: string;
  signal?: AbortSignal | undefined;
  /** Called with the size of the part so far. */
  onBytes?: ((bytes: number) => void) | undefined;
  patience?: Partial<Patience> | undefined;
}

/** A failure that the same request may not meet again. */
class PassingFailure extends Error {
  constructor(
    reason: string,
    readonly pauseMs: number | undefined,
    cause?: unknown,
  ) {
    super(reason, { cause });
  }
}

/**
 * Fills `part` from `url` until it holds the file of that size and sha256. Goes on where an earlier attempt stopped;
 * the checksum decides whether the two halves belong together, and if not, it starts over once.
 * @throws SourceFailure with the reason; FuzzError FUZZ_CANCELLED, FUZZ_DISK_FULL, FUZZ_CACHE_UNWRITABLE.
 */
export async function downloadFile(
  url: string,
  part: PartFile,
  options: DownloadOptions,
): Promise<void> {
  const patience = { ...defaultPatience, ...options.patience };
  let mayBeStale = part.sizeBytes > 0;
  for (;;) {
    await fillPart(url, part, options, patience);
    const sha256 = part.digest();
    if (sha256 === options.sha256) {
      return;
    }
    await part.restart();
    if (!mayBeStale) {
      throw new SourceFailure(`what it sent has the sha256 ${sha256}, not ${options.sha256}`);
    }
    mayBeStale = false;
  }
}

async function fillPart(
  url: string,
  part: PartFile,
  options: DownloadOptions,
  patience: Patience,
): Promise<void> {
  const first = part.sizeBytes;
  let failures = 0;
  while (part.sizeBytes < options.sizeBytes) {
    throwIfAborted(options.signal);
    const before = part.sizeBytes;
    try {
      await requestRest(url, part, options, patience);
    } catch (error) {
      throwIfAborted(options.signal);
      if (FuzzError.isInstance(error) || error instanceof SourceFailure) {
        throw error;
      }
      const passing = error instanceof PassingFailure || isPassing(error) || part.sizeBytes > first;
      const reason = error instanceof PassingFailure ? error.message : describeNetworkError(error);
      failures = part.sizeBytes > before ? 1 : failures + 1;
      if (!passing || failures >= patience.attempts) {
        throw new SourceFailure(failures > 1 ? `${reason} (${failures} attempts)` : reason, error);
      }
      const asked = error instanceof PassingFailure ? error.pauseMs : undefined;
      await pause(asked ?? patience.pauseMs * 2 ** (failures - 1), options.signal);
    }
  }
}

/** One request for what is missing. Returns when the body has ended. */
async function requestRest(
  url: string,
  part: PartFile,
  options: DownloadOptions,
  patience: Patience,
): Promise<void> {
  const watch = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expect = (withinMs: number, reason: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => watch.abort(new Error(reason)), withinMs);
  };
  const signals = options.signal ? [watch.signal, options.signal] : [watch.signal];
  try {
    expect(patience.answerMs, `it did not answer within ${patience.answerMs / 1000} s`);
    const response = await fetch(url, {
      headers: {
        "accept-encoding": "identity",
        ...(part.sizeBytes > 0 ? { range: `bytes=${part.sizeBytes}-` } : {}),
      },
      signal: AbortSignal.any(signals),
    });
    const body = response.body;
    try {
      await checkAnswer(response, part, options.sizeBytes, patience);
    } catch (error) {
      await body?.cancel().catch(() => {});
      throw error;
    }
    for await (const chunk of body ?? []) {
      expect(patience.stallMs, `it sent nothing for ${patience.stallMs / 1000} s`);
      if (part.sizeBytes + chunk.length > options.sizeBytes) {
        await part.restart();
        throw new SourceFailure(`it sent more than the ${options.sizeBytes} bytes of the file`);
      }
      await part.append(chunk);
      options.onBytes?.(part.sizeBytes);
    }
  } finally {
    clearTimeout(timer);
  }
  if (part.sizeBytes < options.sizeBytes) {
    throw new PassingFailure("it sent too few bytes", undefined);
  }
}

/** Throws unless the body that follows is what `part` lacks, or the whole file (then `part` starts over). */
async function checkAnswer(
  response: Response,
  part: PartFile,
  sizeBytes: number,
  patience: Patience,
): Promise<void> {
  const { status } = response;
  const answer = `it answered ${status}${response.statusText ? ` ${response.statusText}` : ""}`;
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
    if (range?.[2] !== undefined && range[2] !== "*" && Number(range[2]) !== sizeBytes) {
      throw wrongSize(Number(range[2]), sizeBytes);
    }
    if (Number(range?.[1] ?? -1) === part.sizeBytes) {
      return;
    }
    await part.restart();
    throw new PassingFailure(`${answer} with another range than asked for`, undefined);
  }
  if (status === 200) {
    const length = Number(response.headers.get("content-length") ?? sizeBytes);
    if (length !== sizeBytes) {
      throw wrongSize(length, sizeBytes);
    }
    await part.restart();
    return;
  }
  if (status === 416) {
    await part.restart();
    throw new PassingFailure(answer, 0);
  }
  if (status === 408 || status === 429 || status >= 500) {
    const pauseMs = readRetryAfter(response.headers.get("retry-after"));
    if (pauseMs !== undefined && pauseMs > patience.longestPauseMs) {
      throw new SourceFailure(`${answer} and asks for ${Math.ceil(pauseMs / 1000)} s of patience`);
    }
    throw new PassingFailure(answer, pauseMs);
  }
  throw new SourceFailure(answer);
}

function wrongSize(given: number, expected: number): SourceFailure {
  return new SourceFailure(`its file has ${given} bytes, not ${expected}`);
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => {});
}
