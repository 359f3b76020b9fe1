import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";

/** What an interrupted run has already measured: one JSON object a line. A line that was cut off is left out. */
export async function readResults<Result>(file: string): Promise<Result[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as Result];
    } catch {
      return [];
    }
  });
}

/** Adds a result; several processes may add to one file. */
export async function appendResult(file: string, result: object): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(result)}\n`);
}
