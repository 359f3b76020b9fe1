import { expect, test } from "vitest";
import { drawBars } from "./draw-bars.ts";

test("a bar is as long as its share, with the line of its interval", () => {
  const bars = [{ name: "a < b & c", share: 0.5, interval: [0.25, 0.75] as const }];
  const svg = drawBars("Title", [{ title: "all", bars }]);
  expect(svg).toContain("a &#60; b &#38; c</text>");
  expect(svg).toContain('width="170.0"');
  expect(svg).toContain('x1="415.0"');
  expect(svg).toContain('x2="585.0"');
  expect(svg).toContain(">50.0</text>");
  expect(svg.trim().endsWith("</svg>")).toBe(true);
});
