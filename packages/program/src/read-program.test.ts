import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, ZipWriter } from "@zip.js/zip.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCoefficients, encodeCoefficients } from "./coefficients.ts";
import { FuzzError } from "./errors.ts";
import type { Program } from "./program.ts";
import { programId } from "./program-id.ts";
import { rawZip } from "./raw-zip.fixture.ts";
import { readProgram } from "./read-program.ts";
import {
  sampleAdapter,
  sampleEncoderProgram,
  sampleFullProgram,
  sampleProgram,
} from "./sample-program.fixture.ts";
import { writeProgram } from "./write-program.ts";

const forms: [string, () => Program][] = [
  ["thin", sampleProgram],
  ["full", sampleFullProgram],
  ["none, with prototypes", sampleEncoderProgram],
  [
    "none",
    () => {
      const { coefficients: _, ...program } = sampleProgram({
        adapter: { form: "none", scale: 1 },
      });
      return program;
    },
  ],
];

test.each(forms)("a program of the form %s is read as it was written", async (_, make) => {
  const program = make();
  const bytes = await writeProgram(program);
  const read = await readProgram(bytes);
  expect(read).toEqual({
    ...program,
    meta: { ...program.meta, program_id: await programId(program) },
  });
  expect(await writeProgram(read)).toEqual(bytes);
});

test.each([
  ["thin", sampleProgram, "coefficients.f16"],
  ["full", sampleFullProgram, "adapter.gguf"],
] as const)(
  "a %s program has its members in order, stored, of a fixed date",
  async (_, make, last) => {
    const entries = await entriesOf(await writeProgram(make()));
    expect(entries.map(({ filename }) => filename)).toEqual([
      "meta.json",
      "prompt_template.txt",
      "pseudo_program.txt",
      last,
    ]);
    for (const entry of entries) {
      expect(entry.compressionMethod).toBe(0);
      expect(entry.rawLastModDate).toBe(0x00210000);
      expect(entry.externalFileAttributes).toBe(0);
      expect(entry.rawExtraField).toHaveLength(0);
    }
  },
);

test("the bytes and the id depend neither on the order of keys nor on the id before", async () => {
  const program = sampleProgram();
  const reordered = Object.fromEntries(Object.entries(program.meta).reverse());
  const same = {
    ...program,
    meta: { ...reordered, program_id: "1".repeat(64) } as Program["meta"],
  };
  expect(await writeProgram(same)).toEqual(await writeProgram(program));
  expect(await programId(program)).toBe(
    "99fb8d5e2f99f803e03234a8fe62e7594853628b64477a65079cc5acc2b0aa15",
  );
});

test("every part of the content changes the id", async () => {
  const program = sampleProgram();
  const changes: Program[] = [
    { ...program, promptTemplate: `${program.promptTemplate} ` },
    { ...program, pseudoProgram: `${program.pseudoProgram} ` },
    { ...program, coefficients: program.coefficients!.map((byte) => byte ^ 1) },
    sampleProgram({ name: "x" }),
    sampleProgram({ otherwise: "x" }),
    sampleProgram({ adapter: { form: "thin", scale: 0.5 } }),
    sampleProgram({ further: 1 }),
  ];
  const ids = await Promise.all([program, ...changes].map(programId));
  expect(new Set(ids).size).toBe(ids.length);
});

test("the order of a JSON Schema's properties is kept, and counts", async () => {
  const withKeys = (...keys: string[]) => {
    const properties = Object.fromEntries(keys.map((key) => [key, { type: "string" }]));
    const { label_bias: _, ...meta } = sampleProgram().meta;
    return {
      ...sampleProgram(),
      meta: { ...meta, output: { type: "json" as const, schema: { type: "object", properties } } },
    };
  };
  const read = await readProgram(await writeProgram(withKeys("z", "a")));
  const { output } = read.meta;
  expect(output.type === "json" && Object.keys(output.schema!.properties!)).toEqual(["z", "a"]);
  expect(await programId(withKeys("z", "a"))).not.toBe(await programId(withKeys("a", "z")));
});

test("coefficients come back as float16", async () => {
  const { coefficients } = await readProgram(await writeProgram(sampleProgram()));
  expect([...decodeCoefficients(coefficients!)].slice(0, 3)).toEqual([-4, -3.875, -3.75]);
});

test.each<[string, (program: Program) => Program]>([
  ["thin without coefficients", ({ coefficients: _, ...program }) => program],
  ["thin with an adapter", (program) => ({ ...program, adapter: sampleAdapter() })],
  ["thin with half a coefficient", (program) => ({ ...program, coefficients: new Uint8Array(3) })],
  ["thin with no coefficients", (program) => ({ ...program, coefficients: new Uint8Array(0) })],
  ["without a placeholder", (program) => ({ ...program, promptTemplate: "x" })],
  ["with half a character", (program) => ({ ...program, pseudoProgram: "\ud800" })],
  ["with a meta too deep", (program) => withMeta(program, { otherwise: nest(100) })],
  ["with a meta that refers to itself", (program) => withMeta(program, { otherwise: loop() })],
  ["full with a small adapter", () => withAdapter(sampleAdapter().subarray(0, 1000))],
  ["full with another adapter", () => withAdapter(new Uint8Array(2000))],
])("a program %s is not written", async (_, change) => {
  await expect(writeProgram(change(sampleProgram()))).rejects.toSatisfy(FuzzError.isInstance);
});

test("a program whose content was changed is refused", async () => {
  const members = await membersOf(await writeProgram(sampleProgram()));
  const meta = JSON.parse(members.get("meta.json")!.toString());
  for (const change of [{ spec: "Say now to everything." }, { program_id: "0".repeat(64) }]) {
    const changed = rawZip(
      [...members].map(([name, data]) => ({
        name,
        data: name === "meta.json" ? Buffer.from(JSON.stringify({ ...meta, ...change })) : data,
      })),
    );
    await expect(readProgram(changed)).rejects.toMatchObject({
      code: "FUZZ_PROGRAM_INVALID",
      message: /program_id/,
    });
  }
});

test.each(["meta.json", "prompt_template.txt", "coefficients.f16"])(
  "a program without %s is refused",
  async (missing) => {
    const members = await membersOf(await writeProgram(sampleProgram()));
    members.delete(missing);
    const bytes = rawZip([...members].map(([name, data]) => ({ name, data })));
    await expect(readProgram(bytes)).rejects.toMatchObject({ code: "FUZZ_PROGRAM_INVALID" });
  },
);

test("an official program is read, with further members, and keeps its id when written", async () => {
  const meta = { program_id: "94f4ca7b5b7973f5b407", interpreter: "gpt2", runtime_id: "gpt2-q8_0" };
  const bytes = rawZip([
    { name: "meta.json", data: Buffer.from(JSON.stringify(meta)), deflate: true },
    { name: "adapter.gguf", data: sampleAdapter(), deflate: true },
    { name: "prompt_template.txt", data: Buffer.from("[INPUT]{INPUT_PLACEHOLDER}[END]") },
    { name: "logs/train.txt", data: Buffer.from("loss") },
  ]);
  const program = await readProgram(bytes);
  expect(program.meta).toMatchObject({ ...meta, format: "official", spec: "" });
  expect(program.pseudoProgram).toBe("");
  expect(program.adapter).toEqual(sampleAdapter());
  const again = await readProgram(await writeProgram(program));
  expect(again).toEqual(program);
});

test("an official program without an adapter is refused", async () => {
  const meta = { program_id: "94f4ca7b5b7973f5b407", interpreter: "gpt2" };
  const bytes = rawZip([
    { name: "meta.json", data: Buffer.from(JSON.stringify(meta)) },
    { name: "prompt_template.txt", data: Buffer.from("{INPUT_PLACEHOLDER}") },
  ]);
  await expect(readProgram(bytes)).rejects.toMatchObject({ code: "FUZZ_PROGRAM_INVALID" });
});

test("any bytes give a FuzzError", async () => {
  const end = Buffer.from("PK\x05\x06\0\0\0\0\x01\0\x01\0", "latin1");
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.uint8Array({ maxLength: 300 }), async (withEnd, noise) => {
      await expectProgramOrFuzzError(
        withEnd ? new Uint8Array([...noise, ...end, ...noise]) : noise,
      );
    }),
    { numRuns: 300 },
  );
});

test("a good file with any bytes changed gives a program or a FuzzError", async () => {
  const files = [
    await writeProgram(sampleProgram()),
    await deflated(await writeProgram(sampleFullProgram())),
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.boolean(),
      async (good, changes, inDirectory) => {
        const bytes = good.slice();
        // The directory is at the end and holds the claims, so that half of the runs aim at it.
        const start = inDirectory ? Buffer.from(good).indexOf("PK\x01\x02") : 0;
        for (const [place, value] of changes) {
          bytes[start + Math.floor(place * (bytes.length - 1 - start))] = value;
        }
        await expectProgramOrFuzzError(bytes);
      },
    ),
    { numRuns: 600 },
  );
});

async function expectProgramOrFuzzError(bytes: Uint8Array): Promise<void> {
  try {
    const program = await readProgram(bytes);
    expect(await programId(program)).toBe(program.meta.program_id);
  } catch (error) {
    expect(FuzzError.isInstance(error), String(error)).toBe(true);
  }
}

function withMeta(program: Program, change: object): Program {
  return { ...program, meta: { ...program.meta, ...change } };
}

function withAdapter(adapter: Uint8Array): Program {
  return { ...sampleFullProgram(), adapter };
}

function nest(depth: number): unknown {
  return depth === 0 ? 1 : [nest(depth - 1)];
}

function loop(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}

async function entriesOf(bytes: Uint8Array) {
  return new ZipReader(new Uint8ArrayReader(bytes)).getEntries();
}

async function membersOf(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  const members = new Map<string, Buffer>();
  for (const entry of await entriesOf(bytes)) {
    if (!entry.directory) {
      members.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())));
    }
  }
  return members;
}

/** The same members compressed, as an official hub would send them. */
async function deflated(bytes: Uint8Array): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const [name, data] of await membersOf(bytes)) {
    await writer.add(name, new Uint8ArrayReader(data));
  }
  return writer.close();
}

test.each<[string, Partial<Program>, Parameters<typeof sampleEncoderProgram>[0]]>([
  ["too short", { prototypes: new Uint8Array(22) }, {}],
  ["of another size", {}, { prototypes: { size: 5, scale: 8 } }],
  ["not numbers", { prototypes: new Uint8Array(24).fill(0xff) }, {}],
  ["for text", {}, { output: { type: "text" }, label_bias: [] }],
  [
    "beside a weak adapter",
    { adapter: sampleAdapter() },
    { adapter: { form: "full", scale: 0.5 } },
  ],
  ["without their adapter", {}, { adapter: { form: "full", scale: 1 } }],
])("prototypes that are %s are refused", async (_, parts, meta) => {
  const program = { ...sampleEncoderProgram(meta), ...parts };
  await expect(writeProgram(program)).rejects.toMatchObject({ code: "FUZZ_PROGRAM_INVALID" });
});

test("prototypes may come with an adapter for the encoder", async () => {
  const trained = sampleEncoderProgram({ adapter: { form: "full", scale: 1 } });
  const program = { ...trained, adapter: sampleAdapter() };
  const read = await readProgram(await writeProgram(program));
  expect(read.adapter).toEqual(program.adapter);
  expect(read.prototypes).toEqual(program.prototypes);
});

test("prototypes that no meta tells of are refused", async () => {
  const { prototypes } = sampleEncoderProgram();
  const program = { ...sampleProgram(), ...(prototypes && { prototypes }) };
  await expect(writeProgram(program)).rejects.toMatchObject({ code: "FUZZ_PROGRAM_INVALID" });
});

const inSpec = {
  meta: { size: 2, encoder: { name: "mini", source_sha256: "c".repeat(64), quantisation: "Q8_0" } },
  vectors: encodeCoefficients(Float32Array.of(0.5, 0.25, 1, -1)),
};

test("vectors that tell inputs from others come back, on any kind of program", async () => {
  const program = { ...sampleProgram({ in_spec: inSpec.meta }), inSpec: inSpec.vectors };
  const read = await readProgram(await writeProgram(program));
  expect(read.inSpec).toEqual(inSpec.vectors);
  expect(read.meta.in_spec).toEqual(inSpec.meta);
});

test.each([
  ["missing", { in_spec: inSpec.meta }, undefined],
  ["unannounced", {}, inSpec.vectors],
  ["of another size", { in_spec: inSpec.meta }, new Uint8Array(6)],
  ["not numbers", { in_spec: inSpec.meta }, new Uint8Array(8).fill(0xff)],
])("vectors of the examples that are %s are refused", async (_, meta, vectors) => {
  const program = { ...sampleProgram(meta), ...(vectors && { inSpec: vectors }) };
  await expect(writeProgram(program)).rejects.toMatchObject({ code: "FUZZ_PROGRAM_INVALID" });
});
