import { dirname, resolve } from "node:path";
import type { CompileLevel } from "../compile-level.ts";
import type { InterpreterKind } from "../setup-options.ts";
import type { Field } from "./field.ts";

/** Names become parts of paths and of modules. */
const maxNameCharacters = 100;

export function isName(text: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u.test(text) && text.length <= maxNameCharacters;
}

/** A name of letters, digits, - and _. */
export function readName(field: Field): string {
  const what = "a name of letters, digits, - and _";
  const name = field.readText(what);
  if (!isName(name)) {
    throw field.error(`expected ${what}, at most ${maxNameCharacters} characters`);
  }
  return name;
}

/** A probability or a score. */
export function readShare(field: Field): number {
  const value = field.readValue();
  if (typeof value !== "number" || value < 0 || value > 1) {
    throw field.error("expected a number from 0 to 1");
  }
  return value;
}

export function readLevel(field: Field): CompileLevel {
  const value = field.readValue();
  if (value !== 0 && value !== 1 && value !== 2 && value !== 3) {
    const levels = "0 (the spec alone), 1 (examples), 2 (training) or 3 (a teacher)";
    throw field.error(`expected ${levels}`);
  }
  return `O${value}`;
}

/** A compiler's name, or the path of its folder, which is relative to that of the YAML file. */
export function readCompiler(field: Field, yamlPath: string): string {
  const what = "the name of a compiler, or the path of its folder: ./my-compiler";
  const word = field.readText(what);
  if (/[/\\]/.test(word)) {
    return resolve(dirname(yamlPath), word);
  }
  if (!isName(word)) {
    throw field.error(`expected ${what}`);
  }
  return word;
}

export function readInterpreter(field: Field): InterpreterKind {
  const value = field.readValue();
  if (value !== "encoder" && value !== "language") {
    throw field.error("expected encoder or language");
  }
  return value;
}
