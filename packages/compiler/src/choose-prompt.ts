import type { Model } from "@fuzzc/llama";
import { FuzzError, type PlainPrompt, promptSegments } from "@fuzzc/program";

/**
 * The prompt that a base model takes: ChatML (undefined) if its vocabulary has the tokens for it, else the plain form
 * with the base's own marks of a text's begin and end.
 * @throws FuzzError FUZZ_MODEL_UNSUPPORTED when it has no special token that ends a text
 */
export function choosePrompt(model: Model): PlainPrompt | undefined {
  const marks = promptSegments({ task: "", examples: [] });
  if (marks.every((segment) => !("special" in segment) || isSpecial(model, segment.special))) {
    return undefined;
  }
  const spell = (token: number) => new TextDecoder().decode(model.tokenBytes(token));
  const end = model.endToken < 0 ? "" : spell(model.endToken);
  if (end === "" || !isSpecial(model, end)) {
    throw new FuzzError(`${model.path} has no special token that ends an answer`, {
      code: "FUZZ_MODEL_UNSUPPORTED",
      hint: "Use a base model whose file names its tokenizer.ggml.eos_token_id.",
    });
  }
  const begin = model.beginToken === undefined ? "" : spell(model.beginToken);
  return { form: "plain-1", ...(isSpecial(model, begin) && { begin }), end };
}

function isSpecial(model: Model, text: string): boolean {
  try {
    model.specialToken(text);
    return true;
  } catch (error) {
    if (FuzzError.isInstance(error) && error.code === "FUZZ_UNKNOWN_TOKEN") {
      return false;
    }
    throw error;
  }
}
