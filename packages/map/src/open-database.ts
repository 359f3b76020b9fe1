import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { FuzzError } from "@fuzzc/program";

const duckdbPackage = "@duckdb/node-api@1.5.6-r.1";

/** What DuckDB may take; it writes to disk what does not fit. */
const memoryLimit = "256MB";

/** A DuckDB file that this process alone holds. Reading and writing have a connection each, so that they can overlap. */
export interface Database extends Disposable {
  reader: DuckDBConnection;
  writer: DuckDBConnection;
}

/**
 * Opens a DuckDB file, and makes it when it is missing. DuckDB fetches nothing from the network.
 * @throws FuzzError FUZZ_DUCKDB_MISSING, FUZZ_MAP_BUSY, FUZZ_WORK_FILE_INVALID
 */
export async function openDatabase(path: string): Promise<Database> {
  const { DuckDBInstance } = await loadDuckDB();
  let instance: DuckDBInstance;
  try {
    instance = await DuckDBInstance.create(path, {
      memory_limit: memoryLimit,
      threads: "2",
      temp_directory: `${path}.tmp`,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
  } catch (cause) {
    throw openError(path, cause);
  }
  const reader = await instance.connect();
  const writer = await instance.connect();
  return {
    reader,
    writer,
    [Symbol.dispose]() {
      reader.closeSync();
      writer.closeSync();
      instance.closeSync();
    },
  };
}

/** DuckDB is large (70 MB), so only those who map tables install it. */
async function loadDuckDB(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import("@duckdb/node-api");
  } catch (cause) {
    const [reason] = (cause as Error).message.split("\n");
    throw new FuzzError(`DuckDB, which reads and writes tables, can't be loaded: ${reason}`, {
      code: "FUZZ_DUCKDB_MISSING",
      kind: "resource",
      hint: `npm install ${duckdbPackage}`,
      cause,
    });
  }
}

function openError(path: string, cause: unknown): FuzzError {
  const { message } = cause as Error;
  if (/set lock on file|unique file handle/i.test(message)) {
    return new FuzzError(`Another process is at ${path}`, {
      code: "FUZZ_MAP_BUSY",
      kind: "resource",
      hint: "Wait until it has ended, or stop it.",
      cause,
    });
  }
  return new FuzzError(`${path} can't be opened: ${message.split("\n")[0]}`, {
    code: "FUZZ_WORK_FILE_INVALID",
    kind: "resource",
    hint: "Give an output in a folder that you may write to; --force replaces a work file that is broken.",
    cause,
  });
}
