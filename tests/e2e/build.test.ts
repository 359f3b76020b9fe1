import { spawn } from "node:child_process";
import { cp, mkdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { collect, type Run } from "./run-fuzzc.ts";
import { useProject } from "./test-project.ts";

const repository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const tsc = repository("node_modules/typescript/bin/tsc");

const triage = `name: triage
spec: |
  Decide how soon a message needs a reply.
  now: the product is down. later: all else.
output: [now, later]
`;
const order = `name: order-size
spec: Take the quantity and the size out of an order.
output:
  type: object
  properties:
    quantity: { type: integer, minimum: 0, maximum: 9 }
    size: { enum: [small, large] }
  required: [quantity, size]
  additionalProperties: false
otherwise: null
`;

/** A user's code: what must and what must not pass the type checker. */
const usage = `import { orderSize, triage } from "../fuzz/index.js";
import type { TriageOutput } from "../fuzz/triage.js";

const soon: TriageOutput = await triage("The site is down!");
const answer: "now" | "later" = soon;
const order = await orderSize("three small bowls");
const size: "small" | "large" | undefined = order?.size;
const { probability } = await triage.detail("fine");
const percent: number = probability * 100;
for await (const each of triage.map(["a", "b"])) each satisfies TriageOutput;
await triage.dispose();
await orderSize.dispose();
console.log(JSON.stringify({ answer, order, size, percent }));

export async function wrong() {
  // @ts-expect-error it may abstain
  order.quantity;
  // @ts-expect-error there is no such label
  const label: "never" = soon;
  // @ts-expect-error the quantity is a number
  const quantity: string | undefined = order?.quantity;
  // @ts-expect-error it takes a text
  await triage({ text: "a" });
}
`;

const config = {
  compilerOptions: {
    strict: true,
    target: "ES2023",
    lib: ["ES2023", "ESNext.Disposable", "DOM"],
    module: "NodeNext",
    types: [],
    skipLibCheck: true,
    outDir: "build",
    rootDir: ".",
  },
  files: ["src/usage.ts"],
};
const project = useProject({
  "package.json": '{ "type": "module" }\n',
  "tsconfig.json": JSON.stringify(config),
  "src/usage.ts": usage,
  "policies/triage.fuzz.yaml": triage,
  "policies/order.fuzz.yaml": order,
});

beforeAll(async () => {
  const modules = join(project.folder, "node_modules");
  await mkdir(modules);
  await symlink(repository("packages/fuzzc"), join(modules, "fuzzc"), "junction");
});

const build = (...words: string[]) => project.fuzzc(["build", ...words]);

function runNode(...words: string[]): Promise<Run> {
  const options = { cwd: project.folder, env: { ...process.env, ...project.env } };
  return collect(spawn(process.execPath, words, options));
}

async function changedAt(path: string): Promise<number> {
  return (await stat(join(project.folder, path))).mtimeMs;
}

test("a project's functions are built, checked by the type checker, and run", async () => {
  const built = await build();
  expect(built).toMatchObject({ code: 0, stderr: "" });
  expect(built.stdout).toMatch(/^fuzz\/order-size\.paw: .*\nfuzz\/triage\.paw: .*\n2 compiled\n$/);
  const declaration = await readFile(join(project.folder, "fuzz/order-size.d.ts"), "utf8");
  expect(declaration).toContain("/** Take the quantity and the size out of an order. */");

  const checked = await runNode(tsc, "-p", ".");
  expect(checked).toEqual({ code: 0, stdout: "", stderr: "" });
  // The type checker leaves the built modules where they are; they work wherever they are copied.
  await cp(join(project.folder, "fuzz"), join(project.folder, "build/fuzz"), { recursive: true });
  const run = await runNode("build/src/usage.js");
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const printed = JSON.parse(run.stdout);
  expect(["now", "later"]).toContain(printed.answer);
  expect(["small", "large"]).toContain(printed.size);
  expect(printed.order).toEqual({ quantity: expect.any(Number), size: printed.size });
  expect(printed.percent).toBeGreaterThan(0);
});

test("only what has changed is built again, and a check says what would be", async () => {
  expect(await build()).toMatchObject({ code: 0, stdout: "2 unchanged\n" });
  const before = [await changedAt("fuzz/order-size.paw"), await changedAt("fuzz/triage.paw")];
  await project.put("policies/triage.fuzz.yaml", triage.replaceAll("later", "whenever"));
  const check = await build("--check");
  expect(check).toMatchObject({
    code: 1,
    stdout:
      "triage is stale: its source or fuzzc has changed (policies/triage.fuzz.yaml)\n1 unchanged, 1 stale\n",
  });
  expect(await build("policies")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^fuzz\/triage\.paw: .*\n1 unchanged, 1 compiled\n$/),
  });
  expect(await changedAt("fuzz/order-size.paw")).toBe(before[0]);
  expect(await changedAt("fuzz/triage.paw")).toBeGreaterThan(before[1]!);
  expect(await build("--check")).toMatchObject({ code: 0 });
  const { code, stdout } = await runNode(tsc, "-p", ".");
  expect(code).not.toBe(0);
  expect(stdout).toContain('"whenever"');
});

test("errors of all files are told, and the exit code is theirs", async () => {
  await project.put(
    "policies/a.fuzz.yaml",
    "spec: a\noutput: [b]\ntests: [{ input: a, output: c }]\n",
  );
  await project.put("policies/b.fuzz.yaml", "output: text\n");
  const run = await build("--json");
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(/^fuzzc: policies\/a\.fuzz\.yaml:3:29: label "c" is not one of b/m);
  expect(run.stderr).toMatch(/^fuzzc: policies\/b\.fuzz\.yaml:1:1: expected a spec/m);
  const states = run.stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line).state);
  expect(states).toEqual(["failed", "failed", "unchanged", "unchanged"]);
  expect(await build("nowhere")).toMatchObject({ code: 3, stdout: "" });
});
