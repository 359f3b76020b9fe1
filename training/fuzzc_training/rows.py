"""Packed rows: several cases behind one prefix, kept apart by a tree mask.

    prefix | input₁ answer₁ | input₂ answer₂ | …
Every case sees the prefix and itself; its positions go on where the prefix ends.
"""

import random
from dataclasses import dataclass

import torch
from torch import Tensor

from .corpus import Function, Task, draw_task
from .prompt import Prompt, format_task

MAX_ROW = 1100
MAX_PREFIX = 700
CASES = 8


@dataclass
class Row:
    ids: Tensor
    """T token ids."""
    positions: Tensor
    segments: Tensor
    """T numbers: 0 for the prefix, i + 1 for case i."""
    sources: Tensor
    """Indices in the row whose next-token logits count."""
    targets: Tensor
    """The token each of them should give."""
    owners: Tensor
    """The case each of them belongs to."""
    task: range
    """Positions of the task text, where the compiler reads its features."""
    cases: int

    def mask(self) -> Tensor:
        """T × T, true = may see."""
        index = torch.arange(len(self.ids))
        causal = index[:, None] >= index[None, :]
        same = self.segments[:, None] == self.segments[None, :]
        return causal & (same | (self.segments == 0)[None, :])

    def weights(self) -> Tensor:
        """One weight an answer token: a case counts as the square root of its length, so that
        long answers don't drown the labels; they sum to 1."""
        lengths = torch.bincount(self.owners, minlength=self.cases).float()
        weights = lengths.rsqrt()[self.owners]
        return weights / weights.sum()


def build_row(
    prompt: Prompt,
    task_text: str,
    examples: list[tuple[str, str]],
    cases: list[tuple[str, str]],
) -> Row:
    prefix = prompt.prefix(task_text, examples)
    ids, positions, segments = list(prefix), list(range(len(prefix))), [0] * len(prefix)
    sources: list[int] = []
    targets: list[int] = []
    owners: list[int] = []
    for number, (given, answer) in enumerate(cases):
        head, tail = prompt.input(given), prompt.answer(answer)
        start = len(ids) + len(head) - 1
        sources += range(start, start + len(tail))
        targets += tail
        owners += [number] * len(tail)
        branch = head + tail[:-1]
        positions += range(len(prefix), len(prefix) + len(branch))
        segments += [number + 1] * len(branch)
        ids += branch
    return Row(
        *(torch.tensor(values) for values in (ids, positions, segments, sources, targets, owners)),
        prompt.task_positions(task_text),
        len(cases),
    )


def fit_cases(
    prompt: Prompt, prefix_length: int, cases: list[tuple[str, str]], limit: int = MAX_ROW
) -> list[tuple[str, str]]:
    """The first cases that fit behind the prefix."""
    kept, room = [], limit - prefix_length
    for case in cases:
        room -= len(prompt.input(case[0])) + len(prompt.answer(case[1]))
        if room < 0:
            break
        kept.append(case)
    return kept


def draw_example_count(draw: random.Random) -> int:
    """0 (a spec alone) in four rows of ten, else 1 to 6."""
    return 0 if draw.random() < 0.4 else draw.randint(1, 6)


def draw_row(prompt: Prompt, function: Function, draw: random.Random) -> Row | None:
    """A random row of one function; nothing when not one case fits."""
    task: Task = draw_task(function, draw)
    cases = list(task.cases)
    draw.shuffle(cases)
    count = draw_example_count(draw)
    examples, rest = cases[:count], cases[count:]
    text = format_task(task.spec, task.output)
    while examples and len(prompt.prefix(text, examples)) > MAX_PREFIX:
        examples.pop()
    prefix_length = len(prompt.prefix(text, examples))
    kept = fit_cases(prompt, prefix_length, rest[:CASES]) if prefix_length <= MAX_PREFIX else []
    return build_row(prompt, text, examples, kept) if kept else None
