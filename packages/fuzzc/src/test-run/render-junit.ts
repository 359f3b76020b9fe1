import { formatInput } from "@fuzzc/program";
import { renderError } from "../render-error.ts";
import { describeGot } from "./describe-outcome.ts";
import {
  type CaseOutcome,
  countPassed,
  type FunctionOutcome,
  type TestOutcome,
  timeOf,
} from "./outcome.ts";

/** Longer names would fill the page that a CI server makes; the whole input stands in the failure. */
const maxNameCharacters = 200;

/**
 * The outcomes as JUnit XML, which CI servers read: a suite for each function, a case for each test. Examples are no
 * cases, since the compiler has seen them; how many were right is a property.
 */
export function renderJunit(outcomes: readonly TestOutcome[]): string {
  const suites = outcomes.flatMap((outcome) =>
    outcome.state === "untested"
      ? []
      : [outcome.state === "failed" ? renderFailedFile(outcome) : renderSuite(outcome)],
  );
  const tested = outcomes.filter((outcome) => outcome.state === "tested");
  const tests = tested.flatMap((outcome) => outcome.tests);
  const failed = outcomes.filter(({ state }) => state === "failed").length;
  const head = countAttributes(tests, failed);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="fuzzc"${head}>\n${suites.join("")}</testsuites>\n`;
}

function renderSuite({ address, path, name, ...outcome }: FunctionOutcome): string {
  const { tests, examples, requiredScore } = outcome;
  const properties = [
    ["score", `${countPassed(tests) / tests.length}`],
    ["requiredScore", `${requiredScore}`],
    ["examples", `${countPassed(examples)} of ${examples.length}`],
  ].map(([key, value]) => `      <property name="${key}" value="${value}"/>\n`);
  const cases = tests.map((test) => renderCase(test, attribute("classname", name)));
  return [
    `  <testsuite${attribute("name", address)}${attribute("file", path)}${countAttributes(tests)}>\n`,
    `    <properties>\n${properties.join("")}    </properties>\n`,
    ...cases,
    "  </testsuite>\n",
  ].join("");
}

function renderCase(one: CaseOutcome, className: string): string {
  const { input, expected, passed, error } = one;
  const names = typeof input === "string" ? undefined : Object.keys(input);
  const text = formatInput(input, names);
  const name = text.length > maxNameCharacters ? `${text.slice(0, maxNameCharacters)}…` : text;
  const head = `    <testcase${attribute("name", name)}${className} time="${seconds([one])}"`;
  if (passed) {
    return `${head}/>\n`;
  }
  const tag = error === undefined ? "failure" : "error";
  const [wanted, got] = [JSON.stringify(expected), describeGot(one)];
  const body = escapeXml(`input    ${text}\nexpected ${wanted}\ngot      ${got}`);
  const message = attribute("message", `expected ${wanted}, got ${got}`);
  return `${head}>\n      <${tag}${message}>${body}</${tag}>\n    </testcase>\n`;
}

function renderFailedFile({ path, error }: { path: string; error: unknown }): string {
  const { message, hint = "" } = renderError(error);
  return [
    `  <testsuite${attribute("name", path)}${attribute("file", path)}${countAttributes([], 1)}>\n`,
    `    <testcase${attribute("name", path)} time="0">\n`,
    `      <error${attribute("message", message)}>${escapeXml(hint)}</error>\n`,
    "    </testcase>\n  </testsuite>\n",
  ].join("");
}

/** @param failedFiles cases that stand for a file that can't be read. */
function countAttributes(tests: readonly CaseOutcome[], failedFiles = 0): string {
  const errors = tests.filter(({ error }) => error !== undefined).length;
  const failures = tests.length - countPassed(tests) - errors;
  return ` tests="${tests.length + failedFiles}" failures="${failures}" errors="${errors + failedFiles}" time="${seconds(tests)}"`;
}

function seconds(cases: readonly CaseOutcome[]): string {
  return (cases.reduce((sum, one) => sum + timeOf(one), 0) / 1000).toFixed(4);
}

function attribute(name: string, value: string): string {
  return ` ${name}="${escapeXml(value)}"`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text for an element or an attribute. What XML can't hold, such as most control characters, becomes U+FFFD. */
export function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\p{Cs}\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, "\ufffd")
      .replace(/[&<>"]/g, (character) => entities[character] as string)
      // Parsers turn these into spaces in an attribute, unless they are written like this.
      .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}
