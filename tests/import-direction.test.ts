import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

// What each room may import. A room that is not listed yet has to be added here.
const allowed: Record<string, readonly string[]> = {
  program: [],
  llama: ["program"],
  models: ["program"],
  interpreter: ["program", "llama", "models"],
  trainer: ["program", "llama", "models", "interpreter"],
  compiler: ["program", "llama", "models", "interpreter", "trainer"],
  teacher: ["program", "llama", "models", "interpreter"],
  map: ["program", "interpreter"],
  fuzzc: ["program", "llama", "models", "interpreter", "trainer", "compiler", "teacher", "map"],
  testing: ["program", "fuzzc"],
  unplugin: ["program", "fuzzc"],
  bench: ["program", "llama", "models", "interpreter", "trainer", "compiler", "fuzzc"],
};

const packages = fileURLToPath(new URL("../packages", import.meta.url));
const rooms = readdirSync(packages);

test.each(rooms)("%s is a known room", (room) => {
  expect(Object.keys(allowed)).toContain(room);
});

test.each(rooms)("%s imports only rooms before it, and declares them", (room) => {
  const declared = Object.keys(readPackage(room).dependencies ?? {});
  for (const { file, name } of importsOfRoom(room)) {
    const imported = roomOf(name);
    if (imported !== undefined && imported !== room) {
      expect(allowed[room], `${file} imports ${name}`).toContain(imported);
      expect(declared, `${file} imports ${name}`).toContain(name);
    }
  }
});

test.each(rooms)("%s declares and references only rooms before it", (room) => {
  const config = JSON.parse(readFileSync(join(packages, room, "tsconfig.json"), "utf8"));
  const referenced = (config.references as { path: string }[]).map(({ path }) =>
    relative(packages, resolve(packages, room, path)),
  );
  const declared = Object.keys(readPackage(room).dependencies ?? {})
    .map(roomOf)
    .filter((name) => name !== undefined);
  for (const other of [...referenced, ...declared]) {
    expect(allowed[room]).toContain(other);
  }
});

test.each(rooms)("%s has relative imports that end in .ts and stay inside it", (room) => {
  const root = join(packages, room, "src");
  for (const { file, name } of importsOfRoom(room)) {
    if (name.startsWith(".")) {
      expect(name, file).toMatch(/\.ts$/);
      expect(resolve(dirname(join(root, file)), name), file).toContain(root + sep);
    }
  }
});

test("program runs in a browser: it imports nothing of Node's", () => {
  for (const { file, name } of importsOfRoom("program")) {
    if (!/\.(test|fixture)\.ts$/.test(file)) {
      expect(name, file).toMatch(/^(\.\/.*|zod|@zip\.js\/zip\.js)$/);
    }
  }
});

test("imports of every form are found, and those in comments are not", () => {
  const source = `
    import a, { type B } from "one";
    import {
      c,
    } from 'two';
    export * from "three";
    import "four";
    const d = await import("five");
    type E = import("six").E;
    const f = require("seven");
    /**
     * import { fuzzy } from "comment";
     */
    // import g from "comment";
  `;
  const names = ["one", "two", "three", "four", "five", "six", "seven"];
  expect(importsOf(source).sort()).toEqual(names.sort());
});

function importsOfRoom(room: string): { file: string; name: string }[] {
  const root = join(packages, room, "src");
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) =>
      importsOf(readFileSync(join(root, file), "utf8")).map((name) => ({ file, name })),
    );
}

function importsOf(source: string): string[] {
  const code = source.replace(/^\s*(\/\/|\/?\*).*$/gm, "");
  const form = /\b(?:from|import|require)\s*\(?\s*(["'])([^"'\n]+)\1/g;
  return [...code.matchAll(form)].map(([, , name]) => name as string);
}

/** The room of a package name; a path into a room counts too. */
function roomOf(name: string): string | undefined {
  const match = /^(?:@fuzzc\/([^/]+)|(fuzzc))(?:\/|$)/.exec(name);
  const room = match?.[1] ?? match?.[2];
  // @fuzzc/smol is a compiler's weights, not a room.
  return room === "smol" ? undefined : room;
}

function readPackage(room: string): { dependencies?: Record<string, string> } {
  return JSON.parse(readFileSync(join(packages, room, "package.json"), "utf8"));
}
