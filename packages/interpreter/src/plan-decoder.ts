import type { Model } from "@fuzzc/llama";
import { endMark, FuzzError, type JsonValue, type Program } from "@fuzzc/program";
import type { RunOptions } from "./answer.ts";
import { decodeGreedily, type Guide } from "./decode-greedily.ts";
import { decodeLabels, planLabels } from "./decode-labels.ts";
import type { Decoder } from "./decoder.ts";
import { expectOutput } from "./expect-output.ts";
import { guideJson } from "./guide-json.ts";
import { guideText } from "./guide-text.ts";
import { checkSchema, type JsonSchema } from "./json-grammar/check-schema.ts";
import { compileSchema } from "./json-grammar/compile-schema.ts";
import { GrammarMatcher } from "./json-grammar/match-grammar.ts";
import { measureShortest } from "./json-grammar/shortest-text.ts";
import { openValidator } from "./json-grammar/validate-json.ts";
import { buildLabelTrie } from "./label-trie.ts";
import type { PassCosts } from "./pass-costs.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** How a program's outputs are written. */
export interface DecoderPlan {
  /** Sequences that one output needs. */
  branches: number;
  /** Tokens of output that must fit for an input to be taken at all. */
  minTokens: number;
  /** Of labels: all the room an output takes. */
  fixedTokens: number | undefined;
  start(options: StartOptions): Decoder;
  /** The output's value. */
  parse(text: string): JsonValue;
}

interface StartOptions extends Pick<RunOptions, "whenTooLong" | "expected"> {
  maxTokens: number;
}

/** What decoders run on. */
export interface DecoderHost {
  model: Model;
  vocabulary: Vocabulary;
  costs: PassCosts;
  /** Sequences that one output may take. */
  maxBranches: number;
}

/** Labels that are read at the same time, so that others have sequences left; more go one group after the other. */
const maxLabelBranches = 24;
/** An output shorter than this would hardly ever be whole. */
const minOutputTokens = 32;

/**
 * Prepares what all outputs of a program have in common.
 * @throws FuzzError FUZZ_SCHEMA_UNSUPPORTED, FUZZ_SCHEMA_INVALID, FUZZ_SCHEMA_EMPTY
 */
export function planDecoder(program: Program, host: DecoderHost): DecoderPlan {
  const { output } = program.meta;
  switch (output.type) {
    case "labels":
      return planLabelDecoder(program, output.labels, host);
    case "json":
      return planJsonDecoder(output.schema, host);
    case "text":
      return {
        ...greedyRoom,
        start: (options) => startGreedily(guideText(host.vocabulary), options, host),
        parse: (text) => text,
      };
  }
}

function startGreedily(
  guide: Guide,
  { maxTokens, whenTooLong = "error", expected }: StartOptions,
  { model, vocabulary, costs }: DecoderHost,
): Decoder {
  return decodeGreedily({
    guide:
      expected === undefined
        ? guide
        : expectOutput(guide, expected, vocabulary, (text) => tokenizePlain(model, text)),
    isEnd: vocabulary.isEnd,
    maxTokens,
    whenTooLong,
    draftsPay: costs.draftsPay,
  });
}

const tokenizePlain = (model: Model, text: string) => [...model.tokenize(text, { special: false })];

const greedyRoom = { branches: 1, minTokens: minOutputTokens, fixedTokens: undefined };

function planLabelDecoder(
  { meta }: Program,
  labels: readonly string[],
  { model, maxBranches }: DecoderHost,
): DecoderPlan {
  const trie = buildLabelTrie(labels.map((label) => tokenizePlain(model, label)));
  const plan = planLabels(
    labels,
    meta.label_bias ?? [],
    trie,
    meta.format === "official" ? model.endToken : model.specialToken(endMark(meta.prompt_form)),
    Math.min(maxBranches, maxLabelBranches),
  );
  const tokens = Math.max(...plan.groups.map(({ nodes }) => nodes.length));
  return {
    branches: Math.max(...plan.groups.map(({ branches }) => branches)),
    minTokens: tokens,
    fixedTokens: tokens,
    start: () => decodeLabels(plan),
    parse: (text) => text,
  };
}

function planJsonDecoder(schema: JsonSchema | undefined, host: DecoderHost): DecoderPlan {
  const { model, vocabulary } = host;
  const grammar = compileSchema(schema);
  const tokenize = (text: string) => tokenizePlain(model, text);
  const lengthOf = measureShortest(grammar);
  const validator = schema === undefined ? undefined : openValidator(checkSchema(schema));
  return {
    ...greedyRoom,
    start: (options) => {
      const matcher = new GrammarMatcher(grammar, lengthOf);
      return startGreedily(guideJson(matcher, vocabulary, tokenize), options, host);
    },
    parse(text) {
      const value = JSON.parse(text) as JsonValue;
      if (validator?.isValid(value) === false) {
        throw new FuzzError("The output is not valid for the JSON Schema", {
          code: "FUZZ_OUTPUT_INVALID",
          kind: "internal",
          hint: `Please report it, with the schema and this output: ${text.slice(0, 500)}`,
        });
      }
      return value;
    },
  };
}
