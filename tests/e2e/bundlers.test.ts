import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEncoder } from "@fuzzc/interpreter";
import { cacheFolder } from "@fuzzc/models";
import * as esbuild from "esbuild";
import * as rollup from "rollup";
import esbuildPlugin from "unplugin-fuzzc/esbuild";
import rollupPlugin from "unplugin-fuzzc/rollup";
import vitePlugin from "unplugin-fuzzc/vite";
import webpackPlugin from "unplugin-fuzzc/webpack";
import { build as buildWithVite } from "vite";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import webpack from "webpack";
import { collect, type Run } from "./run-fuzzc.ts";

const repository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const policies = `output: [yes, no]
interpreter: encoder
functions:
  is-refund:
    spec: Does the customer ask for money back? yes when they do. no otherwise.
    examples: messages.csv
  is-rude:
    spec: Is the message rude? yes when it insults somebody. no otherwise.
    otherwise: null
`;
const messages = `input,output
"I want my money back, now.",yes
When do you open?,no
`;
const main = `import { isRefund } from "./policies.fuzz.yaml";

console.log(await isRefund("I want my money back!"));
await isRefund.dispose();
`;

let folder: string;
let homeBefore: string | undefined;

beforeAll(async () => {
  await ensureEncoder();
  folder = await mkdtemp(join(tmpdir(), "fuzzc-bundle-"));
  const home = join(folder, ".home");
  await mkdir(home);
  for (const name of ["models", "derived"]) {
    await symlink(join(cacheFolder(), name), join(home, name), "junction");
  }
  homeBefore = process.env.FUZZC_HOME;
  process.env.FUZZC_HOME = home;
  await mkdir(join(folder, "node_modules"));
  for (const name of ["fuzzc", "unplugin-fuzzc", "vite"]) {
    await symlink(
      repository(`node_modules/${name}`),
      join(folder, "node_modules", name),
      "junction",
    );
  }
  await put("package.json", '{ "type": "module" }\n');
  await put("main.js", main);
});

afterAll(async () => {
  if (homeBefore === undefined) {
    delete process.env.FUZZC_HOME;
  } else {
    process.env.FUZZC_HOME = homeBefore;
  }
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  await put("policies.fuzz.yaml", policies);
  await put("messages.csv", messages);
});

/** At once, so that nobody who watches the file reads half of it. */
const put = async (path: string, text: string) => {
  const draft = join(folder, `.${path.replaceAll("/", "-")}.draft`);
  await writeFile(draft, text);
  await rename(draft, join(folder, path));
};
const read = (path: string) => readFile(join(folder, path), "utf8");
const options = { offline: true };

function runNode(...words: string[]): Promise<Run> {
  const env = { ...process.env, FUZZC_OFFLINE: "1" };
  return collect(spawn(process.execPath, words, { cwd: folder, env }));
}

const viteOptions = () => ({
  root: folder,
  configFile: false as const,
  logLevel: "silent" as const,
  plugins: [vitePlugin(options)],
});
const rollupOptions = (out: string) => ({
  input: join(folder, "main.js"),
  plugins: [rollupPlugin(options)],
  output: { dir: join(folder, out) },
});

/** Each builds main.js into a folder of its name. */
const bundlers: Record<string, () => Promise<unknown>> = {
  vite: () =>
    buildWithVite({ ...viteOptions(), build: { ssr: "main.js", outDir: "vite", minify: true } }),
  rollup: async () => {
    const { output, ...input } = rollupOptions("rollup");
    await (await rollup.rollup(input)).write(output);
  },
  esbuild: () =>
    esbuild.build({
      absWorkingDir: folder,
      entryPoints: ["./main.js"],
      bundle: true,
      platform: "node",
      format: "esm",
      outdir: "esbuild",
      logLevel: "silent",
      plugins: [esbuildPlugin(options)],
    }),
  webpack: () =>
    new Promise<void>((resolve, reject) => {
      const configuration: webpack.Configuration = {
        mode: "production",
        context: folder,
        entry: "./main.js",
        target: "node",
        experiments: { outputModule: true },
        output: { module: true, path: join(folder, "webpack"), filename: "main.js" },
        plugins: [webpackPlugin(options)],
      };
      webpack(configuration, (error, stats) => {
        const failure = error ?? (stats?.hasErrors() ? new Error(stats.toString()) : undefined);
        return failure ? reject(failure) : resolve();
      });
    }),
};
const names = Object.keys(bundlers);
const build = (name: string) => bundlers[name]?.();

test.each(names)("%s builds a function in, and the bundle answers", async (name) => {
  await build(name);
  // Nothing but fuzzc is needed any more.
  await rm(join(folder, "policies.fuzz.yaml"));
  expect(await runNode(`${name}/main.js`)).toEqual({ code: 0, stdout: "yes\n", stderr: "" });
  const code = await read(`${name}/main.js`);
  expect(code).toMatch(/from\s*["']fuzzc["']/);
  // The function that nobody imports is left out.
  expect(code.match(/data:application\/zip;base64/g)).toHaveLength(1);
});

test.each(names)("%s fails at the position of an error", async (name) => {
  await put("policies.fuzz.yaml", policies.replace("otherwise:", "otherwize:"));
  const error = await Promise.resolve(build(name)).catch((error: Error) => error);
  expect(error).toBeInstanceOf(Error);
  const { message, loc } = error as Error & { loc?: unknown };
  expect(message).toMatch(
    /policies\.fuzz\.yaml:9:5: unknown key "otherwize" \(FUZZ_UNKNOWN_KEY\)\s+Did you mean otherwise\?/,
  );
  // No other error comes of it.
  expect(message.match(/ERROR/g)?.length ?? 1).toBe(1);
  if (name === "vite" || name === "rollup") {
    expect(loc).toEqual({ file: join(folder, "policies.fuzz.yaml"), line: 9, column: 5 });
  }
});

test.each(names)("%s fails at the position in a file of data", async (name) => {
  await put("messages.csv", `${messages}Hello,maybe\n`);
  await expect(build(name)).rejects.toThrow(
    /messages\.csv:4:7: label "maybe" is not one of yes, no/,
  );
});

test("a build for a browser is refused", async () => {
  const rollupOptions = { input: join(folder, "main.js") };
  const building = buildWithVite({ ...viteOptions(), build: { rollupOptions, write: false } });
  await expect(building).rejects.toThrow(/runs in Node, and this build is for a browser/);
});

test("Vite serves a function to its server side", async () => {
  await put(
    "serve.js",
    `import fuzzc from "unplugin-fuzzc/vite";
import { createServer } from "vite";

const server = await createServer({
  configFile: false,
  server: { middlewareMode: true, watch: null },
  plugins: [fuzzc()],
});
const { isRude } = await server.ssrLoadModule("/policies.fuzz.yaml");
console.log(await isRude("You are an idiot!"));
await isRude.dispose();
await server.close();
`,
  );
  const { stdout, ...run } = await runNode("serve.js");
  expect(run).toEqual({ code: 0, stderr: "" });
  expect(["yes\n", "no\n", "null\n"]).toContain(stdout);
});

test("while Rollup watches, a change of any file builds again, also after an error", async () => {
  const watcher = rollup.watch(rollupOptions("watched"));
  const next = () =>
    new Promise<string>((resolve) => {
      const listen = (event: rollup.RollupWatcherEvent) => {
        if (event.code === "END" || event.code === "ERROR") {
          watcher.off("event", listen);
          resolve(event.code === "END" ? "built" : event.error.message);
        }
      };
      watcher.on("event", listen);
    });
  try {
    expect(await next()).toBe("built");
    let event = next();
    await put("messages.csv", `${messages}Hello,maybe\n`);
    expect(await event).toContain("messages.csv:4:7");
    event = next();
    await put("messages.csv", `${messages}"Give it back, all that I paid!",yes\n`);
    expect(await event).toBe("built");
    event = next();
    await put("policies.fuzz.yaml", policies.replaceAll("yes", "refund"));
    await put("messages.csv", messages.replaceAll("yes", "refund"));
    expect(await event).toBe("built");
  } finally {
    await watcher.close();
  }
  expect(await runNode("watched/main.js")).toMatchObject({ stdout: "refund\n" });
});

test("the types stand beside the file, where TypeScript finds them", async () => {
  await build("esbuild");
  await put(
    "usage.ts",
    `import { type IsRudeOutput, isRefund, isRude } from "./policies.fuzz.yaml";

const refund: "yes" | "no" = await isRefund("My money, please.");
const rude: IsRudeOutput = await isRude("Hello");
// @ts-expect-error it may abstain
const sure: "yes" | "no" = rude;
export { refund, sure };
`,
  );
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: "ES2023",
    lib: ["ES2023", "ESNext.Disposable", "DOM"],
    module: "NodeNext",
    types: [],
    skipLibCheck: true,
    allowArbitraryExtensions: true,
  };
  await put("tsconfig.json", JSON.stringify({ compilerOptions, files: ["usage.ts"] }));
  const tsc = repository("node_modules/typescript/bin/tsc");
  expect(await runNode(tsc, "-p", ".")).toEqual({ code: 0, stdout: "", stderr: "" });
});
