import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { FuzzError, type JsonValue, parseJson } from "@fuzzc/program";
import { z } from "zod";
import type { Question, Reply } from "./teacher.ts";

// A journal of ten thousand pairs has some ten megabytes; a larger file is not one.
const maxBytes = 256 * 1024 ** 2;

const entrySchema = z.union([
  z.object({
    question: z.string(),
    items: z.array(z.json()),
    tokens: z.object({ input: z.number(), output: z.number() }),
  }),
  z.object({ question: z.string(), failed: z.string() }),
]);

/** What a question came to: a reply, or why nothing could be made of the answer. */
export type Outcome = Reply | { failed: string };

/**
 * All answers of a teacher so far, one a line, so that none is asked for twice, not even after a kill. A line that was
 * not written to its end is cut off; its question is asked again.
 */
export class Journal implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #outcomes: Map<string, Outcome>;

  private constructor(file: FileHandle, outcomes: Map<string, Outcome>) {
    this.#file = file;
    this.#outcomes = outcomes;
  }

  /**
   * Opens the journal at `path`, which only one process may have open, or begins it.
   * @throws FuzzError FUZZ_CACHE_UNWRITABLE
   */
  static async open(path: string): Promise<Journal> {
    let file: FileHandle | undefined;
    try {
      await mkdir(dirname(path), { recursive: true });
      // It may hold what others should not read.
      file = await open(path, "a+", 0o600);
      const { size } = await file.stat();
      const bytes = size > maxBytes ? Buffer.alloc(0) : await file.readFile();
      // By bytes: a damaged one becomes three as text.
      const whole = bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
      if (whole.length < size) {
        await file.truncate(whole.length);
      }
      return new Journal(file, readOutcomes(whole.toString("utf8")));
    } catch (cause) {
      await file?.close().catch(() => {});
      throw unwritable(path, cause);
    }
  }

  get(question: Question): Outcome | undefined {
    return this.#outcomes.get(keyOf(question));
  }

  /** Writes one line, and waits until it is on the disk. */
  async add(question: Question, outcome: Outcome): Promise<void> {
    const key = keyOf(question);
    this.#outcomes.set(key, outcome);
    try {
      // One write in append mode, so that lines never mix.
      await this.#file.write(`${JSON.stringify({ question: key, ...outcome })}\n`);
      await this.#file.datasync();
    } catch (cause) {
      throw unwritable("The teacher's journal", cause);
    }
  }

  /** Forgets everything, so that all is asked afresh. */
  async clear(): Promise<void> {
    this.#outcomes.clear();
    await this.#file.truncate(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

function readOutcomes(text: string): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const line of text.split("\n")) {
    const entry = readEntry(line);
    if (entry !== undefined) {
      const { question, ...outcome } = entry;
      outcomes.set(question, outcome);
    }
  }
  return outcomes;
}

function readEntry(line: string): z.infer<typeof entrySchema> | undefined {
  try {
    return entrySchema.safeParse(parseJson(line, "A line")).data;
  } catch {
    return undefined;
  }
}

function keyOf({ instructions, text, item, definitions, count }: Question): string {
  return hashJson([instructions, text, item, definitions, count]);
}

/** 32 hex digits that stand for a value. */
export function hashJson(value: JsonValue): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}

function unwritable(path: string, cause: unknown): FuzzError {
  return new FuzzError(`${path} can't be written: ${(cause as Error).message}`, {
    code: "FUZZ_CACHE_UNWRITABLE",
    kind: "resource",
    hint: "Set FUZZC_HOME to a folder that you may write to.",
    cause,
  });
}
