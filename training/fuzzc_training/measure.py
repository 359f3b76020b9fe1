"""What share of a function's cases a compiler gets right to the letter, with its controls."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .base import Base, run_block
from .compiler import Compiler, answer_loss, exact_match, read_task, run_adapted
from .corpus import Function, make_task
from .prompt import Prompt, format_task
from .rows import MAX_PREFIX, Batch, Row, build_row, collate, fit_cases

EXAMPLES, CASES = 6, 8
BATCH_TOKENS = 8192
"""Tokens, padding among them, of the rows that are measured at once."""


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


@dataclass
class Read:
    """Some of the rows as one batch, its frozen half done."""

    members: list[int]
    """Their numbers among all rows."""
    batch: Batch
    x: Tensor
    features: Tensor


def read_rows(base: Base, compiler: Compiler, rows: Sequence[Row]) -> list[Read]:
    """The rows in batches of rows of like length."""
    device = compiler.features_mean.device
    order = sorted(range(len(rows)), key=lambda number: len(rows[number].ids))
    reads = []
    while order:
        longest = len(rows[order[-1]].ids)
        members = order[-max(1, BATCH_TOKENS // longest) :]
        order = order[: -len(members)]
        batch = collate([rows[number] for number in members]).to(device)
        reads.append(Read(members, batch, *read_task(base, compiler, batch)))
    return reads


@torch.no_grad()
def evaluate(
    base: Base, compiler: Compiler, asked: Sequence[Asked], bare: bool = False
) -> dict[str, float]:
    """Shares of exact cases (greedy, free of any label constraint) and losses, for the program, the
    program of another spec (`wrong`), the shared part alone and, on request, the bare base; each
    by the number of examples in the prompt, and the shares by output type."""
    block, base.block = base.block, run_block  # other lengths than in training: not compiled
    result: dict[str, float] = {}
    shared = compiler.adapter(None)
    nothing = [{m: (a, torch.zeros_like(b)) for m, (a, b) in layer.items()} for layer in shared]
    for examples in sorted({one.examples for one in asked}):
        those = [one for one in asked if one.examples == examples]
        reads = read_rows(base, compiler, [one.row for one in those])
        features = torch.empty(len(those), len(compiler.features_mean)).to(reads[0].features)
        for read in reads:
            features[read.members] = read.features
        exact: dict[str, list[bool]] = {}
        losses: dict[str, float] = {}
        for read in reads:
            others = [(number + len(those) // 2) % len(those) for number in read.members]
            adapters = {"shared": shared}
            if bare:
                adapters["base"] = nothing
            if compiler.config.departures:
                adapters["program"] = compiler.adapter(compiler.coefficients(read.features))
                adapters["wrong"] = compiler.adapter(compiler.coefficients(features[others]))
            types = [
                those[number].type
                for number in read.members
                for _ in range(those[number].row.cases)
            ]
            for name, adapter in adapters.items():
                logits = run_adapted(base, compiler, read.batch, read.x, adapter)
                loss = float(answer_loss(logits, read.batch))
                losses[name] = losses.get(name, 0.0) + loss / len(those)
                for type, right in zip(
                    types, exact_match(logits, read.batch).tolist(), strict=True
                ):
                    for key in (name, f"{name}/{type}"):
                        exact.setdefault(f"{key}@{examples}", []).append(right)
        result |= {key: round(sum(got) / len(got), 4) for key, got in exact.items()}
        result |= {f"{name}.loss@{examples}": round(loss, 4) for name, loss in losses.items()}
    base.block = block
    return result
