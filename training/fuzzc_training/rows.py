"""Packed rows: several cases behind one prefix, kept apart by a tree mask.

    prefix | input₁ answer₁ | input₂ answer₂ | …
Every case sees the prefix and itself; its positions go on where the prefix ends.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import accumulate

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


@dataclass
class Batch:
    """Rows of one length, padded behind; B rows of T tokens."""

    ids: Tensor
    """B × T"""
    positions: Tensor
    segments: Tensor
    """As in a row; -1 for padding."""
    task: Tensor
    """B × T: 1 / n at each of the n task tokens, so that a product with it gives their mean."""
    task_ends: Tensor
    """B positions where the task text ends."""
    sources: Tensor
    """Indices into the B · T tokens whose next-token logits count."""
    targets: Tensor
    owners: Tensor
    """The case of each of them, counted over all rows."""
    weights: Tensor
    """Weights of the answer tokens; those of one row sum to 1."""
    rows: int
    cases: int

    @cached_property
    def mask(self) -> Tensor:
        """B × 1 × T × T, true = may see. Padding sees itself and is seen by nothing else. Made on
        the device: it is by far the largest part of a batch."""
        segments = self.segments
        index = torch.arange(segments.shape[1], device=segments.device)
        causal = index[:, None] >= index[None, :]
        same = segments[:, :, None] == segments[:, None, :]
        prefix, padding = (segments == 0)[:, None, :], (segments == -1)[:, None, :]
        mask = causal & (same | prefix) & ~padding | (index[:, None] == index[None, :])
        return mask[:, None]

    def to(self, device: torch.device) -> Batch:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        moved = {
            name: value.to(device) if isinstance(value, Tensor) else value
            for name, value in values.items()
        }
        return Batch(**moved)


def collate(rows: list[Row], length: int = 0) -> Batch:
    """Rows as one batch, padded to `length` or to the longest of them."""
    length = length or max(len(row.ids) for row in rows)

    def pad(values: Tensor, filler: int) -> Tensor:
        return torch.nn.functional.pad(values, (0, length - len(values)), value=filler)

    task = torch.zeros(len(rows), length)
    for number, row in enumerate(rows):
        task[number, row.task.start : row.task.stop] = 1 / len(row.task)
    first_cases = accumulate((row.cases for row in rows), initial=0)
    return Batch(
        ids=torch.stack([pad(row.ids, 0) for row in rows]),
        positions=torch.stack([pad(row.positions, 0) for row in rows]),
        segments=torch.stack([pad(row.segments, -1) for row in rows]),
        task=task,
        task_ends=torch.tensor([row.task.stop for row in rows]),
        sources=torch.cat([row.sources + i * length for i, row in enumerate(rows)]),
        targets=torch.cat([row.targets for row in rows]),
        owners=torch.cat([row.owners + n for row, n in zip(rows, first_cases, strict=False)]),
        weights=torch.cat([row.weights() for row in rows]),
        rows=len(rows),
        cases=sum(row.cases for row in rows),
    )


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
    """0 (a spec alone) in four rows of ten, else 1 to 8."""
    return 0 if draw.random() < 0.4 else draw.randint(1, 8)


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
