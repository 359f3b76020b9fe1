// Puts the examples of the repository into the package for `fuzzc init`, and takes them out again.
import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const examples = fileURLToPath(new URL("../../../examples", import.meta.url));
const templates = fileURLToPath(new URL("../templates", import.meta.url));

rmSync(templates, { recursive: true, force: true });
if (!process.argv.includes("--remove")) {
  cpSync(examples, templates, { recursive: true, filter: (path) => !path.endsWith(".md") });
}
