import { FuzzError } from "@fuzzc/program";

const sdkPackage = "@modelcontextprotocol/sdk@1.32.2";

type Sdk = typeof import("@modelcontextprotocol/sdk/server/index.js") &
  typeof import("@modelcontextprotocol/sdk/server/stdio.js") &
  typeof import("@modelcontextprotocol/sdk/types.js");

/**
 * The official SDK of the Model Context Protocol, which only those who serve agents install.
 * @throws FuzzError FUZZ_MCP_MISSING
 */
export async function loadSdk(): Promise<Sdk> {
  try {
    const [server, stdio, types] = await Promise.all([
      import("@modelcontextprotocol/sdk/server/index.js"),
      import("@modelcontextprotocol/sdk/server/stdio.js"),
      import("@modelcontextprotocol/sdk/types.js"),
    ]);
    return { ...server, ...stdio, ...types };
  } catch (cause) {
    const [reason] = (cause as Error).message.split("\n");
    throw new FuzzError(`The Model Context Protocol's SDK can't be loaded: ${reason}`, {
      code: "FUZZ_MCP_MISSING",
      kind: "resource",
      hint: `npm install ${sdkPackage}`,
      cause,
    });
  }
}
