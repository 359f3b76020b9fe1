import { type GrammarNode, nothing, optional, repeat, sequence, text } from "./grammar.ts";

/**
 * An array whose first items have grammars of their own.
 * @param further what each later item is; undefined for none.
 * @param max may be Infinity.
 * @returns undefined when there can't be so many items.
 */
export function arrayGrammar(
  first: readonly GrammarNode[],
  further: GrammarNode | undefined,
  min: number,
  max: number,
): GrammarNode | undefined {
  const own = first.slice(0, max);
  if (min > max || (further === undefined && own.length < min)) {
    return undefined;
  }
  // Built from the end: `rest` is what may follow item `index - 1`, with its comma.
  let rest: GrammarNode = nothing;
  if (further !== undefined && max > own.length) {
    const least = Math.max(0, min - own.length);
    if (own.length === 0) {
      const later = repeat(sequence(text(","), further), Math.max(0, least - 1), max - 1);
      const items = sequence(further, later);
      return sequence(text("["), min === 0 ? optional(items) : items, text("]"));
    }
    rest = repeat(sequence(text(","), further), least, max - own.length);
  }
  for (let index = own.length - 1; index >= 0; index--) {
    const item = own[index] as GrammarNode;
    const items = sequence(index === 0 ? nothing : text(","), item, rest);
    rest = index < min ? items : optional(items);
  }
  return sequence(text("["), rest, text("]"));
}
