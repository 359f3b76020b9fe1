import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A function to start from. */
export interface Template {
  name: string;
  /** What it does, in a line. */
  about: string;
  text: string;
}

const suffix = ".fuzz.yaml";

/** The functions that come with fuzzc, by their names. */
export function listTemplates(): Template[] {
  const folder = templateFolder();
  return readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const about = /^# (?!yaml-language-server)(.*?\.)/m.exec(text)?.[1] ?? "";
      return { name: file.slice(0, -suffix.length), about, text };
    });
}

/** A package has its copy of them; in the repository they stand where everybody looks. */
function templateFolder(): string {
  const own = fileURLToPath(new URL("../templates", import.meta.url));
  return existsSync(own) ? own : fileURLToPath(new URL("../../../examples", import.meta.url));
}
