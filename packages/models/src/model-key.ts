import { createHash } from "node:crypto";
import type { BaseModel } from "./catalogue.ts";

/** The checksum that programs and caches know a model by, hex: its file's, or both files' when an adapter is merged in. */
export function modelKey({ sha256, tuning }: BaseModel): string {
  return tuning === undefined
    ? sha256
    : createHash("sha256").update(`${sha256} ${tuning.sha256}`).digest("hex");
}
