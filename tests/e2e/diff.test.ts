import { beforeAll, describe, expect, test } from "vitest";
import { useProject } from "./test-project.ts";

const review = `name: review
interpreter: encoder
spec: |
  Judge the review.
  good: somebody liked it.
  bad: somebody did not.
output: [good, bad]
`;
const shout = `name: shout
interpreter: language
optimise: 0
spec: Write the text in capital letters.
`;
const rank = `name: rank
interpreter: encoder
spec: Does the snippet do what the query says?
inputs: [query, snippet]
output: [yes, no]
`;

const project = useProject({
  "a.fuzz.yaml": review,
  "b.fuzz.yaml": review.replace("somebody liked it.", "somebody hated it.").replace("d]", "d, so]"),
  "shout.fuzz.yaml": shout,
  "murmur.fuzz.yaml": shout.replace("capital", "small"),
  "rank.fuzz.yaml": rank,
  "inputs.txt": "A joy from start to end\n\nI want my money back\n",
  "inputs.csv": 'id,query,snippet\n1,last item,"xs.at(-1)"\n',
});
const { fuzzc } = project;

beforeAll(async () => {
  for (const name of ["a", "b", "shout", "murmur", "rank"]) {
    expect(await fuzzc(["compile", `${name}.fuzz.yaml`, "-o", `${name}.paw`])).toMatchObject({
      code: 0,
    });
  }
});

describe("fuzzc diff", () => {
  test("says that a program is the same as itself", async () => {
    const run = await fuzzc(["diff", "a.paw", "a.paw", "--exit-code"]);
    expect(run).toEqual({ code: 0, stdout: "The programs are the same.\n", stderr: "" });
  });

  test("compares specs by line, prototypes by label, and answers", async () => {
    const words = ["diff", "a.paw", "b.paw", "--inputs", "inputs.txt"];
    const run = await fuzzc(words);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain(`spec:
  Judge the review.
- good: somebody liked it.
+ good: somebody hated it.
  bad: somebody did not.

output:
- one of good, bad
+ one of good, bad, so
`);
    expect(run.stdout).toMatch(/^prototypes: .*\n {2}good {2}0\.\d+\n {2}bad {3}1\.000$/m);
    expect(run.stdout).toMatch(/^answers: [0-2] of 2 agree$/m);
    expect(run.stdout).toContain("no difference: examples, adapter\n");
    expect((await fuzzc([...words, "--exit-code"])).code).toBe(1);

    const { stdout } = await fuzzc([...words, "--json"]);
    const diff = JSON.parse(stdout);
    expect(diff.answers).toMatchObject({ from: "file", inputs: 2 });
    expect(diff.answers.differing).toHaveLength(2 - diff.answers.agree);
    for (const { a, b } of diff.answers.differing) {
      expect(a.output).not.toBe(b.output);
    }
  });

  test("compares adapters by layer and module", async () => {
    const run = await fuzzc(["diff", "shout.paw", "murmur.paw", "--json"]);
    const { weights, answers } = JSON.parse(run.stdout);
    expect(answers.notCompared).toContain("give --inputs");
    // The compiler adapts seven modules in each of the upper 22 layers.
    expect(weights.adapter).toHaveLength(22 * 7);
    for (const { change } of weights.adapter) {
      expect(change).toBeGreaterThan(0);
      expect(change).toBeLessThan(1);
    }
    const table = await fuzzc(["diff", "shout.paw", "murmur.paw"]);
    expect(table.stdout).toMatch(/^ {2}layer {2}attn_k .*ffn_up$/m);
    expect(table.stdout).toMatch(/^ {2}29 +0\.\d{3} /m);
  });

  test("says why something is not compared", async () => {
    const run = await fuzzc(["diff", "rank.paw", "shout.paw", "--inputs", "inputs.csv"]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain(
      "adapter: not compared: the programs are for different base models",
    );
    expect(run.stdout).toContain("answers: not compared: the programs take other inputs");
    const self = await fuzzc(["diff", "rank.paw", "rank.paw", "--inputs", "inputs.csv", "--json"]);
    expect(JSON.parse(self.stdout).answers).toMatchObject({ inputs: 1, agree: 1 });
    const nowhere = { FUZZC_HOME: `${project.folder}/empty` };
    const bare = await fuzzc(["diff", "a.paw", "b.paw", "--inputs", "inputs.txt"], {
      env: nowhere,
    });
    expect(bare.code).toBe(0);
    expect(bare.stdout).toMatch(/^answers: not compared: .*\(FUZZ_MODEL_UNAVAILABLE\)$/ms);
  });

  test("refuses what is no program", async () => {
    expect(await fuzzc(["diff", "a.paw", "none.paw"])).toMatchObject({ code: 3, stdout: "" });
    expect(await fuzzc(["diff", "a.paw", "a.fuzz.yaml"])).toMatchObject({ code: 2, stdout: "" });
  });
});
