import type { OnFuzzyProgress } from "fuzzc";

/** Tells on stderr, a line each, what makes a build take minutes: fetching a model, and training. */
export function tellProgress(): OnFuzzyProgress {
  const told = new Set<string>();
  return (progress) => {
    const { phase, name } = progress;
    const isTraining = phase === "compile" && progress.stage === "training";
    const line = isTraining
      ? `training ${name}`
      : phase === "hub" || phase === "pip" || phase === "maven"
        ? `fetching ${name}, once`
        : undefined;
    if (line !== undefined && !told.has(line)) {
      told.add(line);
      console.error(`fuzzc: ${line}`);
    }
  };
}
