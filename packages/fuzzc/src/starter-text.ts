import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { Document, isSeq, stringify } from "yaml";
import type { Template } from "./list-templates.ts";
import type { OutputForm } from "./output-form.ts";

const schemaInPackage = "node_modules/fuzzc/schema/fuzz.schema.json";
const maxLineCharacters = 100;

/** A function without examples, for somebody to go on with. */
export function emptyStarter(
  given: { name: string; spec: string; output: OutputForm },
  folder: string,
): string {
  const { output } = given;
  const shown = Array.isArray(output) ? output[0] : output === "json" ? "{}" : "what comes out";
  const pair = `  # - input: what goes in\n  #   output: ${stringify(shown).trim()}\n`;
  const document = new Document(given);
  const labels = document.get("output");
  if (isSeq(labels)) {
    labels.flow = true;
  }
  const head = document.toString({ lineWidth: maxLineCharacters, flowCollectionPadding: false });
  return `${schemaLine(folder)}
${head}
# Inputs with their right outputs, 8 to 12 of them or more; the compiler learns from them.
examples:
${pair}
# More of them, to see whether it works; the compiler never sees these.
tests:
${pair}`;
}

/** A template under another name. */
export function templateStarter(template: Template, name: string, folder: string): string {
  return template.text
    .replace(/^# yaml-language-server:.*$/m, schemaLine(folder))
    .replaceAll(`examples/${template.name}.fuzz.yaml`, `${name}.fuzz.yaml`)
    .replace(/^name: .*$/m, `name: ${name}`);
}

/** Where editors find the schema: in the package that is, or will be, installed for this folder. */
function schemaLine(folder: string): string {
  return `# yaml-language-server: $schema=${installedSchema(folder) ?? schemaInPackage}`;
}

/** The path of the installed schema from this folder, if there is one in it or above it. */
export function installedSchema(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = join(at, schemaInPackage);
    if (existsSync(path)) {
      return relative(resolve(folder), path).split(sep).join("/");
    }
    if (at === dirname(at)) {
      return undefined;
    }
  }
}
