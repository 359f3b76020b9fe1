/** The plugin for Vite: `import fuzzc from "unplugin-fuzzc/vite"`. @module */
import { unplugin } from "./unplugin.ts";

export default unplugin.vite;
