import type { BaseModel } from "./catalogue.ts";
import { downloadArtifact } from "./download-artifact.ts";
import { SourceFailure } from "./errors.ts";
import { type FetchOptions, fetchFromArchive } from "./fetch-from-archive.ts";

/**
 * Fetches a base model out of the jar of its Maven artifact, with `mvn`.
 * @throws SourceFailure when there is none, and what `fetchFromArchive` throws
 */
export async function fetchFromMaven(
  model: BaseModel,
  target: string,
  options: FetchOptions,
): Promise<void> {
  const { maven } = model;
  if (maven === undefined) {
    throw new SourceFailure("no artifact has this model");
  }
  const archive = {
    ...maven,
    source: "maven" as const,
    requirement: maven.artifact,
    download: downloadArtifact,
  };
  await fetchFromArchive(model, archive, target, options);
}
