import { FuzzError } from "@fuzzc/program";

/** What Vite tells a plugin's hook, and the other bundlers don't. */
interface ViteContext {
  environment?: {
    config: { command: "build" | "serve"; consumer: "client" | "server"; build: { lib: unknown } };
  };
}

/**
 * Refuses to build for a browser, where a bundle could not find `fuzzc`. Only Vite can tell; while it serves, its client
 * may be a test in Node.
 * @throws FuzzError FUZZ_BROWSER_BUILD
 */
export function checkConsumer(context: object, path: string): void {
  const { command, consumer, build } = (context as ViteContext).environment?.config ?? {};
  if (command === "build" && consumer === "client" && !build?.lib) {
    throw new FuzzError(`${path}: a fuzzy function runs in Node, and this build is for a browser`, {
      code: "FUZZ_BROWSER_BUILD",
      hint: "Import it in the code of a server only, and build that with build.ssr or build.lib.",
    });
  }
}

/** Whether the module goes to a server that Vite runs itself, which finds externals by its own settings. */
export function isServed(context: object): boolean {
  return (context as ViteContext).environment?.config.command === "serve";
}
