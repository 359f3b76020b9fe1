import { FuzzError, type OutputType, readProgram } from "@fuzzc/program";
import { findTarget, nameTarget, type Target } from "../open-target.ts";
import { toOutputType } from "../output-form.ts";
import { readBytes, readFuzzFiles, splitAddress } from "../read-fuzz-file.ts";

/** A function as agents know it. */
export interface Tool {
  name: string;
  spec: string;
  /** Names of its inputs; undefined when it takes one text. */
  inputs: readonly string[] | undefined;
  output: OutputType;
  target: Target;
}

/** Longer names are refused by models that call tools. */
const maxNameCharacters = 64;

/**
 * Reads what a server says of its functions; nothing is compiled.
 * @param words programs, *.fuzz.yaml files with all their functions, and `FILE#NAME` for one of them
 * @throws FuzzError FUZZ_NAME_TAKEN, and what `findTarget`, `readFuzzFiles` and `readProgram` throw
 */
export async function readTools(words: readonly string[]): Promise<Tool[]> {
  const tools = new Map<string, Tool>();
  for (const word of words) {
    for (const target of await findTargets(word)) {
      const tool = await readTool(target);
      if (tools.has(tool.name)) {
        throw new FuzzError(`${word}: two functions have the name ${tool.name}`, {
          code: "FUZZ_NAME_TAKEN",
          hint: "Give one of them another name in its file (name: triage), and compile it again.",
        });
      }
      tools.set(tool.name, tool);
    }
  }
  return [...tools.values()];
}

async function findTargets(word: string): Promise<Target[]> {
  const isFile = /\.ya?ml$/i.test(splitAddress(word).path);
  return isFile
    ? (await readFuzzFiles(word)).map((source) => ({ kind: "source" as const, source }))
    : [await findTarget(word)];
}

async function readTool(target: Target): Promise<Tool> {
  if (target.kind === "source") {
    const { spec, inputs, output } = target.source;
    return {
      name: toolName(nameTarget(target)),
      spec,
      inputs,
      output: toOutputType(output),
      target,
    };
  }
  const { meta } = await readProgram(await readBytes(target.path));
  const { name = nameTarget(target), spec, inputs, output } = meta;
  return { name: toolName(name), spec, inputs, output, target };
}

/** The protocol has ASCII letters, digits, - and _ only. */
function toolName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, "_").slice(0, maxNameCharacters);
}
