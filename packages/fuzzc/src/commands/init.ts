import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { FuzzError } from "@fuzzc/program";
import { InvalidArgumentError } from "commander";
import { isName } from "../fuzz-file/read-settings.ts";
import { listTemplates, type Template } from "../list-templates.ts";
import { emptyStarter, installedSchema, templateStarter } from "../starter-text.ts";
import { Questions } from "./questions.ts";
import { readForm } from "./read-form.ts";
import type { Session } from "./session.ts";

export interface InitFlags {
  template?: string;
  yes?: boolean;
  force?: boolean;
}

const empty = "empty";
/** What `--yes` starts from. */
const defaultTemplate = "triage";
const defaultSpec = "Say what goes in and what comes out.";

/** `fuzzc init`: writes a *.fuzz.yaml to start from, and says what to do next. */
export async function initFile(
  session: Session,
  word: string | undefined,
  flags: InitFlags,
): Promise<number> {
  const folder = process.cwd();
  const templates = listTemplates();
  await using questions = new Questions(session);
  /** What was given, else a preset with --yes, else an answer. */
  const settle = <Value>(
    given: string | undefined,
    question: string,
    read: (answer: string) => Value,
    preset: string,
  ) => {
    const known = given ?? (flags.yes ? preset : undefined);
    return known === undefined ? questions.ask(question, read, preset) : readGiven(known, read);
  };
  if (flags.template === undefined && !flags.yes) {
    session.terminal.tell(describeTemplates(templates));
  }
  const template = await settle(
    flags.template,
    "Start from?",
    (answer) => findTemplate(answer, templates),
    flags.yes ? defaultTemplate : empty,
  );
  const name = await settle(
    word,
    "Name?",
    (answer) => readNewName(answer, flags.force === true),
    template?.name ?? "my-function",
  );
  const text = template
    ? templateStarter(template, name, folder)
    : emptyStarter(
        {
          name,
          spec: await settle(undefined, "What does it do?", (answer) => answer, defaultSpec),
          output: await settle(
            undefined,
            "What comes out: text, json, or labels such as good,bad?",
            readForm,
            "text",
          ),
        },
        folder,
      );
  const path = `${name}.fuzz.yaml`;
  await writeFile(path, text, { flag: flags.force ? "w" : "wx" }).catch((cause) => {
    throw new FuzzError(`${path} can't be written: ${cause.message}`, {
      code: "FUZZ_FILE_UNWRITABLE",
      kind: "resource",
      cause,
    });
  });
  await session.terminal.print(`Wrote ${path}. Next:\n${nextCommands(path, template, folder)}`);
  return 0;
}

function describeTemplates(templates: readonly Template[]): string {
  const rows = [{ name: empty, about: "A spec of your own." }, ...templates];
  return rows.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join("\n");
}

function findTemplate(answer: string, templates: readonly Template[]): Template | undefined {
  const found = templates.find(({ name }) => name === answer);
  if (found === undefined && answer !== empty) {
    const names = [empty, ...templates.map(({ name }) => name)].join(", ");
    throw new InvalidArgumentError(`There is no template ${answer}; there are ${names}.`);
  }
  return found;
}

function readNewName(answer: string, force: boolean): string {
  if (!isName(answer)) {
    throw new InvalidArgumentError("A name has letters, digits, - and _.");
  }
  if (!force && existsSync(`${answer}.fuzz.yaml`)) {
    throw new InvalidArgumentError(
      `${answer}.fuzz.yaml is there already; take another name, or --force.`,
    );
  }
  return answer;
}

/** What nobody is there to answer again is an error. */
function readGiven<Value>(word: string, read: (answer: string) => Value): Value {
  try {
    return read(word);
  } catch (cause) {
    throw new FuzzError((cause as Error).message, { code: "FUZZ_OPTION_INVALID", cause });
  }
}

function nextCommands(path: string, template: Template | undefined, folder: string): string {
  const input = /^# .*\.fuzz\.yaml (".*")$/m.exec(template?.text ?? "")?.[1] ?? '"an input"';
  const commands = [`npx fuzzc run ${path} ${input}`, `npx fuzzc test ${path}`];
  if (installedSchema(folder) === undefined) {
    // Where the schema line points to.
    commands.unshift("npm install fuzzc");
  }
  const lines = commands.map((command) => `  ${command}`).join("\n");
  return template ? lines : `${lines}   # when it has tests`;
}
