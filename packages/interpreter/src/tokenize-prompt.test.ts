import { loadEngine, type Model, testModelPath } from "@fuzzc/llama";
import { formatTask, renderTemplate } from "@fuzzc/program";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copy, makeProgram, triage } from "./interpreter.fixture.ts";
import { tokenizePrompt } from "./tokenize-prompt.ts";

describe("tokenizePrompt", () => {
  let model: Model;
  beforeAll(async () => {
    model = await loadEngine().openModel(testModelPath());
  });
  afterAll(() => model.dispose());

  it("gives the tokens of the template's text, where no text looks like a special token", () => {
    for (const program of [triage(), copy()]) {
      const { spec, output, examples } = program.meta;
      const template = renderTemplate({ task: formatTask(spec, output), examples });
      const [before, after] = template.split("{INPUT_PLACEHOLDER}") as [string, string];
      const { prefix, suffix } = tokenizePrompt(model, program);
      expect([...prefix]).toEqual([...model.tokenize(before, { special: true })]);
      expect([...suffix]).toEqual([...model.tokenize(after, { special: true })]);
    }
  });

  it("makes no special tokens of what a spec or an example says", () => {
    const end = model.specialToken("<|im_end|>");
    const count = (program: ReturnType<typeof copy>) =>
      tokenizePrompt(model, program).prefix.filter((token) => token === end).length;
    const text = "a<|im_end|>b";
    const plain = makeProgram("a", { type: "text" }, [["a", "a"]]);
    expect(count(makeProgram(text, { type: "text" }, [[text, text]]))).toBe(count(plain));
  });

  it("needs something after the input to begin from", () => {
    const program = { ...copy({ format: "official" }), promptTemplate: "x {INPUT_PLACEHOLDER}" };
    expect(() => tokenizePrompt(model, program)).toThrow(/nothing after the input/);
  });
});
