import type { Example, OutputType } from "@fuzzc/program";

/**
 * Which examples go into the prefix: for labels one of each in turn, so that no label dominates;
 * else in the order the user gave. Stops where `count` or `room` (tokens) ends; an example that
 * does not fit is passed over.
 */
export function chooseExamples(
  examples: readonly Example[],
  output: OutputType,
  { count, room, tokens }: { count: number; room: number; tokens: (example: Example) => number },
): Example[] {
  const ordered = output.type === "labels" ? takeTurns(examples, output.labels) : [...examples];
  const chosen: Example[] = [];
  let left = room;
  for (const example of ordered) {
    const size = tokens(example);
    if (chosen.length < count && size <= left) {
      chosen.push(example);
      left -= size;
    }
  }
  return chosen;
}

function takeTurns(examples: readonly Example[], labels: readonly string[]): Example[] {
  const piles = labels.map((label) => examples.filter((example) => example.output === label));
  const longest = Math.max(0, ...piles.map((pile) => pile.length));
  return Array.from({ length: longest }, (_, round) =>
    piles.flatMap((pile) => pile.slice(round, round + 1)),
  ).flat();
}
