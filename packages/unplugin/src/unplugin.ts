import { relative, resolve } from "node:path";
import { FuzzError } from "@fuzzc/program";
import { compileModule } from "fuzzc";
import { createUnplugin, type UnpluginMessage } from "unplugin";
import { tellProgress } from "./tell-progress.ts";
import { checkConsumer, isServed } from "./vite-context.ts";

export interface FuzzcPluginOptions {
  /** Fetch nothing: the models have to be in the cache. Default: what `FUZZC_OFFLINE` says. */
  offline?: boolean;
  /** Write each file's types beside it, as `triage.fuzz.d.yaml.ts`. Default: true. */
  types?: boolean;
}

/** `fuzzc` has native code, which no bundler can take in. */
const external = /^(fuzzc|@fuzzc\/[^/]+)(\/.*)?$/;

/** The plugin of every bundler: `unplugin.vite()`, `unplugin.rollup()`, … */
export const unplugin = createUnplugin<FuzzcPluginOptions | undefined, false>(
  ({ offline, types = true } = {}, { framework }) => ({
    name: "unplugin-fuzzc",
    enforce: "pre",
    load: {
      filter: { id: /\.fuzz\.ya?ml$/i },
      async handler(id) {
        this.addWatchFile(id);
        try {
          const path = relative(".", id);
          checkConsumer(this, path);
          const { code, dataFiles } = await compileModule(path, {
            offline,
            onProgress: tellProgress(),
            writeTypes: types,
          });
          for (const file of dataFiles) {
            this.addWatchFile(resolve(file));
          }
          return { code, map: null };
        } catch (error) {
          const message = describeError(error, id);
          this.addWatchFile(message.loc?.file ?? id);
          if (framework === "webpack") {
            // It would go on with an empty module, whose missing exports are errors as well.
            throw Object.assign(new Error(message.message), { hideStack: true });
          }
          this.error(message);
          return "";
        }
      },
    },
    // Webpack has a plugin of its own for externals.
    ...(framework !== "webpack" && {
      resolveId: {
        filter: { id: external },
        handler(id: string) {
          return isServed(this) ? undefined : { id, external: true };
        },
      },
    }),
    vite: { config: () => ({ ssr: { external: ["fuzzc"] } }) },
    webpack(compiler) {
      const { ExternalsPlugin } = compiler.webpack;
      const type = compiler.options.output.module ? "module" : "commonjs";
      new ExternalsPlugin(type, external).apply(compiler);
    },
  }),
);

/** The error as bundlers print it. One that is not ours is thrown on. */
function describeError(error: unknown, id: string): UnpluginMessage {
  if (!FuzzError.isInstance(error)) {
    throw error;
  }
  const { message, code, hint, place } = error;
  const text = `${message} (${code})${hint === undefined ? "" : `\n  ${hint}`}`;
  if (place === undefined) {
    return { message: text, id };
  }
  const file = resolve(place.path);
  return { message: text, id: file, loc: { file, line: place.line, column: place.column } };
}
