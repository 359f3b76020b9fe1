import { z } from "zod";

const maxTokenCharacters = 200;
const specialToken = z.string().min(1).max(maxTokenCharacters);

/** What the prompt "plain-1" takes from its base model; see `promptSegments`. */
export const plainPromptSchema = z.looseObject({
  form: z.literal("plain-1"),
  /** The special token that begins every text, where the base model was trained with one. */
  begin: specialToken.optional(),
  /** The special token that ends an output. */
  end: specialToken,
});

export type PlainPrompt = z.infer<typeof plainPromptSchema>;
