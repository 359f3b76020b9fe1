/** The plugin for Rollup: `import fuzzc from "unplugin-fuzzc/rollup"`. @module */
import { unplugin } from "./unplugin.ts";

export default unplugin.rollup;
