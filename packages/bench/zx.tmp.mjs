import { readCorpus, splitCorpus } from "./dist/corpus.js";
import { makeQuestions } from "./dist/quality.js";
import { compileProgram, loadCompiler } from "@fuzzc/compiler";
import { ensureBaseModel, ensureEncoder, openEncoderInterpreter, openInterpreter } from "@fuzzc/interpreter";
const o = (m) => ({ modelPath: m.path, base: { name: m.name, source_sha256: m.sourceSha256, quantisation: m.quantisation }, threads: 1 });
const interpreter = await openInterpreter(o(await ensureBaseModel("smollm2-135m-instruct")));
const encoder = await openEncoderInterpreter(o(await ensureEncoder()));
const compiler = await loadCompiler("compilers/smol");
const qs = makeQuestions(splitCorpus(await readCorpus("corpus")).validation).filter((q) => q.wording.output.type === "labels");
let ch = 0, n = 0; qs.forEach((q, i) => { ch += q.asked.length / q.wording.output.labels.length; n += q.asked.length; }); console.log("chance", ch / n, n);
for (const q of qs.slice(17)) {
  const { spec, output } = q.wording; const row = [];
  for (const [k, opt, ex] of [["lang O0", { kind: "language", level: "O0" }, []], ["enc O0", { kind: "encoder", level: "O0" }, []], ["lang O1", { kind: "language", level: "O1" }, q.examples], ["enc O1", { kind: "encoder", level: "O1" }, q.examples]]) {
    const { program, adapter } = await compileProgram({ spec, output, examples: ex }, { compiler, interpreter, encoder, ...opt });
    const loaded = program.prototypes ? encoder.load(program) : await interpreter.load(program, adapter, { savePrefix: false });
    let r = 0, i = 0; for await (const a of loaded.map(q.asked.map((x) => x.input), { whenTooLong: "cut" })) r += a.text === q.asked[i++].output;
    await loaded.dispose(); row.push(`${k} ${r}`);
  }
  console.log(q.wording.function.id, q.asked.length, row.join(" | "));
}
process.exit(0);
