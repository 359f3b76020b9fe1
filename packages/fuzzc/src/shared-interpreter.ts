import { type Interpreter, openInterpreter, type ReadyModel } from "@fuzzc/interpreter";
import { cacheFolder } from "@fuzzc/models";

/** A share in an interpreter that others of this process may use as well. */
export interface InterpreterLease extends AsyncDisposable {
  interpreter: Interpreter;
}

interface Shared {
  opening: Promise<Interpreter>;
  users: number;
}

const open = new Map<string, Shared>();

/**
 * The one interpreter of this process for a base model: opened for the first user, ended with the last.
 * @throws FuzzError what `openInterpreter` throws
 */
export async function shareInterpreter(model: ReadyModel): Promise<InterpreterLease> {
  const key = `${model.path}\n${model.sourceSha256}`;
  let shared = open.get(key);
  if (shared === undefined) {
    shared = { opening: openBase(model), users: 0 };
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
      await (await one.opening).dispose();
    }
  };
  try {
    return {
      interpreter: await one.opening,
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

function openBase({ path, name, sourceSha256, quantisation }: ReadyModel): Promise<Interpreter> {
  return openInterpreter({
    modelPath: path,
    base: { name, source_sha256: sourceSha256, quantisation },
    cacheFolder: cacheFolder(),
  });
}
