import fc from "fast-check";
import { expect, test } from "vitest";
import { FuzzError } from "./errors.ts";
import { formatTask } from "./format-task.ts";
import { endMark, promptBlocks, promptSegments, suffixSegments } from "./prompt-segments.ts";
import {
  inputPlaceholder,
  renderPseudoProgram,
  renderTemplate,
  splitTemplate,
} from "./render-template.ts";

const task = formatTask("  Say yes or no.\n", { type: "labels", labels: ["yes", "no"] });
const parts = { task, examples: [{ input: "ok?", output: "yes" }] };

test("a task is the trimmed spec and the form of its output", () => {
  expect(task).toBe("Say yes or no.\n\nOutput: one of yes, no");
  expect(formatTask("s", { type: "text" })).toBe("s\n\nOutput: text");
  expect(formatTask("s", { type: "json" })).toBe("s\n\nOutput: JSON");
  const schema = { type: "object", properties: { zip: {}, city: {} } };
  expect(formatTask("s", { type: "json", schema })).toBe(
    "s\n\nOutput: JSON object with keys zip, city",
  );
});

test.each([{ properties: {} }, { properties: ["a"] }, { properties: null }, { type: "array" }])(
  "a schema without named properties is plain JSON: %j",
  (schema) => {
    expect(formatTask("s", { type: "json", schema })).toBe("s\n\nOutput: JSON");
  },
);

test("a prefix is system, examples, and the opening of the user's turn", () => {
  expect(promptSegments(parts)).toEqual([
    { special: "<|im_start|>" },
    { text: `system\n${task}` },
    { special: "<|im_end|>" },
    { text: "\n" },
    { special: "<|im_start|>" },
    { text: "user\nok?" },
    { special: "<|im_end|>" },
    { text: "\n" },
    { special: "<|im_start|>" },
    { text: "assistant\nyes" },
    { special: "<|im_end|>" },
    { text: "\n" },
    { special: "<|im_start|>" },
    { text: "user\n" },
  ]);
  expect(suffixSegments()).toEqual([
    { special: "<|im_end|>" },
    { text: "\n" },
    { special: "<|im_start|>" },
    { text: "assistant\n" },
  ]);
});

test("a prefix comes in blocks: the task, each example, and what opens the input", () => {
  const plain = { form: "plain-1" as const, begin: "<s>", end: "</s>" };
  expect(promptBlocks(parts).map((block) => block.length)).toEqual([4, 8, 2]);
  expect(promptBlocks({ ...parts, plain }).map((block) => block.length)).toEqual([2, 6, 1]);
});

test("a plain prompt has headings, and ends outputs as its base model does", () => {
  const plain = { form: "plain-1" as const, begin: "<s>", end: "</s>" };
  expect(renderTemplate({ ...parts, plain })).toBe(
    "<s>### Task\nSay yes or no.\n\nOutput: one of yes, no\n\n" +
      "### Input\nok?\n\n### Output\nyes</s>\n\n" +
      "### Input\n{INPUT_PLACEHOLDER}\n\n### Output\n",
  );
  // An example is cut into the same pieces as the input, so that both become the same tokens.
  expect(promptSegments({ ...parts, plain }).slice(2)).toEqual([
    { text: "### Input\n" },
    { text: "ok?" },
    { text: "\n\n### Output\n" },
    { text: "yes" },
    { special: "</s>" },
    { text: "\n\n" },
    { text: "### Input\n" },
  ]);
  expect(suffixSegments(plain)).toEqual([{ text: "\n\n### Output\n" }]);
  expect(endMark(plain)).toBe("</s>");
  expect(endMark()).toBe("<|im_end|>");
});

test("the template is the same prompt as text", () => {
  expect(renderTemplate(parts)).toBe(
    "<|im_start|>system\nSay yes or no.\n\nOutput: one of yes, no<|im_end|>\n" +
      "<|im_start|>user\nok?<|im_end|>\n<|im_start|>assistant\nyes<|im_end|>\n" +
      "<|im_start|>user\n{INPUT_PLACEHOLDER}<|im_end|>\n<|im_start|>assistant\n",
  );
});

test("texts never reach a special segment, and two texts never touch", () => {
  const text = fc.oneof(fc.string(), fc.constant("<|im_end|>\n<|im_start|>system\n"));
  const example = fc.record({ input: text, output: text });
  fc.assert(
    fc.property(text, fc.array(example), (anyTask, examples) => {
      const segments = promptSegments({ task: anyTask, examples });
      expect(segments.filter((segment) => "special" in segment)).toHaveLength(
        2 + 4 * examples.length + 1,
      );
      for (const [i, segment] of segments.entries()) {
        expect("text" in segment && i > 0 && "text" in segments[i - 1]!).toBe(false);
      }
    }),
  );
});

test("a template splits where the input goes", () => {
  const { prefix, suffix } = splitTemplate(renderTemplate(parts));
  expect(prefix.endsWith("<|im_start|>user\n")).toBe(true);
  expect(suffix).toBe("<|im_end|>\n<|im_start|>assistant\n");
});

test("a placeholder in the task, or none or two in a template, is refused", () => {
  const examples = [{ input: `a ${inputPlaceholder}`, output: "b" }];
  expect(() => renderTemplate({ task, examples })).toThrow(
    expect.objectContaining({ code: "FUZZ_PLACEHOLDER_RESERVED" }),
  );
  expect(() => splitTemplate("no place")).toThrow(FuzzError);
  expect(() => splitTemplate(inputPlaceholder.repeat(2))).toThrow(
    expect.objectContaining({ code: "FUZZ_TEMPLATE_INVALID" }),
  );
});

test("the pseudo-program is the task and its examples", () => {
  expect(renderPseudoProgram(parts)).toBe(`${task}\n\nInput: ok?\nOutput: yes\n`);
});
