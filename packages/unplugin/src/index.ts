/**
 * Compiles imported `*.fuzz.yaml` files at build time, in Vite, Rollup, esbuild and webpack. An error in such a file fails
 * the build at its line and column.
 *
 * @example
 * // vite.config.ts
 * import fuzzc from "unplugin-fuzzc/vite";
 *
 * export default { plugins: [fuzzc()], build: { ssr: "src/server.ts" } };
 *
 * // src/server.ts
 * import { triage } from "./triage.fuzz.yaml";
 *
 * console.log(await triage("Nobody can log in.")); // "now"
 *
 * @module
 */
export { type FuzzcPluginOptions, unplugin } from "./unplugin.ts";
