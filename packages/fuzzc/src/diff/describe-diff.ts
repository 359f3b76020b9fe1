import { renderTable } from "../render-table.ts";
import type { Given } from "./compare-answers.ts";
import type { DiffLine } from "./diff-lines.ts";
import type { ProgramDiff } from "./diff-programs.ts";

/** More differing answers than these are only counted. */
const maxShown = 20;
const maxCharacters = 100;

/** What people read of a diff: only what differs, then the names of the rest. */
export function describeDiff(diff: ProgramDiff): string {
  if (diff.same) {
    return "The programs are the same.";
  }
  const sections: [string, Lines][] = [
    ["spec", describeLines(diff.spec)],
    ["output", describeOutputs(diff)],
    ["examples", describeExamples(diff)],
    ["settings", describeSettings(diff)],
    ["adapter", describeAdapter(diff)],
    ["answers", describeAnswers(diff)],
  ];
  if (diff.prompt.length > 0) {
    sections.push(["prompt", describeLines(diff.prompt)]);
  }
  if (diff.weights.prototypes.length > 0) {
    sections.push(["prototypes", describePrototypes(diff)]);
  }
  const told = sections.filter(([, lines]) => lines.length > 0);
  const same = sections.filter(([, lines]) => lines.length === 0).map(([title]) => title);
  const blocks = told.map(([title, [head, ...lines]]) =>
    [`${title}: ${head}`.trimEnd(), ...lines].join("\n"),
  );
  if (told.length === 0) {
    blocks.push("They differ in nothing that is compared here.");
  } else if (same.length > 0) {
    blocks.push(`no difference: ${same.join(", ")}`);
  }
  const { a, b } = diff.names;
  return [`- ${a}\n+ ${b}`, ...blocks].join("\n\n");
}

/** A section's first line and its others; none where there is nothing to tell. */
type Lines = string[];

function describeLines(lines: readonly DiffLine[]): Lines {
  return lines.length === 0 ? [] : ["", ...lines.map(({ sign, text }) => `${sign} ${text}`)];
}

function describeOutputs({ output }: ProgramDiff): Lines {
  return output === undefined ? [] : ["", `- ${output.a}`, `+ ${output.b}`];
}

function describeExamples({ examples }: ProgramDiff): Lines {
  const { onlyA, onlyB, reordered } = examples;
  if (reordered) {
    return ["the same in the prompt, in another order"];
  }
  const lines = [
    ...onlyA.map(({ input, output }) => `- ${quote(input)} -> ${quote(output)}`),
    ...onlyB.map(({ input, output }) => `+ ${quote(input)} -> ${quote(output)}`),
  ];
  return lines.length === 0 ? [] : ["in the prompt", ...lines];
}

function describeSettings({ settings }: ProgramDiff): Lines {
  const rows = settings.map(({ key, a, b }) => [`  ${key}`, `${quote(a)} -> ${quote(b)}`]);
  return rows.length === 0 ? [] : ["", ...renderTable(rows)];
}

function describeAdapter({ weights }: ProgramDiff): Lines {
  if (weights.notCompared !== undefined) {
    return [`not compared: ${weights.notCompared}`];
  }
  if (weights.adapter.every(({ change }) => change === 0)) {
    return [];
  }
  const modules = [...new Set(weights.adapter.map(({ module }) => module))];
  const layers = [...new Set(weights.adapter.map(({ layer }) => layer))];
  const changes = new Map(
    weights.adapter.map(({ layer, module, change }) => [`${layer} ${module}`, change]),
  );
  const rows = layers.map((layer) => [
    `  ${layer}`,
    ...modules.map((module) => changes.get(`${layer} ${module}`)?.toFixed(3) ?? ""),
  ]);
  return [
    "difference of B A, relative to the larger one (0: the same)",
    ...renderTable([["  layer", ...modules], ...rows]),
  ];
}

function describePrototypes({ weights }: ProgramDiff): Lines {
  const { prototypes } = weights;
  const differs = prototypes.some(({ cosine }) => cosine < 1 - 1e-6);
  const rows = prototypes.map(({ label, cosine }) => [`  ${label}`, cosine.toFixed(3)]);
  return differs ? ["cosine, by label (1: the same)", ...renderTable(rows)] : [];
}

function describeAnswers({ answers, names }: ProgramDiff): Lines {
  if ("notCompared" in answers) {
    return [`not compared: ${answers.notCompared}`];
  }
  const { from, inputs, agree, differing } = answers;
  const where = from === "file" ? "" : " on the examples of both";
  const shown = differing.slice(0, maxShown);
  const rows = shown.map(({ input, a, b }) => [`  ${quote(input)}`, describe(a), describe(b)]);
  const more = differing.length - shown.length;
  return [
    `${agree} of ${inputs} agree${where}`,
    ...(rows.length > 0 ? renderTable([["  input", names.a, names.b], ...rows]) : []),
    ...(more > 0 ? [`  and ${more} more; --json lists all`] : []),
  ];
}

function describe(given: Given): string {
  if ("error" in given) {
    return cut(given.error);
  }
  const { output, probability, abstained } = given;
  return `${quote(output)} ${probability.toFixed(2)}${abstained ? " (abstained)" : ""}`;
}

function quote(value: unknown): string {
  return value === undefined ? "none" : cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text;
}
