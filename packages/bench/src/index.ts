/**
 * Measures fuzzc with the parts a user runs, never with a shortcut of its own.
 *
 * @example
 * npm run bench -- quality --part heldout     # exact match with controls: table and results.jsonl
 * npm run bench -- speed                      # load, compile, call, throughput, memory
 *
 * @module
 */
export { type CorpusFunction, readCorpus, splitCorpus, wordFunction } from "./corpus.ts";
export { differenceInterval, rate, rateInterval, type Tally } from "./interval.ts";
