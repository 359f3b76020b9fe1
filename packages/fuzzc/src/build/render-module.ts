import type { JsonValue } from "@fuzzc/program";
import { toOutputType } from "../output-form.ts";
import type { FuzzFile } from "../parse-fuzz-file.ts";
import { functionIdentifier, outputTypeName } from "./function-identifier.ts";
import { printLiteral, printSchemaType } from "./print-type.ts";

/** The texts of a module's files, JavaScript and types, by their names. */
export type ModuleFiles = Readonly<Record<string, string>>;

/** A function with a name, as it is built. */
export type NamedFunction = FuzzFile & { name: string };

/** Opens every file that is written, so that no other one is overwritten. */
export const mark = "// Made by `fuzzc build`";

/**
 * The module of a function: it exports the function, which is loaded at its first call.
 * @param source stands in its comment.
 */
export function renderModule(file: NamedFunction, source: string): ModuleFiles {
  const { name } = file;
  const identifier = functionIdentifier(name);
  const header = `${mark} from ${source}; changes here are lost.\n`;
  const doc = `/** ${firstLine(file.spec)} */\n`;
  const type = outputTypeName(name);
  const input = file.inputs?.map((key) => `readonly ${key}: string`).join("; ");
  const output = printOutputType(file);
  const imported = /\bJsonValue\b/.test(output) ? "JsonValue, LazyFunction" : "LazyFunction";
  return {
    [`${name}.js`]: `${header}import { loadOnCall } from "fuzzc";

${doc}export const ${identifier} = loadOnCall(new URL("./${name}.paw", import.meta.url));
`,
    [`${name}.d.ts`]: `${header}import type { ${imported} } from "fuzzc";

/** What \`${identifier}\` answers. */
export type ${type} = ${output};

${doc}export declare const ${identifier}: LazyFunction<${type}${input === undefined ? "" : `, { ${input} }`}>;
`,
  };
}

/** The module that exports them all, in the order of their names. */
export function renderIndex(names: readonly string[]): ModuleFiles {
  const lines = [...names]
    .sort()
    .map((name) => `export * from ${JSON.stringify(`./${name}.js`)};\n`)
    .join("");
  const text = `${mark}; changes here are lost.\n${lines || "export {};\n"}`;
  return { "index.js": text, "index.d.ts": text };
}

/** The type of what a function answers, its abstention included. */
function printOutputType({ output: form, otherwise, minProbability }: NamedFunction): string {
  const output = toOutputType(form);
  const type =
    output.type === "labels"
      ? output.labels.map(printLiteral).join(" | ")
      : output.type === "text"
        ? "string"
        : printSchemaType(output.schema ?? true);
  const abstains = otherwise !== undefined || (minProbability ?? 0) > 0;
  const instead: JsonValue = otherwise ?? null;
  const literal = printLiteral(instead);
  return abstains && type !== "JsonValue" && !type.split(" | ").includes(literal)
    ? `${type} | ${literal}`
    : type;
}

function firstLine(spec: string): string {
  const [line = ""] = spec.trim().split(/\r?\n|\r/);
  // A comment would end there.
  return line.trim().replaceAll("*/", "*\\/");
}
