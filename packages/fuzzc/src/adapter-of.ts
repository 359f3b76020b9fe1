import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buildAdapter } from "@fuzzc/compiler";
import { cacheFolder } from "@fuzzc/models";
import type { Program } from "@fuzzc/program";
import { findCompiler } from "./find-compiler.ts";
import { version } from "./version.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

const digestBytes = 32;

/**
 * The adapter of a program in GGUF. That of a thin program is built from its coefficients once, and kept in the cache
 * under them, so that the compiler's weights need not be read again.
 * @param compiler that made it: its name or the path of its folder; left out, the default one.
 * @returns null for a program without one.
 * @throws FuzzError FUZZ_COMPILER_MISMATCH for a thin program of another compiler
 */
export async function adapterOf(program: Program, compiler?: string): Promise<Uint8Array | null> {
  const { form } = program.meta.adapter;
  if (form !== "thin") {
    return form === "none" ? null : (program.adapter ?? null);
  }
  const path = adapterPath(program);
  const known = await readChecked(path);
  if (known !== undefined) {
    return known;
  }
  const adapter = buildAdapter(program, await findCompiler(compiler));
  if (adapter !== null) {
    await keepAdapter(program, adapter);
  }
  return adapter;
}

/** Puts a thin program's adapter into the cache. One that can't be written to costs time later, nothing else. */
export async function keepAdapter(program: Program, adapter: Uint8Array): Promise<void> {
  const file = Buffer.concat([sha256(adapter), adapter]);
  await writeFileAtomically(adapterPath(program), file).catch(() => {});
}

function adapterPath({ coefficients, meta }: Program): string {
  const made = `${version} ${meta.compiler?.weights_sha256} `;
  const key = sha256(Buffer.concat([Buffer.from(made), coefficients ?? new Uint8Array()]));
  return join(cacheFolder(), "adapters", key.toString("hex").slice(0, 32));
}

/** The file opens with the checksum of the rest: what was cut or changed is built again. */
async function readChecked(path: string): Promise<Uint8Array | undefined> {
  const file = await readFile(path).catch(() => Buffer.alloc(0));
  const adapter = file.subarray(digestBytes);
  const whole = file.length > digestBytes && sha256(adapter).equals(file.subarray(0, digestBytes));
  return whole ? adapter : undefined;
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
