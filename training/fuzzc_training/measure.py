"""What share of a function's cases a compiler gets right to the letter, with its controls."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from .base import Base, run_block
from .compiler import Compiler, exact_match, read_task, run_adapted
from .corpus import Function, make_task
from .prompt import Prompt, format_task
from .rows import MAX_PREFIX, Row, build_row, collate, fit_cases

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


@dataclass(frozen=True)
class Asked:
    """A fixed row of one function with that many examples in its prompt."""

    type: str
    examples: int
    row: Row


def heldout_rows(prompt: Prompt, functions: list[Function]) -> list[Asked]:
    """Each function's row without and with examples."""
    return [
        Asked(function.type, examples, row)
        for examples in (0, EXAMPLES)
        for function in functions
        if (row := heldout_row(prompt, function, examples, 0)) is not None
    ]


@torch.no_grad()
def evaluate(
    base: Base, compiler: Compiler, asked: Sequence[Asked], bare: bool = False
) -> dict[str, float]:
    """Shares of exact cases (greedy, free of any label constraint) for the program, the program
    of another spec (`wrong`), the shared part alone and, on request, the bare base; each by the
    number of examples in the prompt, and by output type."""
    block, base.block = base.block, run_block  # each row has a length of its own: don't compile it
    result: dict[str, float] = {}
    device = compiler.features_mean.device
    shared = compiler.adapter(None)
    nothing = [{m: (a, torch.zeros_like(b)) for m, (a, b) in layer.items()} for layer in shared]
    for examples in sorted({one.examples for one in asked}):
        exact: dict[str, list[bool]] = {}
        ready = []
        for one in asked:
            if one.examples == examples:
                batch = collate([one.row]).to(device)
                ready.append((one.type, batch, *read_task(base, compiler, batch)))
        for index, (type, batch, x, features) in enumerate(ready):
            other = ready[(index + len(ready) // 2) % len(ready)][-1]
            adapters = {"shared": shared}
            if bare:
                adapters["base"] = nothing
            if compiler.config.departures:
                adapters["program"] = compiler.adapter(compiler.coefficients(features))
                adapters["wrong"] = compiler.adapter(compiler.coefficients(other))
            for name, adapter in adapters.items():
                got = exact_match(run_adapted(base, compiler, batch, x, adapter), batch).tolist()
                for key in (name, f"{name}/{type}"):
                    exact.setdefault(f"{key}@{examples}", []).extend(got)
        result |= {key: round(sum(got) / len(got), 4) for key, got in exact.items()}
    base.block = block
    return result
