import { checkSchema, openValidator } from "@fuzzc/interpreter";
import { type Example, FuzzError, type JsonValue, type OutputType } from "@fuzzc/program";

/** What a developer asks for: a function in plain English. */
export interface CompileRequest {
  spec: string;
  output: OutputType;
  /** Names of the inputs, when it takes several texts; the examples hold them as `formatInput` writes them. */
  inputs?: readonly string[];
  /** Inputs with their right outputs; JSON outputs as compact JSON. */
  examples?: readonly Example[];
  /** What an input outside the spec gives. */
  otherwise?: JsonValue;
  name?: string;
  /** Answers less likely than this are withheld. Without it, and with `otherwise`, it is calibrated on the examples. */
  minProbability?: number;
}

/**
 * Refuses what can't become a function.
 *
 * @throws FuzzError FUZZ_EMPTY_SPEC, FUZZ_OPTION_INVALID, FUZZ_UNKNOWN_LABEL, FUZZ_EXAMPLE_NOT_JSON, FUZZ_EXAMPLE_INVALID,
 * FUZZ_CONFLICTING_EXAMPLES, FUZZ_SCHEMA_INVALID, FUZZ_SCHEMA_UNSUPPORTED
 */
export function checkRequest({
  spec,
  output,
  examples = [],
  minProbability = 0,
}: CompileRequest): void {
  if (spec.trim() === "") {
    throw new FuzzError("The spec is empty", {
      code: "FUZZ_EMPTY_SPEC",
      hint: "Say in plain English what goes in and what comes out.",
    });
  }
  if (!(minProbability >= 0 && minProbability <= 1)) {
    throw new FuzzError(`minProbability is ${minProbability}, not a number from 0 to 1`, {
      code: "FUZZ_OPTION_INVALID",
      hint: "Leave it out to have it calibrated on the examples.",
    });
  }
  const schema = output.type === "json" ? output.schema : undefined;
  const validator = schema && openValidator(checkSchema(schema));
  const outputs = new Map<string, string>();
  examples.forEach((example, index) => {
    checkOutput(example, index, output);
    if (validator?.isValid(JSON.parse(example.output)) === false) {
      throw new FuzzError(
        `Example ${index + 1}: its output ${example.output} is not valid for the JSON Schema, so it can never be given`,
        { code: "FUZZ_EXAMPLE_INVALID", hint: "Correct it, or the schema." },
      );
    }
    const earlier = outputs.get(example.input);
    if (earlier !== undefined && earlier !== example.output) {
      throw new FuzzError(
        `Example ${index + 1} gives ${JSON.stringify(example.output)} for an input that an earlier one answers with ${JSON.stringify(earlier)}`,
        { code: "FUZZ_CONFLICTING_EXAMPLES", hint: "Keep the right one of the two." },
      );
    }
    outputs.set(example.input, example.output);
  });
}

function checkOutput(example: Example, index: number, output: OutputType): void {
  if (output.type === "labels" && !output.labels.includes(example.output)) {
    throw new FuzzError(
      `Example ${index + 1}: label ${JSON.stringify(example.output)} is not one of ${output.labels.join(", ")}`,
      { code: "FUZZ_UNKNOWN_LABEL", hint: "Correct the label, or add it to the output's labels." },
    );
  }
  if (output.type === "json" && compact(example.output) !== example.output) {
    throw new FuzzError(`Example ${index + 1}: its output is not compact JSON`, {
      code: "FUZZ_EXAMPLE_NOT_JSON",
      hint: 'Write the output as JSON.stringify does, for example {"a":1}.',
    });
  }
}

function compact(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}
