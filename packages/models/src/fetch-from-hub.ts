import { dirname, join } from "node:path";
import { type BaseModel, companionPlace, hubUrl } from "./catalogue.ts";
import { downloadFile, type Patience } from "./download-file.ts";
import { PartFile } from "./part-file.ts";
import type { OnProgress } from "./progress.ts";

/**
 * Fetches a base model from the hub to `target`, its companions first, so that they are there once it is. The caller holds the lock on `target`.
 * What has arrived stays in `${target}.part` when it fails, and the next call goes on from there.
 * @throws SourceFailure with the reason; FuzzError FUZZ_CANCELLED, FUZZ_DISK_FULL, FUZZ_CACHE_UNWRITABLE.
 */
export async function fetchFromHub(
  model: BaseModel,
  target: string,
  options: {
    env: NodeJS.ProcessEnv;
    signal?: AbortSignal;
    onProgress?: OnProgress | undefined;
    patience?: Partial<Patience> | undefined;
  },
): Promise<void> {
  const { name, sizeBytes, sha256, hub, companions = [] } = model;
  const { env, signal, onProgress, patience } = options;
  for (const companion of companions) {
    const path = join(dirname(target), companion.file);
    await using part = await PartFile.open(`${path}.part`, companion.sizeBytes, signal);
    await downloadFile(hubUrl(model, env, companionPlace(companion, "hub", hub.file)), part, {
      sizeBytes: companion.sizeBytes,
      sha256: companion.sha256,
      signal,
      patience,
    });
    await part.finish(path);
  }
  await using part = await PartFile.open(`${target}.part`, sizeBytes, signal);
  const report = (bytes: number) => onProgress?.({ phase: "hub", name, bytes, total: sizeBytes });
  report(part.sizeBytes);
  await downloadFile(hubUrl(model, env), part, {
    sizeBytes,
    sha256,
    signal,
    onBytes: report,
    patience,
  });
  await part.finish(target);
}
