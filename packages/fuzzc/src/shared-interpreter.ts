import {
  type EncoderInterpreter,
  type Interpreter,
  openEncoderInterpreter,
  openInterpreter,
  type ReadyModel,
} from "@fuzzc/interpreter";
import { cacheFolder } from "@fuzzc/models";

/** A share in an interpreter that others of this process may use as well. */
export interface InterpreterLease<Shared = Interpreter> extends AsyncDisposable {
  interpreter: Shared;
}

interface Shared {
  opening: Promise<AsyncDisposable>;
  users: number;
}

const open = new Map<string, Shared>();

/**
 * The one interpreter of this process for a base model: opened for the first user, ended with the last.
 * @throws FuzzError what `openInterpreter` throws
 */
export function shareInterpreter(model: ReadyModel): Promise<InterpreterLease> {
  // One thread: with two, attention is split by how busy the machine is, and last bits decide near-ties.
  const threads = 1;
  return share(model, () =>
    openInterpreter({ ...openOptions(model), cacheFolder: cacheFolder(), threads }),
  );
}

/**
 * The same for a sentence encoder.
 * @throws FuzzError what `openEncoderInterpreter` throws
 */
export function shareEncoder(model: ReadyModel): Promise<InterpreterLease<EncoderInterpreter>> {
  return share(model, () => openEncoderInterpreter(openOptions(model)));
}

async function share<One extends AsyncDisposable>(
  model: ReadyModel,
  openOne: () => Promise<One>,
): Promise<InterpreterLease<One>> {
  const key = `${model.path}\n${model.sourceSha256}`;
  let shared = open.get(key);
  if (shared === undefined) {
    shared = { opening: openOne(), users: 0 };
    open.set(key, shared);
  }
  const one = shared;
  one.users++;
  let released: Promise<void> | undefined;
  const release = async () => {
    one.users--;
    if (one.users === 0) {
      // Whoever comes now opens another one.
      open.delete(key);
      await (await one.opening)[Symbol.asyncDispose]();
    }
  };
  try {
    return {
      // A path is opened as one kind only: the engine refuses it as the other.
      interpreter: (await one.opening) as One,
      [Symbol.asyncDispose]() {
        released ??= release();
        return released;
      },
    };
  } catch (error) {
    one.users--;
    if (open.get(key) === one) {
      open.delete(key);
    }
    throw error;
  }
}

function openOptions({ path, name, sourceSha256, quantisation }: ReadyModel) {
  return { modelPath: path, base: { name, source_sha256: sourceSha256, quantisation } };
}
