import { expect, test, vi } from "vitest";
import { openDatabase } from "./open-database.ts";

vi.mock("@duckdb/node-api", () => {
  throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
});

test("says how to install DuckDB where it is missing", async () => {
  await expect(openDatabase(":memory:")).rejects.toMatchObject({
    code: "FUZZ_DUCKDB_MISSING",
    kind: "resource",
    hint: "npm install @duckdb/node-api@1.5.6-r.1",
  });
});
