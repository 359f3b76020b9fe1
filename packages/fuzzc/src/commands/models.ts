import { ensureBaseModel } from "@fuzzc/interpreter";
import { defaultBaseModel, listModels } from "@fuzzc/models";
import { openOptions, type Session, type SharedFlags } from "./session.ts";

/** `fuzzc models list`: the base models, and which are here. */
export async function listBaseModels(
  { terminal }: Session,
  flags: { json?: boolean },
): Promise<number> {
  for (const model of await listModels()) {
    const { name, licence, sizeBytes, present, path } = model;
    await terminal.print(
      flags.json
        ? JSON.stringify({ name, licence, size_bytes: sizeBytes, present, path })
        : `${name}  ${(sizeBytes / 1e6).toFixed(1)} MB  ${licence}  ${present ? path : "not here yet"}`,
    );
  }
  return 0;
}

/** `fuzzc models pull`: fetches a base model and makes it ready to run. */
export async function pullModel(
  session: Session,
  name: string = defaultBaseModel,
  flags: SharedFlags,
): Promise<number> {
  const model = await ensureBaseModel(name, openOptions(session, flags));
  await session.terminal.print(model.path);
  return 0;
}
