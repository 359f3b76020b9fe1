// A process that maps a table with a plain function, to be killed, or measured. It prints its report.
// node run-map.fixture.mjs TABLE OUT refuse|resume PAUSE_MS, the pause after every 50th answer
import { setTimeout as sleep } from "node:timers/promises";
import { mapTable } from "../dist/index.js";

const [table, out, existing, pauseMs] = process.argv.slice(2);

async function* countCharacters(inputs) {
  let count = 0;
  for await (const input of inputs) {
    count += 1;
    if (pauseMs > 0 && count % 50 === 0) {
      await sleep(Number(pauseMs));
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
});
const { maxRSS } = process.resourceUsage();
process.stdout.write(JSON.stringify({ ...report, maxMegabytes: Math.ceil(maxRSS / 1024) }));
