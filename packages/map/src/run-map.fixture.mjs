// A process that maps a table with a plain function, to be killed, or measured.
// node run-map.fixture.mjs TABLE OUT refuse|resume PAUSE_MS
// It prints a line for each stage and after every 50th answer, where it pauses, and at last its report.
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { mapTable } from "../dist/index.js";

const [table, out, existing, pauseMs] = process.argv.slice(2);
const stdout = 1;

async function* countCharacters(inputs) {
  let count = 0;
  for await (const input of inputs) {
    count += 1;
    if (count % 50 === 0) {
      writeSync(stdout, "50 answers\n");
      if (pauseMs > 0) {
        await sleep(Number(pauseMs));
      }
    }
    yield { status: "fulfilled", value: { output: input.length, probability: 1 } };
  }
}

const report = await mapTable({
  table,
  out,
  existing,
  input: "text",
  as: "length",
  program: { id: "length", isJson: true },
  answer: countCharacters,
  onProgress: ({ stage }) => stage !== "answer" && writeSync(stdout, `${stage}\n`),
});
const { maxRSS } = process.resourceUsage();
writeSync(stdout, JSON.stringify({ ...report, maxMegabytes: Math.ceil(maxRSS / 1024) }));
