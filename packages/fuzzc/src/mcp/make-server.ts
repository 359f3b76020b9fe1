import type { FuzzyInput, JsonValue } from "@fuzzc/program";
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { FuzzyFunction } from "../fuzzy-function.ts";
import { renderError } from "../render-error.ts";
import { version } from "../version.ts";
import { describeTool } from "./describe-tool.ts";
import { loadSdk } from "./load-sdk.ts";
import type { Tool } from "./read-tools.ts";

/** A tool, and the function that answers its calls. */
export interface ServedTool extends Tool {
  open(): Promise<FuzzyFunction<JsonValue, FuzzyInput>>;
}

/**
 * A server of tools, not connected yet. What can't be answered is a result that says why.
 * @throws FuzzError FUZZ_MCP_MISSING
 */
export async function makeServer(tools: readonly ServedTool[]): Promise<Server> {
  const sdk = await loadSdk();
  // The high-level server takes Zod schemas only, and ours are JSON Schemas.
  const server = new sdk.Server({ name: "fuzzc", version }, { capabilities: { tools: {} } });
  server.setRequestHandler(sdk.ListToolsRequestSchema, () => ({ tools: tools.map(describeTool) }));
  server.setRequestHandler(sdk.CallToolRequestSchema, async ({ params }, { signal }) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (tool === undefined) {
      throw new sdk.McpError(sdk.ErrorCode.InvalidParams, `There is no tool ${params.name}`);
    }
    return callTool(tool, params.arguments ?? {}, signal);
  });
  return server;
}

async function callTool(
  { inputs, open }: ServedTool,
  given: Record<string, unknown>,
  signal: AbortSignal,
): Promise<CallToolResult> {
  try {
    const answer = await open();
    // Checked where it is answered.
    const input = (inputs === undefined ? given.input : given) as FuzzyInput;
    const { output, probability, abstained } = await answer.detail(input, { signal });
    const structuredContent = { output: abstained ? null : output, probability, abstained };
    const text = JSON.stringify(structuredContent);
    return { structuredContent, content: [{ type: "text", text }] };
  } catch (error) {
    const { message, hint } = renderError(error);
    const text = hint === undefined ? message : `${message}\n${hint}`;
    return { isError: true, content: [{ type: "text", text }] };
  }
}
