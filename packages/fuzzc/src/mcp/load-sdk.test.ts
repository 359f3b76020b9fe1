import { expect, test, vi } from "vitest";
import { loadSdk } from "./load-sdk.ts";

vi.mock("@modelcontextprotocol/sdk/server/index.js", () => {
  throw new Error("Cannot find package '@modelcontextprotocol/sdk'");
});

test("says what to install where the SDK is missing", async () => {
  await expect(loadSdk()).rejects.toMatchObject({
    code: "FUZZ_MCP_MISSING",
    kind: "resource",
    hint: "npm install @modelcontextprotocol/sdk@1.32.2",
  });
});
