import fc from "fast-check";
import { expect, test } from "vitest";
import { describeLabel } from "./describe-label.ts";

test.each([
  ["Answer now: all are blocked, today: one is stuck, or later.", "now: all are blocked"],
  [
    "Say now when all are blocked, today when one is stuck, later for the rest.",
    "now when all are blocked",
  ],
  ["It may wait (later), is broken for one (today) or for all (now).", "for all"],
  ["later: wishes\ntoday: one is stuck\nnow: all are blocked", "now: all are blocked"],
  ["Is it known? Nowhere.", undefined],
  ["Now or later", "Now"],
])("%s", (spec, part) => {
  const labels = ["now", "today", "later"];
  expect(describeLabel(spec, "now", labels)).toBe(part === undefined ? "now" : `now: ${part}`);
});

test("any spec and labels give a text that begins with the label", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }),
      (spec, labels) => {
        const [label] = labels as [string];
        expect(describeLabel(`${spec} ${label} ${spec}`, label, labels).startsWith(label)).toBe(
          true,
        );
      },
    ),
  );
});
