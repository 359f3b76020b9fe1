import { type CodeRange, complementRanges } from "./code-ranges.ts";
import { listOf } from "./generic-json.ts";
import {
  choice,
  type GrammarNode,
  never,
  nothing,
  optional,
  repeat,
  sequence,
  text,
} from "./grammar.ts";
import { encodeCharacters } from "./json-characters.ts";

/** A property as the object's grammar needs it. */
export interface PropertyGrammar {
  name: string;
  value: GrammarNode;
  required: boolean;
}

/** Names a part of the grammar, so that it is written once however often it is used. */
export type NameRule = (node: GrammarNode) => GrammarNode;

// Other names of properties hold no control characters: they have a second way to be written, under which a known name
// could hide.
const nameCharacters = complementRanges([[0, 0x1f]]);

/**
 * An object with its properties in order, then further ones.
 * @param further value of each further property; undefined for none.
 */
export function objectGrammar(
  properties: readonly PropertyGrammar[],
  further: GrammarNode | undefined,
  nameRule: NameRule,
): GrammarNode {
  const names = properties.map(({ name }) => name);
  const other = further && sequence(otherName(names), text(":"), further);
  // Where properties may be missing, what follows one of them can be reached in several ways.
  const share: NameRule = properties.every(({ required }) => required) ? (node) => node : nameRule;
  // `after` is what may follow a property, with its comma.
  let after: GrammarNode = other ? repeat(sequence(text(","), other), 0) : nothing;
  // What may begin the object; a required property closes the list of candidates.
  let starts: GrammarNode = other ? listOf(other) : nothing;
  for (const { name, value, required } of [...properties].reverse()) {
    const pair = sequence(text(`${JSON.stringify(name)}:`), value);
    const from = sequence(pair, after);
    starts = required ? from : choice(from, starts);
    const next = sequence(text(","), pair);
    after = share(sequence(required ? next : optional(next), after));
  }
  return sequence(text("{"), starts, text("}"));
}

/** A JSON string that is none of `names`, written as JSON.stringify writes it. */
function otherName(names: readonly string[]): GrammarNode {
  return sequence(text('"'), otherThan(names.map((name) => Array.from(name))), text('"'));
}

function otherThan(names: readonly string[][]): GrammarNode {
  if (names.length === 0) {
    return repeat(encodeCharacters(nameCharacters), 0);
  }
  const byFirst = new Map<string, string[][]>();
  for (const [first, ...rest] of names) {
    if (first !== undefined) {
      byFirst.set(first, [...(byFirst.get(first) ?? []), rest]);
    }
  }
  const codes = [...byFirst.keys()].map((first): CodeRange => {
    const code = first.codePointAt(0) as number;
    return [code, code];
  });
  const elsewhere = sequence(
    encodeCharacters(complementRanges([[0, 0x1f], ...codes])),
    repeat(encodeCharacters(nameCharacters), 0),
  );
  const along = [...byFirst].map(([first, rest]) => {
    const code = first.codePointAt(0) as number;
    return code < 0x20 ? never : sequence(encodeCharacters([[code, code]]), otherThan(rest));
  });
  const ended = names.some((name) => name.length === 0);
  return choice(ended ? never : nothing, ...along, elsewhere);
}
