import type { CompileReport } from "@fuzzc/compiler";
import type { FuzzyInput } from "@fuzzc/program";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { CompileLevel } from "./compile-level.ts";
import type { Json, OutputForm } from "./output-form.ts";
import type { ExampleOutput, OutputOf } from "./output-of.ts";
import type { InterpreterKind, SetupOptions } from "./setup-options.ts";

/** What `fuzzy` takes. The types of `output`, `inputs`, `otherwise` and `minProbability` give the type of the function. */
export interface FuzzyOptions<
  Form extends OutputForm | StandardSchemaV1 = OutputForm,
  Otherwise extends Json = Json,
  Threshold extends number = number,
  Names extends readonly string[] = readonly string[],
> extends SetupOptions {
  /** What goes in and what comes out, in plain English. */
  spec: string;
  /** A list of labels, "text" (default), "json", a JSON Schema, or a schema of Zod, Valibot, ArkType and their like. */
  output?: Form | undefined;
  /** Names of the inputs of a function that takes several texts: `["query", "snippet"]`. */
  inputs?: Names | undefined;
  /** JSON outputs may be values; of a schema that transforms, what goes into it. */
  examples?:
    | readonly { readonly input: InputOf<Names>; readonly output: ExampleOutput<Form> }[]
    | undefined;
  /** What an input outside the spec gives. */
  otherwise?: Otherwise | undefined;
  /** Answers less likely than this are withheld: `otherwise`, or null, is given instead. */
  minProbability?: Threshold | undefined;
  name?: string | undefined;
  /** How much work the compiler puts in. Default: O1 with examples, else O0. O3 is for `fuzzc compile`. */
  level?: CompileLevel | undefined;
  /** How long -O2 may compute; on a busy machine it takes longer. Default: 2. */
  minutes?: number | undefined;
  /** What must run it. Default: for labels what answers more examples right, or the encoder while they are few. */
  interpreter?: InterpreterKind | undefined;
  /** Hears what the compile measured; not called when the function was in the cache. */
  onCompiled?: ((report: CompileReport) => void) | undefined;
}

/** What a function takes: a text, or an object with a text for each of its inputs. */
export type InputOf<Names extends readonly string[]> = [Names] extends [never]
  ? string
  : string extends Names[number]
    ? FuzzyInput
    : { readonly [Name in Names[number]]: string };

/** What a function answers: its outputs, and what it gives when it abstains, if it can. */
export type ResultOf<
  Form extends OutputForm | StandardSchemaV1,
  Otherwise extends Json,
  Threshold extends number,
> =
  | OutputOf<Form>
  | ([Otherwise] extends [never] ? ([Threshold] extends [never] ? never : null) : Otherwise);
