import { FuzzError } from "./errors.ts";
import { parseJson } from "./parse-json.ts";
import { memberNames, type Program } from "./program.ts";
import { programId } from "./program-id.ts";
import { checkProgram } from "./program-members.ts";
import { checkProgramMeta } from "./program-meta.ts";
import { readOfficialMeta } from "./read-official-meta.ts";
import { readZip } from "./read-zip.ts";

const maxTextBytes = 8 * 1024 ** 2;
/** Above what any compiler known picks (25,088 coefficients, 2 bytes each). */
const maxCoefficientBytes = 16 * 1024 ** 2;
/** 1,000 labels of 4,096 float16 values each. */
const maxPrototypeBytes = 8 * 1024 ** 2;
const maxAdapterBytes = 256 * 1024 ** 2;

const memberLimits = new Map<string, number>([
  [memberNames.meta, maxTextBytes],
  [memberNames.template, maxTextBytes],
  [memberNames.pseudoProgram, maxTextBytes],
  [memberNames.coefficients, maxCoefficientBytes],
  [memberNames.adapter, maxAdapterBytes],
  [memberNames.prototypes, maxPrototypeBytes],
  [memberNames.inSpec, maxPrototypeBytes],
]);

/**
 * Reads a `.paw`, ours (thin or full) or an official one. Members that are not a program's are checked and passed over.
 * @throws FuzzError FUZZ_PROGRAM_INVALID, FUZZ_PROGRAM_UNSAFE, FUZZ_PROGRAM_LIMIT, FUZZ_TEMPLATE_INVALID, FUZZ_JSON_INVALID
 */
export async function readProgram(bytes: Uint8Array): Promise<Program> {
  const members = await readZip(bytes, memberLimits);
  const value = parseJson(readText(members, memberNames.meta), memberNames.meta);
  const isOurs = typeof value === "object" && value !== null && "format" in value;
  const meta = isOurs ? checkProgramMeta(value) : readOfficialMeta(value);
  const coefficients = members.get(memberNames.coefficients);
  const adapter = members.get(memberNames.adapter);
  const prototypes = members.get(memberNames.prototypes);
  const inSpec = members.get(memberNames.inSpec);
  const program: Program = {
    meta,
    promptTemplate: readText(members, memberNames.template),
    // Official programs may come without it.
    pseudoProgram: members.has(memberNames.pseudoProgram)
      ? readText(members, memberNames.pseudoProgram)
      : "",
    ...(coefficients ? { coefficients } : {}),
    ...(adapter ? { adapter } : {}),
    ...(prototypes ? { prototypes } : {}),
    ...(inSpec ? { inSpec } : {}),
  };
  checkProgram(program);
  if ((await programId(program)) !== meta.program_id) {
    throw invalid("its content is not what its program_id says");
  }
  return program;
}

function readText(members: Map<string, Uint8Array>, name: string): string {
  const bytes = members.get(name);
  if (bytes === undefined) {
    throw invalid(`it has no ${name}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw invalid(`${name} is not UTF-8`, cause);
  }
}

function invalid(what: string, cause?: unknown): FuzzError {
  return new FuzzError(`The program can't be used: ${what}`, {
    code: "FUZZ_PROGRAM_INVALID",
    hint: "Compile the program again, or get it again from where it came from.",
    cause,
  });
}
