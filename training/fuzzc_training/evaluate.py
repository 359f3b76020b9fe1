"""Exact match of a compiler on functions it was not trained on, with its controls.

python -m fuzzc_training.evaluate --base BASE.gguf --run training/runs/smol --part heldout
"""

import argparse
import json
import random
from pathlib import Path

import torch

from .base import Base, load_base, load_tokenizer
from .compiler import Compiler, CompilerConfig, exact_match, run_adapted, run_frozen
from .corpus import Function, make_task, read_corpus, split_corpus
from .prompt import Prompt, format_task
from .rows import MAX_PREFIX, build_row, fit_cases

EXAMPLES, CASES = 6, 8


def heldout_row(prompt: Prompt, function: Function, examples: int, number: int):
    """A fixed row of one function: a wording, `examples` in the prompt, and eight other cases."""
    draw = random.Random(f"{function.id}/{number}")
    task = make_task(function, draw.choice(function.variants))
    cases = list(task.cases)
    draw.shuffle(cases)
    shown, asked = cases[:EXAMPLES][:examples], cases[EXAMPLES : EXAMPLES + CASES]
    text = format_task(task.spec, task.output)
    while shown and len(prompt.prefix(text, shown)) > MAX_PREFIX:
        shown.pop()
    kept = fit_cases(prompt, len(prompt.prefix(text, shown)), asked, 1600)
    return build_row(prompt, text, shown, kept) if kept else None


@torch.no_grad()
def evaluate(
    base: Base, compiler: Compiler, prompt: Prompt, functions: list[Function], bare: bool = False
) -> dict[str, float]:
    """Shares of exact cases (greedy, free of any label constraint) for the program, the program
    of another spec (`wrong`), the shared part alone and, on request, the bare base; each with 0
    and with 6 examples in the prompt, and by output type."""
    result: dict[str, float] = {}
    shared = compiler.adapter(None)
    nothing = [{m: (a, torch.zeros_like(b)) for m, (a, b) in layer.items()} for layer in shared]
    for examples in (0, EXAMPLES):
        exact: dict[str, list[bool]] = {}
        features = []
        rows = []
        for function in functions:
            row = heldout_row(prompt, function, examples, 0)
            if row is not None:
                x, feature = run_frozen(base, compiler, row)
                rows.append((function, row, x))
                features.append(feature)
        for index, (function, row, x) in enumerate(rows):
            other = features[(index + len(rows) // 2) % len(rows)]
            adapters = {"shared": shared}
            if bare:
                adapters["base"] = nothing
            if compiler.config.departures:
                adapters["program"] = compiler.adapter(compiler.coefficients(features[index]))
                adapters["wrong"] = compiler.adapter(compiler.coefficients(other))
            for name, adapter in adapters.items():
                got = exact_match(run_adapted(base, compiler, row, x, adapter), row).tolist()
                for key in (name, f"{name}/{function.type}"):
                    exact.setdefault(f"{key}@{examples}", []).extend(got)
        result |= {key: round(sum(got) / len(got), 4) for key, got in exact.items()}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--part", choices=("validation", "heldout"), default="validation")
    parser.add_argument("--float32", action="store_true", help="for CPUs without fast bfloat16")
    options = parser.parse_args()
    base = load_base(options.base, torch.float32 if options.float32 else torch.bfloat16)
    state = torch.load(options.run / "checkpoint.pt", weights_only=False)
    compiler = Compiler(base, CompilerConfig(**state["config"]))
    compiler.load_state_dict(state["compiler"])
    functions = split_corpus(read_corpus())[options.part]
    prompt = Prompt(load_tokenizer(options.base))
    print(json.dumps(evaluate(base, compiler, prompt, functions, bare=True), indent=1))


if __name__ == "__main__":
    main()
