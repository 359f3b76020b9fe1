import { type Interpreter, openInterpreter } from "@fuzzc/interpreter";
import { resolveBaseModel } from "@fuzzc/models";
import { FuzzError, inputPlaceholder, type JsonSchemaObject, type Program } from "@fuzzc/program";
import { listSchema } from "./list-schema.ts";
import { readItems } from "./read-items.ts";
import { type Question, type Reply, type Teacher, UnusableAnswer } from "./teacher.ts";

// Room for a question of some pages and its answer.
const contextSize = 8192;
// A list that goes on for longer is closed, so that a model that repeats itself ends.
const tokensPerItem = 192;

/**
 * Opens a chat model in a GGUF file as a teacher. It writes greedily, in its own chat form, and its grammar is the form
 * of the items; nothing leaves the machine.
 * @throws FuzzError what `resolveBaseModel` and `openInterpreter` throw, and FUZZ_TEMPLATE_UNSUPPORTED
 */
export async function openLocalTeacher(
  path: string,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<Teacher> {
  const { name, path: modelPath, sha256 } = await resolveBaseModel(path, options);
  const interpreter = await openInterpreter({
    modelPath,
    base: { name, source_sha256: sha256, quantisation: "" },
    contextSize,
    sequences: 2,
    // What it writes must not hang on how busy the machine is; a second thread of a busy one is many times slower.
    threads: 1,
    ...options,
  });
  try {
    // What is asked takes the place of the input, where special tokens are off.
    const template = interpreter.model.renderChat([{ role: "user", content: inputPlaceholder }]);
    return new LocalModel(interpreter, `${sha256} greedy`, template);
  } catch (error) {
    await interpreter.dispose();
    throw error;
  }
}

class LocalModel implements Teacher {
  readonly name: string;
  readonly identity: string;
  readonly lanes = 1;
  requests = 0;
  readonly #interpreter: Interpreter;
  readonly #template: string;

  constructor(interpreter: Interpreter, identity: string, template: string) {
    this.name = interpreter.base.name;
    this.identity = identity;
    this.#interpreter = interpreter;
    this.#template = template;
  }

  async ask(question: Question, signal?: AbortSignal): Promise<Reply> {
    const { count, instructions, text } = question;
    const schema = listSchema(question, { minItems: count, maxItems: count });
    await using asker = await this.#interpreter.load(this.#makeProgram(schema), null);
    this.requests++;
    try {
      const answer = await asker.run(`${instructions}\n\n${text}`, {
        signal,
        maxOutputTokens: tokensPerItem * count,
        whenTooLong: "cut",
      });
      const tokens = {
        input: answer.tokens.prefix + answer.tokens.input,
        output: answer.tokens.output,
      };
      return { items: readItems(answer.text, count), tokens };
    } catch (error) {
      if (FuzzError.isInstance(error) && error.code === "FUZZ_INPUT_TOO_LONG") {
        throw new UnusableAnswer(error.message);
      }
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#interpreter.dispose();
  }

  /** A program that answers in the model's own chat form: as an official one, whose template says everything. */
  #makeProgram(schema: JsonSchemaObject): Program {
    const { base } = this.#interpreter;
    return {
      meta: {
        program_id: "0".repeat(64),
        format: "official",
        spec: "",
        output: { type: "json", schema },
        examples: [],
        thresholds: { min_probability: 0 },
        adapter: { form: "none", scale: 0 },
        interpreter: base.name,
        base: { ...base },
        created_by: "fuzzc",
      },
      promptTemplate: this.#template,
      pseudoProgram: "",
    };
  }
}
