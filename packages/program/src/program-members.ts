import { canonicalJson } from "./canonical-json.ts";
import { decodeCoefficients } from "./coefficients.ts";
import { FuzzError } from "./errors.ts";
import { ggufMagic } from "./gguf.ts";
import { parseJson } from "./parse-json.ts";
import { memberNames, minAdapterBytes, type Program } from "./program.ts";
import { checkProgramMeta, type ProgramMeta } from "./program-meta.ts";
import { splitTemplate } from "./render-template.ts";

export interface ProgramMember {
  name: string;
  bytes: Uint8Array;
}

/** The members of a program's `.paw` in their order, all but meta.json. */
export function contentMembers(program: Program): ProgramMember[] {
  checkProgram(program);
  const members = [
    { name: memberNames.template, bytes: encodeText(program.promptTemplate) },
    { name: memberNames.pseudoProgram, bytes: encodeText(program.pseudoProgram) },
  ];
  const { coefficients, adapter, prototypes, inSpec } = program;
  return [
    ...members,
    ...(coefficients ? [{ name: memberNames.coefficients, bytes: coefficients }] : []),
    ...(adapter ? [{ name: memberNames.adapter, bytes: adapter }] : []),
    ...(prototypes ? [{ name: memberNames.prototypes, bytes: prototypes }] : []),
    ...(inSpec ? [{ name: memberNames.inSpec, bytes: inSpec }] : []),
  ];
}

/**
 * meta.json; the order of keys is kept only in the output's JSON Schema, where it is the order of the output.
 * @throws FuzzError FUZZ_PROGRAM_INVALID or FUZZ_JSON_INVALID for what could not be read again.
 */
export function metaMember(meta: Omit<ProgramMeta, "program_id">): ProgramMember {
  let text: string;
  try {
    text = canonicalJson(meta, ["output", "schema"]);
  } catch (cause) {
    throw invalid("its meta has a value that JSON can't hold", cause);
  }
  parseJson(text, memberNames.meta);
  return { name: memberNames.meta, bytes: encodeText(text) };
}

/**
 * Checks that a program is whole: its meta, its template, and the weights that its form promises.
 * @throws FuzzError FUZZ_PROGRAM_INVALID, FUZZ_TEMPLATE_INVALID
 */
export function checkProgram(program: Program): void {
  const { meta, promptTemplate, coefficients, adapter } = program;
  const { form } = checkProgramMeta(meta).adapter;
  splitTemplate(promptTemplate);
  if ((form === "thin") !== (coefficients !== undefined)) {
    throw invalid(`a program of the form ${form} ${coefficients ? "has" : "has no"} coefficients`);
  }
  if ((form === "full") !== (adapter !== undefined)) {
    throw invalid(`a program of the form ${form} ${adapter ? "has" : "has no"} adapter`);
  }
  if (coefficients && (coefficients.length === 0 || coefficients.length % 2 !== 0)) {
    throw invalid(`its coefficients have ${coefficients.length} bytes`);
  }
  if (adapter && !looksLikeGguf(adapter)) {
    throw invalid(`its adapter of ${adapter.length} bytes is not a GGUF file`);
  }
  checkPrototypes(program);
  checkInSpec(program);
}

function checkPrototypes({ meta, prototypes }: Program): void {
  const { output } = meta;
  const labels = output.type === "labels" ? output.labels.length : 0;
  const vectors = meta.prototypes?.ranking === undefined ? labels : labels + 1;
  const expected = meta.prototypes && 2 * vectors * meta.prototypes.size;
  if (prototypes?.length !== expected) {
    throw invalid(
      `its prototypes have ${prototypes?.length ?? "no"} bytes, not ${expected ?? "none"}`,
    );
  }
  if (prototypes && !decodeCoefficients(prototypes).every(Number.isFinite)) {
    throw invalid("its prototypes hold something that is not a number");
  }
}

function checkInSpec({ meta, inSpec }: Program): void {
  const expected = meta.in_spec && 4 * meta.in_spec.size;
  if (inSpec?.length !== expected) {
    throw invalid(
      `its vectors that tell its inputs from others have ${inSpec?.length ?? "no"} bytes, not ${expected ?? "none"}`,
    );
  }
  if (inSpec && !decodeCoefficients(inSpec).every(Number.isFinite)) {
    throw invalid("its vectors of the examples hold something that is not a number");
  }
}

function looksLikeGguf(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length >= minAdapterBytes && view.getUint32(0, true) === ggufMagic;
}

function encodeText(text: string): Uint8Array {
  if (/\p{Surrogate}/u.test(text)) {
    throw invalid("a text has half of a surrogate pair, which UTF-8 can't hold");
  }
  return new TextEncoder().encode(text);
}

function invalid(what: string, cause?: unknown): FuzzError {
  return new FuzzError(`The program can't be used: ${what}`, {
    code: "FUZZ_PROGRAM_INVALID",
    hint: "Compile the program again, or get it again from where it came from.",
    cause,
  });
}
