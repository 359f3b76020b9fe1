import type { Answer } from "@fuzzc/interpreter";
import type { ProgramMeta } from "@fuzzc/program";

/** Why a program answered, or abstained. */
export function explainDecision(
  { probability, inSpec }: Pick<Answer, "probability" | "inSpec">,
  { thresholds }: Pick<ProgramMeta, "thresholds">,
): string {
  const { min_probability: threshold, min_in_spec: minInSpec } = thresholds;
  const number = (value: number) => value.toFixed(3);
  const reasons: string[] = [];
  if (probability < threshold) {
    reasons.push(
      `its probability ${number(probability)} is below the threshold ${number(threshold)}`,
    );
  }
  if (inSpec !== undefined && minInSpec !== undefined && inSpec < minInSpec) {
    reasons.push(
      `the likeness to its usual inputs is ${number(inSpec)}, where ${number(minInSpec)} is needed`,
    );
  }
  if (reasons.length > 0) {
    return `abstained: ${reasons.join(", and ")}`;
  }
  const passed = threshold > 0 ? [`the threshold is ${number(threshold)}`] : [];
  if (inSpec !== undefined && minInSpec !== undefined) {
    passed.push(
      `the likeness to its usual inputs is ${number(inSpec)}, and ${number(minInSpec)} is needed`,
    );
  }
  return `answered: ${passed.length > 0 ? passed.join("; ") : "there is no threshold, so it always answers"}`;
}
