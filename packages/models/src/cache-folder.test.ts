import { expect, test } from "vitest";
import { cacheFolder } from "./cache-folder.ts";
import { isOffline } from "./is-offline.ts";

test.each([
  [{ HOME: "/home/a" }, "linux", "/home/a/.cache/fuzzc"],
  [{ HOME: "/home/a", XDG_CACHE_HOME: "/big" }, "linux", "/big/fuzzc"],
  [{ HOME: "/home/a", XDG_CACHE_HOME: "relative" }, "linux", "/home/a/.cache/fuzzc"],
  [{ HOME: "/Users/a", XDG_CACHE_HOME: "/big" }, "darwin", "/Users/a/Library/Caches/fuzzc"],
  [{ LOCALAPPDATA: "C:\\A\\Local" }, "win32", "C:\\A\\Local\\fuzzc\\Cache"],
  [{ USERPROFILE: "C:\\A" }, "win32", "C:\\A\\AppData\\Local\\fuzzc\\Cache"],
  [{ HOME: "/home/a", FUZZC_HOME: "/mine" }, "linux", "/mine"],
] as const)("cacheFolder of %o on %s", (env, platform, folder) => {
  expect(cacheFolder(env, platform)).toBe(folder);
});

test.each([
  ["1", true],
  ["true", true],
  ["0", false],
  ["False", false],
  ["", false],
])("FUZZC_OFFLINE=%s", (value, offline) => {
  expect(isOffline({ FUZZC_OFFLINE: value })).toBe(offline);
  expect(isOffline({})).toBe(false);
});
