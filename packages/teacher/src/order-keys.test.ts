import { expect, test } from "vitest";
import { orderKeys } from "./order-keys.ts";

test("orders keys as the schema does, at every level", () => {
  const inner = { properties: { y: {}, x: {} } };
  const schema = { properties: { b: inner, a: { items: inner }, toString: {} } };
  const value = { z: 1, a: [{ x: 1, y: 2 }, 3], b: { x: 1, y: 2 } };
  expect(JSON.stringify(orderKeys(value, schema))).toBe(
    '{"b":{"y":2,"x":1},"a":[{"y":2,"x":1},3],"z":1}',
  );
  expect(orderKeys("text", schema)).toBe("text");
  expect(orderKeys({ b: 1 }, true)).toEqual({ b: 1 });
});
