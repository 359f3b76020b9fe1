import { loadSdk } from "../mcp/load-sdk.ts";
import { makeServer } from "../mcp/make-server.ts";
import { readTools } from "../mcp/read-tools.ts";
import { openOnce } from "../open-once.ts";
import { openTarget } from "../open-target.ts";
import { renderError } from "../render-error.ts";
import { openOptions, type Session, type SharedFlags } from "./session.ts";

/**
 * `fuzzc mcp`: serves functions as tools of the Model Context Protocol, over stdin and stdout, until stdin ends. They are
 * opened one after another as soon as the server listens, since a client does not wait long for it to listen.
 */
export async function serveTools(
  session: Session,
  words: readonly string[],
  flags: SharedFlags,
): Promise<number> {
  const { terminal } = session;
  const closed = new AbortController();
  const signal = AbortSignal.any([session.signal, closed.signal]);
  const options = { ...openOptions(session, flags), signal };
  const tools = (await readTools(words)).map((tool) => ({
    ...tool,
    ...openOnce(() => openTarget(tool.target, options)),
  }));
  const server = await makeServer(tools);
  server.onerror = (error) => terminal.fail(error.message);
  const { StdioServerTransport } = await loadSdk();
  const ended = new Promise<void>((resolve) => {
    session.stdin.once("end", resolve).once("close", resolve);
    if (session.stdin.destroyed) {
      resolve();
    }
  });
  await server.connect(new StdioServerTransport(session.stdin, process.stdout));
  terminal.tell(`Serving ${tools.map(({ name }) => name).join(", ")}; Ctrl-C ends.`);
  const opening = openAll();
  await ended;
  closed.abort();
  await server.close();
  await opening;
  for (const { dispose } of tools) {
    await dispose();
  }
  return 0;

  async function openAll(): Promise<void> {
    for (const { open } of tools) {
      await open().catch((error) => {
        if (!signal.aborted) {
          const { message, hint } = renderError(error);
          terminal.fail(message, hint);
        }
      });
    }
  }
}
