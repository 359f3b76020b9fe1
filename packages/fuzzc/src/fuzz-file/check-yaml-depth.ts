import { CST, Lexer } from "yaml";

/** Brackets in brackets. */
const maxBrackets = 100;
/** Indentation and leading dashes, which nest without brackets; also bounds the indentation of text. */
const maxIndent = 400;

/**
 * Finds where a YAML text nests too deep for a parser that calls itself at each level: it would not throw but end the
 * process. Looks at tokens only, in one pass.
 * @returns the line and the limit it breaks, or undefined.
 */
export function checkYamlDepth(text: string): { line: number; limit: number } | undefined {
  const run = new RegExp(`^(?:[-?:] |[ ]){${maxIndent}}`, "m").exec(text);
  if (run !== null) {
    return { line: lineOf(text, run.index), limit: maxIndent };
  }
  let open = 0;
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    // Text comes behind a marker, so that a scalar "[" is not a bracket.
    const type = token.length === 1 ? CST.tokenType(token) : null;
    if (type === "flow-seq-start" || type === "flow-map-start") {
      open++;
    } else if (type === "flow-seq-end" || type === "flow-map-end") {
      open--;
    }
    if (open > maxBrackets) {
      return { line: lineOf(text, offset), limit: maxBrackets };
    }
    offset +=
      type === "scalar" || type === "doc-mode" || type === "flow-error-end" ? 0 : token.length;
  }
  return undefined;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
