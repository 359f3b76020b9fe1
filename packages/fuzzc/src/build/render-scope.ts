import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { ModuleFiles } from "./render-module.ts";

const scope = '{ "//": "Made by fuzzc", "type": "module" }\n';

/**
 * A package.json for the folder that is built into, where Node and TypeScript would else take its modules for CommonJS:
 * `npm init` makes a project so. None where the project says `"type": "module"`, or the folder has one of somebody else's.
 */
export async function renderScope(out: string): Promise<ModuleFiles> {
  const own = await readPackage(out);
  if (own !== undefined) {
    return own === scope ? { "package.json": scope } : {};
  }
  for (let at = dirname(resolve(out)); ; at = dirname(at)) {
    const text = await readPackage(at);
    if (text !== undefined) {
      return isModule(text) ? {} : { "package.json": scope };
    }
    if (at === dirname(at)) {
      return {};
    }
  }
}

function readPackage(folder: string): Promise<string | undefined> {
  return readFile(join(folder, "package.json"), "utf8").catch(() => undefined);
}

function isModule(text: string): boolean {
  try {
    return JSON.parse(text)?.type === "module";
  } catch {
    // npm and Node say what is wrong with it.
    return true;
  }
}
