import { Engine } from "./engine.ts";
import { findEngineFiles } from "./engine-files.ts";
import { rangeError } from "./errors.ts";
import { loadNative } from "./native.ts";
import { verifyBuild } from "./verify-build.ts";

let loaded: Engine | undefined;

/**
 * The engine of this process; loaded and checked at the first call.
 * @param options.libraryFolder where llama.cpp's libraries lie, instead of the installed package.
 * @throws FuzzError FUZZ_ENGINE_MISSING, or FUZZ_ENGINE_VERSION when it is another build than the pinned one.
 */
export function loadEngine(options: { libraryFolder?: string } = {}): Engine {
  const { libraryFolder } = options;
  if (loaded === undefined) {
    const native = loadNative(findEngineFiles(libraryFolder));
    verifyBuild(native);
    native.llama_log_set(native.noOperation, null);
    native.llama_backend_init();
    // A second copy of this package in the same process finds them loaded.
    if (Number(native.ggml_backend_reg_count()) === 0) {
      native.ggml_backend_load_all_from_path(native.folder);
    }
    loaded = new Engine(native);
  }
  if (libraryFolder !== undefined && libraryFolder !== loaded.folder) {
    throw rangeError("The library folder", libraryFolder, `${loaded.folder}, which is loaded`);
  }
  return loaded;
}
