import type { Detail } from "fuzzc";

/** `"later" (now 0.21, later 0.79)`: an answer, and how likely it and the other labels are. */
export function describeAnswer({
  output,
  text,
  abstained,
  probability,
  labels,
}: Detail<unknown>): string {
  const likely = Object.entries(labels ?? { probability })
    .map(([name, share]) => `${name} ${share.toFixed(2)}`)
    .join(", ");
  return `${print(output)} (${abstained ? `abstained from ${print(text)}; ` : ""}${likely})`;
}

/** A value on one line. */
export function print(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
