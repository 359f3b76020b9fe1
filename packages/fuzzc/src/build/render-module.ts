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
export const mark = "// Made by fuzzc";

/**
 * The module of a function: it exports the function, which is loaded at its first call.
 * @param source stands in its comment.
 */
export function renderModule(file: NamedFunction, source: string): ModuleFiles {
  const { name } = file;
  const url = `/* @__PURE__ */ new URL("./${name}.paw", import.meta.url)`;
  return {
    [`${name}.js`]: renderCode([{ file, url }], source),
    [`${name}.d.ts`]: renderTypes([file], source),
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

/** JavaScript that exports functions. @param functions each with an expression that gives the URL of its program. */
export function renderCode(
  functions: readonly { file: NamedFunction; url: string }[],
  source: string,
): string {
  // A bundler leaves out those that nobody imports.
  const lines = functions.map(
    ({ file, url }) => `
${comment(file)}export const ${functionIdentifier(file.name)} = /* @__PURE__ */ loadOnCall(${url});
`,
  );
  return `${header(source)}import { loadOnCall } from "fuzzc";\n${lines.join("")}`;
}

/** The declarations of what `renderCode` exports. */
export function renderTypes(files: readonly NamedFunction[], source: string): string {
  const lines = files.map((file) => {
    const identifier = functionIdentifier(file.name);
    const type = outputTypeName(file.name);
    const inputs = file.inputs?.map((key) => `readonly ${key}: string`).join("; ");
    return `
/** What \`${identifier}\` answers. */
export type ${type} = ${printOutputType(file)};

${comment(file)}export declare const ${identifier}: LazyFunction<${type}${inputs === undefined ? "" : `, { ${inputs} }`}>;
`;
  });
  const text = lines.join("");
  const imported = /\bJsonValue\b/.test(text) ? "JsonValue, LazyFunction" : "LazyFunction";
  return `${header(source)}import type { ${imported} } from "fuzzc";\n${text}`;
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

function header(source: string): string {
  return `${mark} from ${source}; changes here are lost.\n`;
}

/** The first line of the spec. */
function comment({ spec }: NamedFunction): string {
  const [line = ""] = spec.trim().split(/\r?\n|\r/);
  // A comment would end there.
  return `/** ${line.trim().replaceAll("*/", "*\\/")} */\n`;
}
