import { expect, test } from "vitest";
import { explainDecision } from "./explain-decision.ts";

const always = { thresholds: { min_probability: 0 } };
const careful = { thresholds: { min_probability: 0.5, min_in_spec: 0.3 } };

test.each([
  [{ probability: 0.1 }, always, "answered: there is no threshold, so it always answers"],
  [
    { probability: 0.6, inSpec: 0.4 },
    careful,
    "answered: the threshold is 0.500; the likeness to its usual inputs is 0.400, and 0.300 is needed",
  ],
  [
    { probability: 0.4, inSpec: 0.4 },
    careful,
    "abstained: its probability 0.400 is below the threshold 0.500",
  ],
  [
    { probability: 0.6, inSpec: 0.2 },
    careful,
    "abstained: the likeness to its usual inputs is 0.200, where 0.300 is needed",
  ],
  [
    { probability: 0.4, inSpec: 0.2 },
    careful,
    "abstained: its probability 0.400 is below the threshold 0.500, and the likeness to its usual inputs is 0.200, where 0.300 is needed",
  ],
])("says why: %j", (answer, meta, decision) => {
  expect(explainDecision(answer, meta)).toBe(decision);
});
