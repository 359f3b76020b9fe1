import {
  ERR_UNSAFE_FILENAME,
  type FileEntry,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
} from "@zip.js/zip.js";
import { FuzzError } from "./errors.ts";
import { checkLimit, maxArchiveBytes, maxExpandedBytes, maxMembers } from "./zip-limits.ts";

const fileTypeMask = 0o170000;
const regularFile = 0o100000;
const directory = 0o040000;

/**
 * Reads the wanted members of a ZIP in memory. Every member is checked, wanted or not: its name must stay in its
 * folder, be no link, and appear once.
 * @param wanted the limit in bytes of each member by its name.
 * @throws FuzzError FUZZ_PROGRAM_INVALID for a broken archive, FUZZ_PROGRAM_UNSAFE for a hostile one, FUZZ_PROGRAM_LIMIT.
 */
export async function readZip(
  bytes: Uint8Array,
  wanted: ReadonlyMap<string, number>,
): Promise<Map<string, Uint8Array>> {
  checkLimit("bytes", bytes.length, maxArchiveBytes);
  const reader = new ZipReader(new Uint8ArrayReader(bytes), {
    strictness: "strict",
    useWebWorkers: false,
    checkCrc32: true,
    checkOverlappingEntry: true,
  });
  try {
    const entries = await listEntries(reader);
    const members = new Map<string, Uint8Array>();
    for (const entry of entries) {
      const limit = wanted.get(entry.filename);
      if (limit !== undefined) {
        checkLimit(`bytes in ${entry.filename}`, entry.uncompressedSize, limit);
        // It stops a member that expands beyond the size it claims, while it expands.
        members.set(entry.filename, await entry.getData(new Uint8ArrayWriter()));
      }
    }
    return members;
  } catch (error) {
    throw toFuzzError(error);
  } finally {
    await reader.close();
  }
}

async function listEntries(reader: ZipReader<unknown>): Promise<FileEntry[]> {
  const files: FileEntry[] = [];
  const names = new Set<string>();
  let expandedBytes = 0;
  for await (const entry of reader.getEntriesGenerator()) {
    const { filename } = entry;
    // Some file systems take these as one name.
    const folded = filename.normalize("NFC").toLowerCase();
    if (names.has(folded)) {
      throw unsafe(`the member ${filename} appears twice`);
    }
    names.add(folded);
    checkLimit("members", names.size, maxMembers);
    expandedBytes += entry.uncompressedSize;
    checkLimit("bytes when expanded", expandedBytes, maxExpandedBytes);
    if (filename.includes("\\") || hasControlCharacter(filename)) {
      throw unsafe(`the member ${JSON.stringify(filename)} has an unsafe name`);
    }
    const type = (entry.externalFileAttributes >>> 16) & fileTypeMask;
    if (entry.symlink || (type !== 0 && type !== regularFile && type !== directory)) {
      throw unsafe(`the member ${filename} is a link or a device`);
    }
    if (entry.encrypted) {
      throw unsafe(`the member ${filename} is encrypted`);
    }
    if (!entry.directory) {
      files.push(entry);
    }
  }
  return files;
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function unsafe(what: string, cause?: unknown): FuzzError {
  return new FuzzError(`The program is not safe to open: ${what}`, {
    code: "FUZZ_PROGRAM_UNSAFE",
    hint: "Don't use it; get the program from a source you trust.",
    cause,
  });
}

function toFuzzError(cause: unknown): FuzzError {
  if (FuzzError.isInstance(cause)) {
    return cause;
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (reason === ERR_UNSAFE_FILENAME) {
    return unsafe("a member has a name that leaves its folder", cause);
  }
  return new FuzzError(`The program is not a whole .paw file: ${reason}`, {
    code: "FUZZ_PROGRAM_INVALID",
    hint: "Get the program again from where it came from.",
    cause,
  });
}
