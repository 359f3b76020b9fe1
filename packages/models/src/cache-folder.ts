import { homedir } from "node:os";
import { posix, win32 } from "node:path";

/**
 * The folder that fuzzc keeps everything in: `FUZZC_HOME`, else `fuzzc` in the platform's cache folder
 * (`XDG_CACHE_HOME` or `~/.cache`; `~/Library/Caches`; `%LOCALAPPDATA%`). It may not exist yet.
 */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const path = platform === "win32" ? win32 : posix;
  if (env.FUZZC_HOME) {
    return path.resolve(env.FUZZC_HOME);
  }
  const home = (platform === "win32" ? env.USERPROFILE : env.HOME) || homedir();
  if (platform === "win32") {
    return path.join(env.LOCALAPPDATA || path.join(home, "AppData", "Local"), "fuzzc", "Cache");
  }
  if (platform === "darwin") {
    return path.join(home, "Library", "Caches", "fuzzc");
  }
  // The XDG standard says that a relative path is to be ignored.
  const xdg = env.XDG_CACHE_HOME;
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, ".cache"), "fuzzc");
}
