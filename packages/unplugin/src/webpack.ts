/** The plugin for webpack: `import fuzzc from "unplugin-fuzzc/webpack"`. @module */
import { unplugin } from "./unplugin.ts";

export default unplugin.webpack;
