import { type CodeRange, normalizeRanges } from "./code-ranges.ts";

/**
 * A grammar over code points. It may call itself through rules, but no rule may begin with itself before it has
 * matched something.
 */
export interface Grammar {
  root: GrammarNode;
  rules: ReadonlyMap<string, GrammarNode>;
}

export type GrammarNode = TextNode | CharsNode | SequenceNode | ChoiceNode | RepeatNode | RuleNode;

/** Exactly these code points. */
export interface TextNode {
  kind: "text";
  codes: readonly number[];
}

/** One code point out of a set. */
export interface CharsNode {
  kind: "chars";
  ranges: readonly CodeRange[];
}

export interface SequenceNode {
  kind: "sequence";
  items: readonly GrammarNode[];
}

/** One of the items; a choice of none matches nothing at all. */
export interface ChoiceNode {
  kind: "choice";
  items: readonly GrammarNode[];
}

/** The item from `min` to `max` times; `max` may be Infinity. */
export interface RepeatNode {
  kind: "repeat";
  item: GrammarNode;
  min: number;
  max: number;
}

export interface RuleNode {
  kind: "rule";
  name: string;
}

/** Matches the empty text. */
export const nothing: SequenceNode = { kind: "sequence", items: [] };

/** Matches no text. */
export const never: ChoiceNode = { kind: "choice", items: [] };

export function text(value: string): GrammarNode {
  const codes = Array.from(value, (character) => character.codePointAt(0) as number);
  return codes.length === 0 ? nothing : { kind: "text", codes };
}

export function chars(ranges: readonly CodeRange[]): GrammarNode {
  const normal = normalizeRanges(ranges);
  return normal.length === 0 ? never : { kind: "chars", ranges: normal };
}

export function sequence(...items: GrammarNode[]): GrammarNode {
  const flat = items.flatMap((item) => (item.kind === "sequence" ? item.items : [item]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind: "sequence", items: flat };
}

export function choice(...items: GrammarNode[]): GrammarNode {
  const flat = items.flatMap((item) => (item.kind === "choice" ? item.items : [item]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind: "choice", items: flat };
}

export function repeat(
  item: GrammarNode,
  min: number,
  max = Number.POSITIVE_INFINITY,
): GrammarNode {
  if (max === 0) {
    return nothing;
  }
  return min === 1 && max === 1 ? item : { kind: "repeat", item, min, max };
}

export function optional(item: GrammarNode): GrammarNode {
  return repeat(item, 0, 1);
}

export function rule(name: string): GrammarNode {
  return { kind: "rule", name };
}
