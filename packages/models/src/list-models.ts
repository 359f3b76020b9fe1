import { stat } from "node:fs/promises";
import { type BaseModel, catalogue } from "./catalogue.ts";
import { modelPath } from "./resolve-base-model.ts";

export interface ListedModel extends BaseModel {
  /** Where the file lies, or would lie. */
  path: string;
  /** Whether a file of the right size is there; its checksum is looked at when it is used. */
  present: boolean;
}

/** The base models of the catalogue, and which of them are in the cache. */
export async function listModels(
  options: { catalogue?: readonly BaseModel[]; env?: NodeJS.ProcessEnv } = {},
): Promise<ListedModel[]> {
  return Promise.all(
    (options.catalogue ?? catalogue).map(async (model) => {
      const path = modelPath(model, options.env);
      const file = await stat(path).catch(() => undefined);
      return { ...model, path, present: file?.size === model.sizeBytes };
    }),
  );
}
