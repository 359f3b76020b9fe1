import type { Grammar, GrammarNode } from "./grammar.ts";

/** Length in code points of the shortest text that matches a node; Infinity when no finite text does. */
export type ShortestLength = (node: GrammarNode) => number;

/** Measures the shortest text of every node of a grammar. */
export function measureShortest({ rules }: Pick<Grammar, "rules">): ShortestLength {
  const ofRules = new Map<string, number>();
  // As in Bellman-Ford: a rule may get shorter as the rules it calls become known.
  for (let changed = true; changed; ) {
    changed = false;
    for (const [name, node] of rules) {
      const found = measure(node, ofRules, new WeakMap());
      if (found < (ofRules.get(name) ?? Number.POSITIVE_INFINITY)) {
        ofRules.set(name, found);
        changed = true;
      }
    }
  }
  const cache = new WeakMap<GrammarNode, number>();
  return (node) => measure(node, ofRules, cache);
}

/** The shortest text of a node with a finite one; of equally short ones, that of the first choice. */
export function shortestText(
  node: GrammarNode,
  rules: Grammar["rules"],
  lengthOf: ShortestLength,
): number[] {
  switch (node.kind) {
    case "text":
      return [...node.codes];
    case "chars":
      return node.ranges.slice(0, 1).map(([first]) => first);
    case "rule": {
      const body = rules.get(node.name);
      return body === undefined ? [] : shortestText(body, rules, lengthOf);
    }
    case "sequence":
      return node.items.flatMap((item) => shortestText(item, rules, lengthOf));
    case "repeat": {
      const item = node.min === 0 ? [] : shortestText(node.item, rules, lengthOf);
      return Array.from({ length: node.min }, () => item).flat();
    }
    case "choice": {
      const wanted = lengthOf(node);
      const item = node.items.find((one) => lengthOf(one) === wanted);
      return item === undefined ? [] : shortestText(item, rules, lengthOf);
    }
  }
}

function measure(
  node: GrammarNode,
  rules: ReadonlyMap<string, number>,
  cache: WeakMap<GrammarNode, number>,
): number {
  let length = cache.get(node);
  if (length === undefined) {
    length = measureNew(node, rules, cache);
    cache.set(node, length);
  }
  return length;
}

function measureNew(
  node: GrammarNode,
  rules: ReadonlyMap<string, number>,
  cache: WeakMap<GrammarNode, number>,
): number {
  switch (node.kind) {
    case "text":
      return node.codes.length;
    case "chars":
      return 1;
    case "rule":
      return rules.get(node.name) ?? Number.POSITIVE_INFINITY;
    case "repeat":
      return node.min === 0 ? 0 : node.min * measure(node.item, rules, cache);
    case "sequence":
      return node.items.reduce((sum, item) => sum + measure(item, rules, cache), 0);
    case "choice":
      return Math.min(...node.items.map((item) => measure(item, rules, cache)));
  }
}
