import { inputNamesSchema } from "@fuzzc/program";
import type { Node } from "yaml";
import type { YamlSource } from "./yaml-source.ts";

/** The names in `inputs: [query, snippet]`. */
export function readInputNames(source: YamlSource, node: Node): string[] {
  const what = "a list of names, such as [query, snippet]";
  const items = source.readList(node, what);
  const names = items.map((item) => source.readText(item, "a name"));
  const checked = inputNamesSchema.safeParse(names);
  if (!checked.success) {
    const { path = [], message } = checked.error.issues[0] ?? {};
    const name = names[Number(path[0])];
    const trouble = name === undefined ? `expected ${what}: ${message}` : `the name ${message}`;
    throw source.error(items[Number(path[0])] ?? node, trouble);
  }
  return names;
}
