import type { CodeRange } from "./code-ranges.ts";
import type { Grammar, GrammarNode } from "./grammar.ts";
import { measureShortest, shortestText } from "./shortest-text.ts";

/** After so many code points a walk takes the shortest way out. */
const walkLength = 300;

/**
 * A text of a grammar, picked by `choose`, which gives any whole numbers from 0. Every text of the grammar can come out.
 */
export function walkGrammar({ root, rules }: Grammar, choose: () => number): string {
  const lengthOf = measureShortest({ rules });
  let length = 0;
  const write = (codes: readonly number[]) => {
    length += codes.length;
    return codes.map((code) => String.fromCodePoint(code)).join("");
  };
  const walk = (node: GrammarNode): string => {
    if (length > walkLength) {
      return write(shortestText(node, rules, lengthOf));
    }
    switch (node.kind) {
      case "text":
        return write(node.codes);
      case "chars": {
        const [first, last] = node.ranges[choose() % node.ranges.length] as CodeRange;
        return write([first + (choose() % (last - first + 1))]);
      }
      case "sequence":
        return node.items.map(walk).join("");
      case "choice":
        return walk(node.items[choose() % node.items.length] as GrammarNode);
      case "repeat": {
        const count = Math.min(node.max, node.min + (choose() % 4));
        return Array.from({ length: count }, () => walk(node.item)).join("");
      }
      case "rule":
        return walk(rules.get(node.name) as GrammarNode);
    }
  };
  return walk(root);
}
