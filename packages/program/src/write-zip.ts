import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import type { ProgramMember } from "./program-members.ts";
import { checkLimit, maxArchiveBytes } from "./zip-limits.ts";

// 1980-01-01 00:00 as MS-DOS stores it: the earliest date a ZIP can hold, and the same in every time zone.
const firstDate = (1 << 21) | (1 << 16);

/** A ZIP of the members in this order, stored, with nothing in it that depends on time or machine. */
export async function writeZip(members: readonly ProgramMember[]): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    level: 0,
    useWebWorkers: false,
    rawLastModDate: firstDate,
    extendedTimestamp: false,
    dataDescriptor: false,
    msDosCompatible: true,
  });
  for (const { name, bytes } of members) {
    await writer.add(name, new Uint8ArrayReader(bytes));
  }
  const archive = await writer.close();
  checkLimit("bytes", archive.length, maxArchiveBytes);
  return archive;
}
