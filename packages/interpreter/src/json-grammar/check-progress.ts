import { type Grammar, type GrammarNode, never } from "./grammar.ts";
import { invalidSchema } from "./schema-error.ts";
import { measureShortest } from "./shortest-text.ts";

/**
 * Refuses a grammar that, to match anything, first has to match itself.
 * @throws FuzzError FUZZ_SCHEMA_INVALID
 */
export function checkProgress({ root, rules }: Grammar): void {
  const lengthOf = measureShortest({ rules });
  const done = new Set<string>();
  const visit = (node: GrammarNode, open: ReadonlySet<string>): void => {
    switch (node.kind) {
      case "repeat":
        visit(node.item, open);
        break;
      case "choice":
        for (const item of node.items) {
          visit(item, open);
        }
        break;
      case "sequence":
        for (const item of node.items) {
          visit(item, open);
          if (lengthOf(item) > 0) {
            return;
          }
        }
        return;
      case "rule":
        if (open.has(node.name)) {
          throw invalidSchema("", "one of its parts refers to itself before it has said anything");
        }
        if (!done.has(node.name)) {
          visit(rules.get(node.name) ?? never, new Set([...open, node.name]));
          done.add(node.name);
        }
    }
  };
  visit(root, new Set());
}
