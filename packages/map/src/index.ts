/**
 * Answers every row of a table: DuckDB reads and writes CSV, JSON lines and Parquet. A run has a work file beside its
 * output, so that memory is bounded, equal inputs are answered once, and a run that was ended goes on where it was.
 *
 * @example
 * const report = await mapTable({
 *   table: "messages.csv",
 *   out: "answered.parquet",
 *   input: "message",
 *   as: "urgency",
 *   program: { id: await programId(triage.program), isJson: false },
 *   answer: (inputs, options) => triage.mapSettled(inputs, options),
 * });
 * console.log(`${report.rows} rows, ${report.failed} inputs without an answer`);
 *
 * @module
 */
export type { MapProgress } from "./answer-inputs.ts";
export type { InputColumns } from "./input-expression.ts";
export { type AnswerInputs, type MapReport, type MapTableOptions, mapTable } from "./map-table.ts";
