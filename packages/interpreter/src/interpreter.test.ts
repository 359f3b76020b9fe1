import { describe, expect, it } from "vitest";
import { order, triage, upper, useInterpreter } from "./interpreter.fixture.ts";

describe("Interpreter", () => {
  const interpreter = useInterpreter();

  it("smoke", async () => {
    for (const program of [triage(), order(), upper()]) {
      await using loaded = await interpreter().load(program, null);
      for (const input of ["Nobody can log in!", "12 red apples please", "water"]) {
        console.log(JSON.stringify(await loaded.run(input)));
      }
    }
    expect(1).toBe(1);
  });
});
