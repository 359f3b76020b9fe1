import { expect, test } from "vitest";
import { calibrationError } from "./calibration-error.ts";

test("it is the mean distance of what is said from what is so", () => {
  const claims = (probability: number, ...rights: boolean[]) =>
    rights.map((right) => ({ probability, right }));
  expect(calibrationError(claims(0.5, true, false))).toBe(0);
  expect(calibrationError(claims(1, false, false))).toBe(1);
  expect(calibrationError([...claims(0.95, true, true), ...claims(0.25, true, false)])).toBeCloseTo(
    (0.1 + 0.5) / 4,
    10,
  );
});
