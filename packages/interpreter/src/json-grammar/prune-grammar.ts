import { choice, type Grammar, type GrammarNode, nothing, repeat, sequence } from "./grammar.ts";
import { measureShortest } from "./shortest-text.ts";

/**
 * Takes out every part that no finite text can match, so that whoever follows the grammar never enters a dead end.
 * @returns undefined when nothing is left.
 */
export function pruneGrammar(grammar: Grammar): Grammar | undefined {
  const lengthOf = measureShortest(grammar);
  const cache = new Map<GrammarNode, GrammarNode>();
  // Only called for nodes that some text matches. Nodes may be shared, so each is made once.
  const prune = (node: GrammarNode): GrammarNode => {
    let pruned = cache.get(node);
    if (pruned === undefined) {
      pruned = pruneNode(node);
      cache.set(node, pruned);
    }
    return pruned;
  };
  const matches = (node: GrammarNode) => lengthOf(node) !== Number.POSITIVE_INFINITY;
  const pruneNode = (node: GrammarNode): GrammarNode => {
    switch (node.kind) {
      case "choice":
        return choice(...node.items.filter(matches).map(prune));
      case "sequence":
        return sequence(...node.items.map(prune));
      case "repeat":
        return matches(node.item) ? repeat(prune(node.item), node.min, node.max) : nothing;
      default:
        return node;
    }
  };
  if (!matches(grammar.root)) {
    return undefined;
  }
  const rules = new Map<string, GrammarNode>();
  for (const [name, node] of grammar.rules) {
    if (matches(node)) {
      rules.set(name, prune(node));
    }
  }
  return { root: prune(grammar.root), rules };
}
