import { fileURLToPath } from "node:url";
import { FuzzError } from "@fuzzc/program";
import { readBytes } from "./read-fuzz-file.ts";

/**
 * The bytes at a path, or at a `file:` or `data:` URL.
 * @throws FuzzError FUZZ_FILE_NOT_FOUND, FUZZ_OPTION_INVALID for another URL
 */
export async function readPlace(place: string | URL): Promise<Uint8Array> {
  if (typeof place === "string") {
    return readBytes(place);
  }
  switch (place.protocol) {
    case "file:":
      return readBytes(fileURLToPath(place));
    case "data:":
      return new Uint8Array(await (await fetch(place)).arrayBuffer());
    default:
      throw new FuzzError(`A program can't be loaded from ${place}`, {
        code: "FUZZ_OPTION_INVALID",
        hint: "Fetch it first, and give the path of the file.",
      });
  }
}
