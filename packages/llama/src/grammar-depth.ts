/** How deep the round brackets of a GBNF grammar nest; those in strings, character classes and comments don't count. */
export function measureGrammarDepth(gbnf: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of gbnf.matchAll(/"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]|#[^\n]*|[()]/gs)) {
    if (token === "(") {
      depth++;
      deepest = Math.max(deepest, depth);
    } else if (token === ")") {
      depth--;
    }
  }
  return deepest;
}
