/** A step of a page that can be followed: a file to write, lines of one to change, or commands to run. */
export type Step =
  | { kind: "file"; name: string; text: string }
  | { kind: "change"; name: string; removed: string; added: string }
  | { kind: "commands"; commands: string; output: string | undefined };

/**
 * The steps of a Markdown page, in order. A fenced block under a name in bold code is that file's text or, as a `diff`,
 * lines of it that are replaced (`-`, `+`) or added at its end (`+` alone). An `sh` block is commands, and a `text` block
 * that follows it their output. Other blocks are no steps.
 */
export function readTutorial(page: string): Step[] {
  const fences = [...page.matchAll(/(?:^\*\*`(.+?)`\*\*\n\n)?^```(\w+)\n(.*?)^```/gms)];
  const steps: Step[] = [];
  for (const [, name, language, text = ""] of fences) {
    const last = steps.at(-1);
    if (name !== undefined) {
      steps.push(language === "diff" ? readChange(name, text) : { kind: "file", name, text });
    } else if (language === "sh") {
      steps.push({ kind: "commands", commands: text, output: undefined });
    } else if (language === "text" && last?.kind === "commands") {
      last.output = text;
    }
  }
  return steps;
}

function readChange(name: string, text: string): Step {
  const take = (sign: string) =>
    text
      .split("\n")
      .filter((line) => line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  return { kind: "change", name, removed: take("-"), added: take("+") };
}

/**
 * What an output must look like to be what the page shows. Numbers and bars differ from machine to machine, so any number
 * stands for any other, but for counts such as `4 of 6`. `…` stands for what the page leaves out: lines where it is one,
 * else the rest of its line.
 */
export function outputPattern(shown: string): RegExp {
  const lines = shown.split(/(?<=\n)/).map((line) => {
    if (line === "…\n") {
      return "(?:.*\\n)*?";
    }
    return line
      .replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
      .replace(/(?<!\d of )\b\d+(?:\\\.\d+)?\b(?! of \d)/g, "\\d+(?:\\.\\d+)?")
      .replace(/█+/g, "█+")
      .replace("…", ".*");
  });
  return new RegExp(`^${lines.join("")}$`);
}
