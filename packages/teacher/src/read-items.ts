import { type JsonValue, parseJson } from "@fuzzc/program";
import { UnusableAnswer } from "./teacher.ts";

/**
 * The items in what a model wrote: `{"items": […]}` or a bare list, alone, in a code fence, or with words around it.
 * @param count how many were asked for; more are left off.
 * @throws UnusableAnswer
 */
export function readItems(text: string, count: number): JsonValue[] {
  // What a model thinks aloud is not its answer.
  const answer = text.split("</think>").at(-1) as string;
  for (const candidate of listCandidates(answer)) {
    const items = itemsOf(parse(candidate));
    if (items !== undefined) {
      return items.slice(0, count);
    }
  }
  throw new UnusableAnswer(`it wrote no list of items: ${JSON.stringify(text.slice(0, 80))}`);
}

function* listCandidates(text: string): Generator<string> {
  yield text;
  const fenced = /```[a-z]*\s*\n([\s\S]*?)```/i.exec(text)?.[1];
  if (fenced !== undefined) {
    yield fenced;
  }
  const pairs = [
    ["{", "}"],
    ["[", "]"],
  ] as const;
  for (const [first, last] of pairs) {
    yield text.slice(text.indexOf(first), text.lastIndexOf(last) + 1);
  }
}

function parse(text: string): JsonValue | undefined {
  try {
    return parseJson(text, "An answer");
  } catch {
    return undefined;
  }
}

function itemsOf(value: JsonValue | undefined): JsonValue[] | undefined {
  if (Array.isArray(value)) {
    return value;
  }
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  return Array.isArray(value.items) ? value.items : undefined;
}
