import type { JsonSchemaObject, JsonValue } from "@fuzzc/program";

/** What a teacher is asked: a list of items of one form. */
export interface Question {
  /** Who it is and what it does; the same for all questions of a kind. */
  instructions: string;
  text: string;
  /** JSON Schema of an item; its references point into `definitions`. */
  item: JsonSchemaObject;
  definitions: JsonSchemaObject;
  /** How many items are wanted. */
  count: number;
}

export interface TokenUse {
  input: number;
  output: number;
}

export interface Reply {
  /** At most `count` of them, unchecked: a server may not hold to the schema. */
  items: JsonValue[];
  tokens: TokenUse;
}

/** A large model that writes examples. */
export interface Teacher extends AsyncDisposable {
  /** For people: `gpt-x at api.example.com`. */
  readonly name: string;
  /** All that its answers hang on; two teachers with the same identity are one. Holds no key. */
  readonly identity: string;
  /** Questions that it takes at the same time. */
  readonly lanes: number;
  /** Requests so far, those that failed included. */
  readonly requests: number;
  /**
   * @throws UnusableAnswer when what it wrote is no list of items: the next question may do better.
   * @throws FuzzError when no further question has a chance: FUZZ_TEACHER_…, FUZZ_CANCELLED
   */
  ask(question: Question, signal?: AbortSignal): Promise<Reply>;
}

/** The teacher answered, and nothing can be made of it. */
export class UnusableAnswer extends Error {
  override readonly name = "UnusableAnswer";
}
