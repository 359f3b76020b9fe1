import { join } from "node:path";
import { buildAdapter, compileProgram, loadCompiler } from "@fuzzc/compiler";
import {
  ensureBaseModel,
  ensureEncoder,
  type LoadedProgram,
  openEncoderInterpreter,
  openInterpreter,
} from "@fuzzc/interpreter";
import { type OutputType, type Program, writeProgram } from "@fuzzc/program";

/** One named figure; several calls give the median. */
export interface Figure {
  what: string;
  value: number;
  unit: "ms" | "lines/s" | "MB" | "kB" | "x";
}

const functions: {
  kind: string;
  spec: string;
  output: OutputType;
  input: (n: number) => string;
}[] = [
  {
    kind: "label",
    spec: "Decide how soon a support message needs a reply: now when all are blocked, today when one person is stuck, later for anything else.",
    output: { type: "labels", labels: ["now", "today", "later"] },
    input: (n) =>
      `Hello, since this morning I can't open invoice ${n} any more, could you have a look?`,
  },
  {
    kind: "JSON",
    spec: "Take the item and the quantity out of an order from a chat.",
    output: {
      type: "json",
      schema: {
        type: "object",
        properties: { item: { type: "string", maxLength: 40 }, quantity: { type: "integer" } },
        required: ["item", "quantity"],
        additionalProperties: false,
      },
    },
    input: (n) => `Hi there, could you please send ${n} blue folders to the office in Porto?`,
  },
  {
    kind: "text",
    spec: "Write the date of the message as year-month-day.",
    output: { type: "text" },
    input: (n) => `The delivery was planned for March ${(n % 28) + 1}, 2024, in the afternoon.`,
  },
];
const calls = 21;

/** Runs the whole way, from opening the model to many lines, and prints what each part took. */
export async function measureSpeed(root: string, lines: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  const note = (what: string, unit: Figure["unit"], value: number) =>
    figures.push({ what, unit, value });
  const base = await ensureBaseModel("smollm2-135m-instruct");
  const start = performance.now();
  await using interpreter = await openInterpreter({
    modelPath: base.path,
    // As the SDK and the command line open it.
    threads: 1,
    base: { name: base.name, source_sha256: base.sourceSha256, quantisation: base.quantisation },
  });
  note("model load", "ms", performance.now() - start);
  const loading = performance.now();
  const compiler = await loadCompiler(join(root, "compilers/smol"));
  note("compiler load", "ms", performance.now() - loading);
  await measureEncoderSpeed(note);
  for (const { kind, spec, output, input } of functions) {
    const compiling = performance.now();
    const { program, adapter } = await compileProgram({ spec, output }, { compiler, interpreter });
    note(`-O0 compile (${kind})`, "ms", performance.now() - compiling);
    const first = performance.now();
    const loaded = await interpreter.load(program, adapter);
    await loaded.run(input(1));
    note(`load and first call (${kind})`, "ms", performance.now() - first);
    const times = await timeCalls(loaded, input);
    note(`p50 of a call, prefix cached (${kind})`, "ms", median(times));
    if (kind === "label") {
      await measureThroughput(loaded, input, lines, note);
      note("program, thin", "kB", (await writeProgram(program)).length / 1e3);
      note("program, full", "kB", (await writeProgram(fullForm(program, adapter))).length / 1e3);
      const rebuilding = performance.now();
      buildAdapter(program, compiler);
      note("adapter from coefficients", "ms", performance.now() - rebuilding);
    }
    await loaded.dispose();
  }
  note("peak memory", "MB", process.resourceUsage().maxRSS / 1e3);
  return figures;
}

/** The label function again, on the sentence encoder. */
async function measureEncoderSpeed(
  note: (what: string, unit: Figure["unit"], value: number) => void,
): Promise<void> {
  const { name, path, sourceSha256, quantisation } = await ensureEncoder();
  const start = performance.now();
  await using encoder = await openEncoderInterpreter({
    modelPath: path,
    base: { name, source_sha256: sourceSha256, quantisation },
  });
  note("encoder load", "ms", performance.now() - start);
  const { spec, output, input } = functions[0]!;
  const compiling = performance.now();
  const { program } = await compileProgram({ spec, output }, { encoder });
  note("-O0 compile (label, encoder)", "ms", performance.now() - compiling);
  await using loaded = await encoder.load(program);
  note("p50 of a call (label, encoder)", "ms", median(await timeCalls(loaded, input)));
  const lines = Array.from({ length: 200 }, (_, n) => input(n));
  const streaming = performance.now();
  for await (const _ of loaded.map(lines)) {
    // Only the time counts.
  }
  const rate = (1000 * lines.length) / (performance.now() - streaming);
  note(`${lines.length} lines as one stream (label, encoder)`, "lines/s", rate);
  note("program (label, encoder)", "kB", (await writeProgram(program)).length / 1e3);
}

async function timeCalls(loaded: LoadedProgram, input: (n: number) => string): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < calls; n++) {
    const start = performance.now();
    await loaded.run(input(n + 2));
    times.push(performance.now() - start);
  }
  return times;
}

/** Interleaved quarters of both ways, so that a busy machine slows both alike. */
async function measureThroughput(
  loaded: LoadedProgram,
  input: (n: number) => string,
  lines: number,
  note: (what: string, unit: Figure["unit"], value: number) => void,
): Promise<void> {
  const batched = { lines: 0, ms: 0 };
  const single = { lines: 0, ms: 0 };
  for (let quarter = 0; quarter < 4; quarter++) {
    const inputs = Array.from({ length: Math.ceil(lines / 4) }, (_, n) =>
      input(quarter * lines + n),
    );
    const batchStart = performance.now();
    for await (const _ of loaded.map(inputs)) {
      batched.lines++;
    }
    batched.ms += performance.now() - batchStart;
    const singleStart = performance.now();
    for (const one of inputs.slice(0, Math.ceil(inputs.length / 4))) {
      await loaded.run(`${one} `);
      single.lines++;
    }
    single.ms += performance.now() - singleStart;
  }
  const rate = ({ lines, ms }: typeof batched) => (1000 * lines) / ms;
  note(`${batched.lines} lines as one stream (label)`, "lines/s", rate(batched));
  note("one call at a time (label)", "lines/s", rate(single));
  note("stream against one at a time", "x", rate(batched) / rate(single));
}

function fullForm(program: Program, adapter: Uint8Array | null): Program {
  const { coefficients: _, ...rest } = program;
  const meta = { ...program.meta, adapter: { ...program.meta.adapter, form: "full" as const } };
  return { ...rest, meta, ...(adapter && { adapter }) };
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** The figures as a Markdown table. */
export function formatSpeed(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ what, value, unit }) => `| ${what} | ${value.toPrecision(3)} ${unit} |`,
  );
  return ["| | |", "|---|---|", ...rows].join("\n");
}
