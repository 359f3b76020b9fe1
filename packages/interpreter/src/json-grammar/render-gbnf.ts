import type { Grammar, GrammarNode } from "./grammar.ts";

/** Writes a grammar in GBNF, the notation of llama.cpp; its root rule is `root`. */
export function renderGbnf({ root, rules }: Grammar): string {
  const lines = [`root ::= ${renderChoice(root)}`];
  for (const [name, node] of rules) {
    lines.push(`${name} ::= ${renderChoice(node)}`);
  }
  return `${lines.join("\n")}\n`;
}

function renderChoice(node: GrammarNode): string {
  return node.kind === "choice" ? node.items.map(renderSequence).join(" | ") : renderSequence(node);
}

function renderSequence(node: GrammarNode): string {
  if (node.kind !== "sequence") {
    return renderItem(node);
  }
  return node.items.length === 0 ? '""' : node.items.map(renderItem).join(" ");
}

function renderItem(node: GrammarNode): string {
  switch (node.kind) {
    case "text":
      return `"${node.codes.map(renderCode).join("")}"`;
    case "chars":
      return `[${node.ranges
        .map(([first, last]) =>
          first === last ? renderCode(first) : `${renderCode(first)}-${renderCode(last)}`,
        )
        .join("")}]`;
    case "rule":
      return node.name;
    case "repeat":
      return `(${renderChoice(node.item)})${renderCount(node.min, node.max)}`;
    default:
      return `(${renderChoice(node)})`;
  }
}

function renderCount(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) {
    return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  }
  return min === 0 && max === 1 ? "?" : `{${min},${max}}`;
}

/** Letters and digits as they are, all else by number, so that nothing has a meaning of its own. */
function renderCode(code: number): string {
  if (/^[A-Za-z0-9 ]$/.test(String.fromCodePoint(code))) {
    return String.fromCodePoint(code);
  }
  return code <= 0xff
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : code <= 0xffff
      ? `\\u${code.toString(16).padStart(4, "0")}`
      : `\\U${code.toString(16).padStart(8, "0")}`;
}
