import { z } from "zod";
import type { JsonValue } from "./json-value.ts";
import { parseWithSchema } from "./parse-with-schema.ts";
import { checkProgramMeta, type ProgramMeta, programIdSchema } from "./program-meta.ts";

const officialMetaSchema = z.looseObject({
  program_id: programIdSchema,
  interpreter: z.string().min(1),
  spec: z.string().nullish(),
  runtime_id: z.string().nullish(),
  runtime: z
    .looseObject({
      local_sdk: z
        .looseObject({
          base_model: z
            .looseObject({ file: z.string().nullish(), sha256: z.string().nullish() })
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

/**
 * The meta of a program made by the official compilers, in the form of ours: a text function with its whole adapter.
 * @throws FuzzError FUZZ_PROGRAM_INVALID
 */
export function readOfficialMeta(value: JsonValue): ProgramMeta {
  const { runtime, ...official } = parseWithSchema(officialMetaSchema, value, {
    what: "meta.json of the program",
    code: "FUZZ_PROGRAM_INVALID",
    hint: "Get the program again from where it came from.",
  });
  const base = runtime?.local_sdk?.base_model;
  const sha256 = base?.sha256?.toLowerCase() ?? "";
  return checkProgramMeta({
    ...official,
    ...(runtime ? { runtime } : {}),
    format: "official",
    spec: official.spec ?? "",
    output: { type: "text" },
    examples: [],
    thresholds: { min_probability: 0 },
    adapter: { form: "full", scale: 1 },
    base: {
      name: base?.file ?? official.interpreter,
      source_sha256: /^[a-f0-9]{64}$/.test(sha256) ? sha256 : "",
      quantisation: "",
    },
    created_by: "official",
  });
}
