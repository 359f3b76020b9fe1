import type { OptimisationLevel } from "@fuzzc/compiler";
import { InvalidArgumentError } from "commander";
import type { CompileLevel } from "../compile-level.ts";

// Readers of what stands behind an option. They throw InvalidArgumentError, which names the option.

export function readLevel(word: string): OptimisationLevel {
  const level = /^O?([012])$/.exec(word)?.[1];
  if (level === undefined) {
    throw new InvalidArgumentError("It is 0, 1 or 2; fuzzc compile takes 3 as well.");
  }
  return `O${level}` as OptimisationLevel;
}

export function readCompileLevel(word: string): CompileLevel {
  return /^O?3$/.test(word) ? "O3" : readLevel(word);
}

export function readMinutes(word: string): number {
  const minutes = Number(word);
  if (!(minutes > 0) || minutes > 1440) {
    throw new InvalidArgumentError("It is a number of minutes above 0, at most 1440.");
  }
  return minutes;
}

export function readShare(word: string): number {
  const share = Number(word);
  if (word.trim() === "" || !(share >= 0 && share <= 1)) {
    throw new InvalidArgumentError("It is a number from 0 to 1.");
  }
  return share;
}

export function collectInput(
  word: string,
  previous: Record<string, string> = {},
): Record<string, string> {
  const [, name, text] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
  if (name === undefined || text === undefined) {
    throw new InvalidArgumentError("It is a name and its text: query=last item.");
  }
  if (Object.hasOwn(previous, name)) {
    throw new InvalidArgumentError(`${name} is given twice.`);
  }
  return { ...previous, [name]: text };
}

export function collectWord(word: string, previous: string[] = []): string[] {
  return [...previous, word];
}

export function readCount(word: string): number {
  const count = Number(word);
  if (!/^\d+$/.test(word) || count === 0) {
    throw new InvalidArgumentError("It is a whole number above 0.");
  }
  return count;
}
