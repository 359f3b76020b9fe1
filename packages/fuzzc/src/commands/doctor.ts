import { spawnSync } from "node:child_process";
import { mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { freemem } from "node:os";
import { join } from "node:path";
import { engineVersion, loadEngine } from "@fuzzc/llama";
import {
  cacheFolder,
  defaultBaseModel,
  defaultEncoder,
  isOffline,
  listModels,
  mavenCommand,
  pythonCommands,
} from "@fuzzc/models";
import { compilerFolder, readManifest } from "../find-compiler.ts";
import { renderError } from "../render-error.ts";
import { version } from "../version.ts";
import type { Session } from "./session.ts";

/** `fail` stops fuzzc from working; `warn` may, or only slows it down. */
export interface Check {
  name: string;
  state: "ok" | "warn" | "fail";
  detail: string;
}

/** What the base model, its context and the compiler take, with some room. */
const wantedMemoryBytes = 700e6;
/** The base model as fetched and as run, with some room for programs. */
const wantedDiskBytes = 400e6;

/** `fuzzc doctor`: looks at all that fuzzc needs; 3 when something is missing. */
export async function examine({ terminal }: Session, flags: { json?: boolean }): Promise<number> {
  const checks = [
    { name: "fuzzc", state: "ok" as const, detail: version },
    checkNode(),
    await attempt("engine", () => {
      const { folder } = loadEngine();
      return `llama.cpp ${engineVersion}, ${folder}`;
    }),
    await attempt("compiler", async () => {
      const manifest = await readManifest();
      return `${manifest.name} ${manifest.version}, ${compilerFolder()}`;
    }),
    await attempt("cache", checkCache),
    ...(await checkModels()),
    checkMemory(),
    await checkDisk(),
  ];
  for (const { name, state, detail } of checks) {
    await terminal.print(
      flags.json
        ? JSON.stringify({ name, state, detail })
        : `${state.padEnd(4)}  ${name.padEnd(10)} ${detail}`,
    );
  }
  return checks.some(({ state }) => state === "fail") ? 3 : 0;
}

async function attempt(name: string, check: () => string | Promise<string>): Promise<Check> {
  try {
    return { name, state: "ok", detail: await check() };
  } catch (error) {
    return { name, state: "fail", detail: renderError(error).message };
  }
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const fine = major > 20 || (major === 20 && minor >= 19);
  const detail = `${process.versions.node} on ${process.platform}-${process.arch}`;
  return fine
    ? { name: "node", state: "ok", detail }
    : { name: "node", state: "fail", detail: `${detail}; fuzzc needs 20.19 or newer` };
}

async function checkCache(): Promise<string> {
  const folder = cacheFolder();
  const probe = join(folder, `.probe-${process.pid}`);
  await mkdir(folder, { recursive: true });
  await writeFile(probe, "");
  await rm(probe);
  return folder;
}

/** The models that are used unless others are named; and where one is missing, what else could fetch it. */
async function checkModels(): Promise<Check[]> {
  const models = (await listModels()).filter(
    ({ name }) => name === defaultBaseModel || name === defaultEncoder,
  );
  const checks = models.map(
    ({ name, present, path }): Check =>
      present
        ? { name: "base", state: "ok", detail: `${name}, ${path}` }
        : {
            name: "base",
            state: isOffline() ? "fail" : "warn",
            detail: `${name} is not here yet; "fuzzc models pull ${name}" fetches it`,
          },
  );
  const missing = models.filter(({ present }) => !present);
  if (missing.some(({ pip }) => pip !== undefined)) {
    const commands = pythonCommands().map((words) => [...words, "-m", "pip", "--version"]);
    checks.push(checkTool("pip", commands, "no Python with pip"));
  }
  if (missing.some(({ maven }) => maven !== undefined)) {
    checks.push(checkTool("maven", [[...mavenCommand(), "--quiet", "--version"]], "no mvn"));
  }
  return checks;
}

function checkTool(name: string, commands: readonly string[][], absent: string): Check {
  for (const [command = "", ...words] of commands) {
    const { status, stdout } = spawnSync(command, words, {
      encoding: "utf8",
      windowsHide: true,
    });
    if (status === 0) {
      return { name, state: "ok", detail: stdout.trim() };
    }
  }
  return { name, state: "warn", detail: `${absent}; a base model may come from the hub only` };
}

function checkMemory(): Check {
  // On Linux, freemem leaves out what the system would give back at once.
  const bytes = process.availableMemory?.() ?? freemem();
  return {
    name: "memory",
    state: bytes < wantedMemoryBytes ? "warn" : "ok",
    detail: `${(bytes / 1e9).toFixed(1)} GB free`,
  };
}

async function checkDisk(): Promise<Check> {
  const stats = await statfs(cacheFolder()).catch(() => undefined);
  if (stats === undefined) {
    return { name: "disk", state: "warn", detail: "unknown" };
  }
  const bytes = stats.bavail * stats.bsize;
  return {
    name: "disk",
    state: bytes < wantedDiskBytes ? "warn" : "ok",
    detail: `${(bytes / 1e9).toFixed(1)} GB free`,
  };
}
