import { runFuzzTests } from "fuzzc";
import type { Verdict } from "./verdict.ts";

/**
 * Whether the functions of a `*.fuzz.yaml` file pass their tests.
 * @param address of the file, `FILE#NAME` of one of its functions, or a folder
 * @throws FuzzError what `runFuzzTests` throws
 */
export async function checkTests(address: string): Promise<Verdict> {
  const { passed, report } = await runFuzzTests(address);
  return { pass: passed, message: `${address}\n${report}` };
}
