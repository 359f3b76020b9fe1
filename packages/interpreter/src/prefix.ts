import { createHash } from "node:crypto";
import { type Adapter, engineVersion } from "@fuzzc/llama";

/** What a sequence was made under: it is good for nothing else. */
export interface PrefixOrigin {
  /** Checksum and quantisation of the base model. */
  base: string;
  adapter: Adapter | null;
  scale: number;
}

/** Keys and values are kept in half precision by the contexts that @fuzzc/llama opens. */
const cacheType = "f16";

/** Names everything besides the tokens that a prefix's state depends on. */
export function nameOrigin({ base, adapter, scale }: PrefixOrigin): string {
  const applied = adapter === null || scale === 0 ? "none" : `${adapter.sha256}*${scale}`;
  return `${base} ${applied} ${cacheType} ${engineVersion}`;
}

/** Key of a prefix's state, 64 hex digits. */
export function hashPrefix(origin: string, tokens: Int32Array): string {
  return createHash("sha256")
    .update(`fuzzc prefix\n${origin}\n`)
    .update(Buffer.from(tokens.buffer, tokens.byteOffset, tokens.byteLength))
    .digest("hex");
}
