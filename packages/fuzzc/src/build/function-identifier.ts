/** Words that can't name an export. */
const reserved = new Set(
  "await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield arguments eval".split(
    " ",
  ),
);

/** What a function is called in its module: `log-repair` is `logRepair`. A name of letters, digits, - and _ always has one. */
export function functionIdentifier(name: string): string {
  const [first = "", ...words] = name.split(/-+/).filter((word) => word !== "");
  const camel = first.replace(/^\p{Lu}/u, lower) + words.map(capitalise).join("");
  // Numbers such as ² are no part of a word of JavaScript.
  const joined = camel.replace(/\P{ID_Continue}/gu, "_");
  return /^[\p{ID_Start}_]/u.test(joined) && !reserved.has(joined) ? joined : `_${joined}`;
}

/** What the type of its output is called: `LogRepairOutput`. */
export function outputTypeName(name: string): string {
  return `${capitalise(functionIdentifier(name))}Output`;
}

const lower = (letter: string) => letter.toLowerCase();

function capitalise(word: string): string {
  return word.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
