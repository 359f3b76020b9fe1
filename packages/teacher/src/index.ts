/**
 * Has a large model, the teacher, write examples of a function: varied and hard inputs, edge cases and near misses,
 * each answered twice and kept only if both answers agree. The teacher is a server that speaks OpenAI's chat protocol,
 * or a chat model in a GGUF file.
 *
 * @example
 * await using teacher = openRemoteTeacher({
 *   url: "https://api.openai.com/v1",
 *   model: "gpt-4.1-mini",
 *   key: readTeacherKey(),
 * });
 * const request = {
 *   spec: "How soon does this need a reply?",
 *   output: { type: "labels", labels: ["now", "later"] },
 *   examples: [],
 * };
 * const { pairs, report } = await writePairs(request, { teacher, count: 48 });
 *
 * @module
 */
export type { Endpoint } from "./check-endpoint.ts";
export type { CostEstimate } from "./estimate-cost.ts";
export { openLocalTeacher } from "./open-local-teacher.ts";
export {
  openRemoteTeacher,
  type RemoteTeacher,
  type RemoteTeacherOptions,
} from "./open-remote-teacher.ts";
export type { Pair } from "./pair.ts";
export type { PairsProgress, PairsReport } from "./pairs-report.ts";
export type { PairsRequest } from "./pairs-request.ts";
export { readTeacherKey, type TeacherKey } from "./read-teacher-key.ts";
export {
  type Question,
  type Reply,
  type Teacher,
  type TokenUse,
  UnusableAnswer,
} from "./teacher.ts";
export { type WritePairsOptions, type WrittenPairs, writePairs } from "./write-pairs.ts";
