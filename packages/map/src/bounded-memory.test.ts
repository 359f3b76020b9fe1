import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { useMapFolder } from "./map-folder.fixture.ts";

const { at, startMap } = useMapFolder();

test("a million rows are answered in bounded memory", async () => {
  const rowCount = 1_000_000;
  const more = "and some more words so that it is as long as messages are";
  const lines: string[] = ["id,text"];
  for (let row = 0; row < rowCount; row++) {
    lines.push(`${row},message ${row % 900_000} ${more}`);
  }
  await writeFile(at("in.csv"), lines.join("\n"));
  const { ended } = startMap("refuse");
  const { maxMegabytes, ...report } = JSON.parse(await ended);
  expect(report).toMatchObject({ rows: rowCount, inputs: 900_000, answered: 900_000, failed: 0 });
  // 515 MB for a million rows and 557 MB for three million were seen.
  expect(maxMegabytes).toBeLessThan(900);
});
