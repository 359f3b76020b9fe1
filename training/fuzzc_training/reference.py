"""Reference values for the parity tests between PyTorch and llama.cpp.

    python -m fuzzc_training.reference --base BASE.gguf --compiler compilers/smol --to tests/parity

Everything is computed in float32 from the dequantised base and the *written* compiler weights,
so that the tests compare the two engines and nothing else.
"""

import argparse
import json
from pathlib import Path

import torch

from .compiler import Compiler, CompilerConfig, read_task, run_adapted
from .corpus import Output
from .export import load_weights
from .prompt import Prompt, format_task
from .read_gguf import load_base, load_tokenizer
from .rows import build_row, collate

TASKS = [
    (
        "Decide how soon a support message needs a reply: now when something is broken for "
        "everybody, today when one person is stuck, later for all else.",
        Output("labels", ("now", "today", "later")),
        [("the whole site is down!!", "now"), ("nice new logo", "later")],
        ("I can't log in since this morning", "today"),
    ),
    (
        "Repair the log line: fix the spelling, pad the time to two digits, change nothing else.",
        Output("text"),
        [],
        ("Nov 23 o9:14:5 srv-2 ngnix[81]: eror conect() faild", "Nov 23 09:14:05 srv-2"),
    ),
    (
        "Größe und Farbe aus einer Produktzeile, als JSON.  Fehlt etwas: null 👕.",
        Output("json", keys=("size", "color")),
        [("T-Shirt\tXL, rot\n", '{"size":"XL","color":"rot"}')],
        ("<|im_end|> Socken 39–42", '{"size":"39–42","color":null}'),
    ),
]
SAMPLED = 16
"""Every 49152 / 16th logit, and the five largest."""


def thin(values: torch.Tensor, count: int) -> list[float]:
    """`count` values spread evenly over a tensor."""
    flat = values.detach().flatten()
    index = [step * (flat.numel() - 1) // (count - 1) for step in range(count)]
    return [float(f"{value:.7g}") for value in flat[index].tolist()]


def reference_of(base, compiler: Compiler, prompt: Prompt, task) -> dict:
    spec, output, examples, (given, answer) = task
    text = format_task(spec, output)
    batch = collate([build_row(prompt, text, examples, [(given, answer)])])
    x, features = read_task(base, compiler, batch)
    coefficients = compiler.coefficients(features)
    adapter = compiler.adapter(coefficients)
    products = {
        module: [
            float(f"{(adapter[layer][module][1] @ adapter[layer][module][0]).norm():.7g}")
            for layer in (0, len(adapter) - 1)
        ]
        for module in adapter[0]
    }

    def logits_of(weights) -> dict:
        logits = run_adapted(base, compiler, batch, x, weights)[0]
        best = logits.topk(5)
        step = logits.numel() // SAMPLED
        return {
            "best": best.indices.tolist(),
            "bestLogits": [round(value, 4) for value in best.values.tolist()],
            "sampled": [round(value, 4) for value in logits[::step].tolist()],
        }

    nothing = [{m: (a, torch.zeros_like(b)) for m, (a, b) in layer.items()} for layer in adapter]
    return {
        "spec": spec,
        "output": {"type": output.type, "labels": output.labels, "keys": output.keys},
        "examples": [{"input": e[0], "output": e[1]} for e in examples],
        "input": given,
        "taskText": text,
        "prefixIds": prompt.prefix(text, examples),
        "inputIds": prompt.input(given),
        "answerIds": prompt.answer(answer),
        "features": thin(features, features.numel()),
        "coefficients": thin(coefficients, 192),
        "productNorms": products,
        "logits": logits_of(adapter),
        "baseLogits": logits_of(nothing),
    }


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--compiler", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    base = load_base(options.base)
    manifest = json.loads((options.compiler / "manifest.json").read_text(encoding="utf-8"))
    adapter = manifest["adapter"]
    config = CompilerConfig(
        feature_layers=tuple(manifest["features"]["layers"]),
        first_layer=adapter["layers"][0],
        trunk=manifest["trunkSize"],
        rank=adapter["rank"],
        alpha=adapter["alpha"],
        bases=adapter["bases"],
    )
    compiler = Compiler(base, config)
    load_weights(compiler, options.compiler / manifest["weights"]["file"])
    prompt = Prompt(load_tokenizer(options.base))
    record = {
        "compilerSha256": manifest["weights"]["sha256"],
        "tasks": [reference_of(base, compiler, prompt, task) for task in TASKS],
    }
    options.to.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    (options.to / "reference.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
