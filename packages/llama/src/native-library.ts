import { FuzzError } from "@fuzzc/program";
import koffi, { type LibraryHandle, type TypeObject } from "koffi";

/** An address in native memory; koffi gives null for NULL. */
export type Pointer = bigint;
/** A C struct by value: member name to value. */
export type Struct = Record<string, unknown>;

/** A C function. `async` runs it on a worker thread. */
export interface NativeFunction<Arguments extends unknown[], Result> {
  (...values: Arguments): Result;
  async(...values: [...Arguments, (error: unknown, result: Result) => void]): void;
}

/**
 * Calls `fn` on a worker thread, so that the event loop stays free.
 * Buffers among `values` must stay reachable, and untouched, until the promise settles.
 */
export function callAsync<Arguments extends unknown[], Result>(
  fn: NativeFunction<Arguments, Result>,
  ...values: Arguments
): Promise<Result> {
  return new Promise((resolve, reject) => {
    fn.async(...values, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** One shared library of the engine; what it lacks ends in FUZZ_ENGINE_VERSION. */
export class NativeLibrary {
  readonly #handle: LibraryHandle;
  readonly #path: string;

  /** Global, because the engine's libraries name each other without a path. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#handle = koffi.load(path, { global: true, lazy: true });
    } catch (cause) {
      throw new FuzzError(`Cannot load the engine library ${path}`, {
        code: "FUZZ_ENGINE_MISSING",
        kind: "resource",
        hint: "It needs a C++ runtime: glibc on Linux, the Visual C++ redistributable on Windows.",
        cause,
      });
    }
  }

  /** Binds a function by its C prototype. */
  bind<Arguments extends unknown[], Result>(prototype: string): NativeFunction<Arguments, Result> {
    return this.#lookUp(prototype, () => this.#handle.func(prototype)) as never;
  }

  /** Binds a function whose prototype names a struct, or whose name has several spellings. */
  bindTyped<Arguments extends unknown[], Result>(
    names: string | string[],
    result: string | TypeObject,
    types: (string | TypeObject)[],
  ): NativeFunction<Arguments, Result> {
    const spellings = [names].flat();
    const name = spellings.find((spelling) => this.#has(spelling)) ?? (spellings[0] as string);
    return this.#lookUp(name, () => this.#handle.func(name, result, types)) as never;
  }

  /** The address of a function, to hand it to another one. */
  address(name: string): Pointer {
    return this.#lookUp(name, () => this.#handle.symbol(name));
  }

  #has(name: string): boolean {
    try {
      this.#handle.symbol(name);
      return true;
    } catch {
      return false;
    }
  }

  #lookUp<Found>(what: string, find: () => Found): Found {
    try {
      return find();
    } catch (cause) {
      throw wrongBuild(this.#path, `it lacks ${what}`, cause);
    }
  }
}

/** The error for an engine that is there but is not the pinned build. */
export function wrongBuild(where: string, what: string, cause?: unknown): FuzzError {
  return new FuzzError(`The engine in ${where} is not the build that fuzzc knows: ${what}`, {
    code: "FUZZ_ENGINE_VERSION",
    kind: "resource",
    hint: "Reinstall fuzzc, so that its pinned engine package is used.",
    cause,
  });
}
