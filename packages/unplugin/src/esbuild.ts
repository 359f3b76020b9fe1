/** The plugin for esbuild: `import fuzzc from "unplugin-fuzzc/esbuild"`. @module */
import { unplugin } from "./unplugin.ts";

export default unplugin.esbuild;
