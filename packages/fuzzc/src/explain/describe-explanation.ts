import { renderTable } from "../render-table.ts";
import type { Explanation } from "./explain-input.ts";

/** Labels beyond these are only counted. */
const maxLabels = 12;
const barWidth = 24;

/** What people read of an explanation. */
export function describeExplanation(explanation: Explanation): string {
  const { output, decision, labels, probability } = explanation;
  const sections = [
    [
      `output: ${JSON.stringify(output)}, probability ${probability.toFixed(3)}`,
      ...describeWithheld(explanation),
      decision,
    ],
    labels === undefined ? [] : ["labels", ...drawLabels(labels)],
    describeNearest(explanation),
    describePrompt(explanation),
    describeTimes(explanation),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function describeWithheld({ abstained, text }: Explanation): string[] {
  return abstained ? [`withheld: ${JSON.stringify(text)}`] : [];
}

function drawLabels(labels: Record<string, number>): string[] {
  const sorted = Object.entries(labels).sort(([, a], [, b]) => b - a);
  const rows = sorted
    .slice(0, maxLabels)
    .map(([label, share]) => [
      `  ${label}`,
      share.toFixed(3),
      "█".repeat(Math.round(share * barWidth)),
    ]);
  const more = sorted.length - maxLabels;
  return [...renderTable(rows), ...(more > 0 ? [`  and ${more} less likely ones`] : [])];
}

function describeNearest({ nearest }: Explanation): string[] {
  if (nearest === undefined) {
    return [
      "nearest examples: none are known (a *.fuzz.yaml has them, a .paw what its prompt has)",
    ];
  }
  const by = {
    encoder: "by the sentence encoder's cosine",
    words: "by the share of words in common, since the sentence encoder is not in the cache",
  };
  const rows = nearest.examples.map(({ input, output, similarity }) => [
    `  ${similarity.toFixed(3)}`,
    `${JSON.stringify(input)} -> ${JSON.stringify(output)}`,
  ]);
  return [`nearest examples, ${by[nearest.by]}`, ...renderTable(rows)];
}

function describePrompt({ prompt, interpreter }: Explanation): string[] {
  const tokens = prompt.reduce((sum, part) => sum + part.tokens, 0);
  const title =
    interpreter === "encoder"
      ? "what the encoder read: each label when the program was made, and now the input"
      : `prompt: ${tokens} tokens`;
  const parts = prompt.map(({ part, tokens, text }) => {
    const indented = text.replace(/\n$/, "").replaceAll("\n", "\n    ");
    return `  ${part}: ${tokens} tokens\n    ${indented}`;
  });
  return [title, ...parts];
}

function describeTimes({ timings, tokens }: Explanation): string[] {
  const { queueMs, prefixMs, inputMs, outputMs, totalMs } = timings;
  const rows = [
    ["  queue", queueMs, ""],
    ["  prefix", prefixMs, `${tokens.prefix} tokens`],
    ["  input", inputMs, `${tokens.input} tokens`],
    ["  output", outputMs, `${tokens.output} tokens`],
    ["  total", totalMs, ""],
  ] as const;
  const table = rows.map(([stage, ms, note]) => [stage, `${ms.toFixed(1)} ms`.padStart(10), note]);
  return ["time", ...renderTable(table)];
}
