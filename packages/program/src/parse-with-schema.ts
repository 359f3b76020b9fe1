import type { z } from "zod";
import { FuzzError } from "./errors.ts";

/**
 * Checks a value against a zod schema.
 * @param what names the value in the error; `code` is the error's.
 */
export function parseWithSchema<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { what, code, hint }: { what: string; code: string; hint: string },
): z.output<Schema> {
  let result: z.ZodSafeParseResult<z.output<Schema>>;
  try {
    result = schema.safeParse(value);
  } catch (cause) {
    // A value made by a program, not read from a file, may refer to itself or be too deep to walk.
    throw new FuzzError(`${what} can't be checked`, { code, hint, cause });
  }
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = issue?.path.map(String).join(".");
    throw new FuzzError(`${what}: ${path ? `${path}: ` : ""}${issue?.message}`, {
      code,
      hint,
      cause: result.error,
    });
  }
  return result.data;
}
