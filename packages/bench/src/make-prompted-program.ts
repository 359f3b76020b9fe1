import { type CompileRequest, makeProgram } from "@fuzzc/compiler";
import { type Example, formatTask, type Program } from "@fuzzc/program";
import type { Models } from "./configurations.ts";

/** How much of the context spec and examples may take; the rest is for the input and the output. */
const promptShare = 0.7;
/** Two turns of a role and two marks each. */
const tokensAround = 10;

/** The bare base model as a program: the spec in the prompt, and as many of the examples as fit, in their order. */
export async function makePromptedProgram(
  request: CompileRequest,
  { compiler, interpreter }: Pick<Models, "compiler" | "interpreter">,
): Promise<Program> {
  const { model, contextSize } = interpreter;
  const count = (text: string) => model.tokenize(text, { special: false }).length;
  let left = promptShare * contextSize - count(formatTask(request.spec, request.output));
  const shown: Example[] = [];
  for (const example of request.examples ?? []) {
    left -= count(example.input) + count(example.output) + tokensAround;
    if (left < 0) {
      break;
    }
    shown.push(example);
  }
  // At scale 0 a program has no adapter, and so no coefficients.
  return makeProgram(request, { shown, scale: 0 }, new Uint8Array(0), compiler);
}
