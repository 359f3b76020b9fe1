import type { FuzzError } from "@fuzzc/program";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from "yaml";
import type { Json } from "../output-form.ts";
import { checkYamlDepth } from "./check-yaml-depth.ts";
import { type ErrorParts, type Field, placeError } from "./field.ts";
import { nearestWord } from "./nearest-word.ts";

/** Longer files are not a spec with examples; they would only fill the memory. */
const maxCharacters = 4 * 1024 ** 2;
/** Values that hold themselves through an alias have no end. */
const maxValueDepth = 1000;
/** Aliases that double at each level would fill the memory ("billion laughs"). */
const maxAliasCount = 100;

/** A YAML text whose errors say where: `file.yaml:7:3: expected …`. */
export class YamlSource {
  readonly path: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;

  constructor(text: string, path: string) {
    this.path = path;
    if (text.length > maxCharacters) {
      throw this.#errorAt(0, `the file has more than ${maxCharacters} characters`);
    }
    const deep = checkYamlDepth(text);
    if (deep !== undefined) {
      throw this.#errorAt(0, `line ${deep.line} is nested deeper than ${deep.limit} levels`);
    }
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      logLevel: "error",
    });
    const [error] = this.#document.errors;
    if (error !== undefined) {
      const reason = error.message.replace(/\s+/g, " ").trim();
      throw this.#errorAt(error.pos[0], reason, { code: "FUZZ_YAML_SYNTAX", cause: error });
    }
  }

  get top(): Node | null {
    return this.#document.contents;
  }

  /** The values of a map by their keys, in order. A key without a value counts as left out. */
  readMap(node: Node | null, keys: readonly string[], what: string): Map<string, Node> {
    const nodes = new Map<string, Node>();
    for (const { name, key, value } of this.readEntries(node, what)) {
      if (!keys.includes(name)) {
        const meant = nearestWord(name, keys);
        throw this.error(key, `unknown key ${JSON.stringify(name)}`, {
          code: "FUZZ_UNKNOWN_KEY",
          hint: `${meant ? `Did you mean ${meant}? ` : ""}The keys here are ${keys.join(", ")}.`,
        });
      }
      if (value !== null && !isEmpty(value)) {
        nodes.set(name, value);
      }
    }
    return nodes;
  }

  /** The entries of a map of any keys, in order. */
  readEntries(node: Node | null, what: string): { name: string; key: Node; value: Node | null }[] {
    const map = this.#resolve(node);
    if (!isMap<Node, Node | null>(map)) {
      throw this.expected(map, what);
    }
    return map.items.map(({ key, value }) => ({
      name: isScalar(key) ? String(key.value) : "",
      key,
      value: this.#resolve(value),
    }));
  }

  /** The items of a list; of nothing, none. */
  readList(node: Node | undefined, what: string): Node[] {
    if (node === undefined) {
      return [];
    }
    if (!isSeq<Node>(node)) {
      throw this.expected(node, what);
    }
    return node.items;
  }

  /** A scalar as it is written, so that 1.10, yes and 007 stay what they are. */
  readText(node: Node | undefined, what: string): string {
    const scalar = this.#resolve(node ?? null);
    if (!isScalar(scalar)) {
      throw this.expected(scalar, what);
    }
    return typeof scalar.value === "string" ? scalar.value : (scalar.source ?? "");
  }

  /** Any value that JSON can hold. */
  readValue(node: Node): Json {
    try {
      const value: unknown = node.toJS(this.#document, { maxAliasCount });
      checkJson(value, 0);
      return value as Json;
    } catch (cause) {
      const reason = `expected a value as in JSON: ${(cause as Error).message}`;
      throw this.error(node, reason, { cause });
    }
  }

  isList(node: Node): boolean {
    return isSeq(node);
  }

  isScalar(node: Node): boolean {
    return isScalar(this.#resolve(node));
  }

  /** A node as a field, which data files give too. */
  field(node: Node): Field {
    return {
      readText: (what) => this.readText(node, what),
      readValue: () => this.readValue(node),
      error: (trouble, more) => this.error(node, trouble, more),
    };
  }

  expected(node: Node | null | undefined, what: string, hint?: string): FuzzError {
    return this.error(node, `expected ${what}`, hint === undefined ? {} : { hint });
  }

  error(node: Node | null | undefined, trouble: string, more: ErrorParts = {}): FuzzError {
    return this.#errorAt(node?.range?.[0] ?? 0, trouble, more);
  }

  #resolve(node: Node | null): Node | null {
    return isAlias(node) ? (node.resolve(this.#document) ?? node) : node;
  }

  #errorAt(offset: number, trouble: string, more: ErrorParts = {}): FuzzError {
    const { line, col } = this.#lines.linePos(offset);
    // The counter knows no line 1 in an empty text.
    const place = { line: Math.max(line, 1), column: Math.max(col, 1) };
    return placeError(this.path, place, trouble, more);
  }
}

/** What stands after a key that nothing follows. */
function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && node.source === "";
}

function checkJson(value: unknown, depth: number): void {
  if (depth > maxValueDepth) {
    throw new Error("it is nested too deep");
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new Error(`JSON has no ${value}`);
  }
  if (typeof value === "object" && value !== null) {
    for (const each of Object.values(value)) {
      checkJson(each, depth + 1);
    }
  }
}
