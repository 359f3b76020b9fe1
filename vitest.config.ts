import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const rooms = [
  "program",
  "llama",
  "models",
  "interpreter",
  "trainer",
  "compiler",
  "teacher",
  "map",
  "fuzzc",
];
const source = (room: string) =>
  fileURLToPath(new URL(`./packages/${room}/src/index.ts`, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests run the sources, so that a stale build can't make them pass.
    alias: rooms.map((room) => ({
      find: room === "fuzzc" ? /^fuzzc$/ : new RegExp(`^@fuzzc/${room}$`),
      replacement: source(room),
    })),
  },
  test: {
    globalSetup: "tests/global-setup.ts",
    include: ["packages/*/src/**/*.test.ts", "tests/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // Each file that opens the engine holds a model in memory and uses every core.
    fileParallelism: false,
    pool: "forks",
  },
});
