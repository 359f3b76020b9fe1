import type { FuzzyInput } from "@fuzzc/program";

/**
 * The input whose text this is: the inverse of `formatInput`. Where a text holds something like another name, there is
 * more than one such input; the first one found gives the same text again.
 * @returns undefined when it is the text of no input with these names
 */
export function splitInput(
  text: string,
  names: readonly string[] | undefined,
): FuzzyInput | undefined {
  if (names === undefined) {
    return text;
  }
  const pattern = new RegExp(`^${names.map((name) => `${name}: (.*?)`).join("\n")}$`, "s");
  const texts = pattern.exec(text)?.slice(1);
  return texts && Object.fromEntries(names.map((name, index) => [name, texts[index] ?? ""]));
}
