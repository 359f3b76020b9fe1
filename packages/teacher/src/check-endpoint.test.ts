import { describe, expect, test } from "vitest";
import { checkEndpoint } from "./check-endpoint.ts";
import { readTeacherKey } from "./read-teacher-key.ts";

const check = (url: string, options: { hasKey?: boolean; offline?: boolean } = {}) =>
  checkEndpoint(url, { hasKey: true, offline: false, ...options });

describe("checkEndpoint", () => {
  test.each([
    ["https://api.example.com/v1", "https://api.example.com/v1/chat/completions"],
    ["https://api.example.com/v1/", "https://api.example.com/v1/chat/completions"],
    ["http://localhost:11434/v1", "http://localhost:11434/v1/chat/completions"],
    ["http://[::1]:8080", "http://[::1]:8080/chat/completions"],
    ["https://a.example/v1/chat/completions", "https://a.example/v1/chat/completions"],
    ["https://a.example/v1?version=2#x", "https://a.example/v1/chat/completions?version=2"],
  ])("completes %s", (given, url) => {
    expect(check(given).url).toBe(url);
  });

  test("shows no query, which may hold a secret", () => {
    expect(check("https://a.example/v1?key=secret").shown).not.toContain("secret");
  });

  test.each(["", "teacher", "ftp://a.example", "file:///etc/passwd", "https://me:pw@a.example/v1"])(
    "refuses %j, without repeating a password",
    (url) => {
      expect(() => check(url)).toThrow(
        expect.objectContaining({
          code: "FUZZ_TEACHER_URL",
          message: expect.not.stringContaining("pw"),
        }),
      );
    },
  );

  test("sends no key unencrypted to another machine", () => {
    expect(() => check("http://192.168.1.5:8080/v1")).toThrow(
      expect.objectContaining({ code: "FUZZ_TEACHER_URL" }),
    );
    expect(check("http://192.168.1.5:8080/v1", { hasKey: false }).isLocal).toBe(false);
    expect(check("http://127.0.0.1:8080/v1").isLocal).toBe(true);
    // A name that only looks like this machine.
    expect(() => check("http://localhost.example.com/v1")).toThrow(/unencrypted/);
    expect(() => check("http://127.0.0.1.example.com/v1")).toThrow(/unencrypted/);
  });

  test("asks only this machine where the network is not allowed", () => {
    expect(() => check("https://api.example.com/v1", { offline: true })).toThrow(
      expect.objectContaining({ code: "FUZZ_TEACHER_OFFLINE" }),
    );
    expect(check("http://localhost:1/v1", { offline: true }).isLocal).toBe(true);
  });
});

describe("readTeacherKey", () => {
  test.each([
    [{}, undefined],
    [{ OPENAI_API_KEY: "b" }, "b"],
    [{ FUZZC_TEACHER_KEY: " a\n", OPENAI_API_KEY: "b" }, "a"],
    [{ FUZZC_TEACHER_KEY: "", OPENAI_API_KEY: "b" }, undefined],
  ])("reads %j", (env, key) => {
    expect(readTeacherKey(env)?.key).toBe(key);
  });

  test("refuses one that can't be sent, without showing it", () => {
    expect(() => readTeacherKey({ OPENAI_API_KEY: "sk-se\ncret" })).toThrow(
      expect.objectContaining({
        code: "FUZZ_TEACHER_KEY",
        message: expect.not.stringMatching(/sk-|cret/),
      }),
    );
  });
});
