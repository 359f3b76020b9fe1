"""Which rows make which step: length buckets, steps of so many tokens, shared among processes."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice

from .rows import Batch, collate
from .shards import Rows

BUCKETS = (256, 384, 512, 768, 1152)
"""Rows are padded to the next of these lengths, so that a compiled block meets few shapes."""
AHEAD = 3
"""Steps whose batches are made while the device is busy."""


@dataclass(frozen=True)
class Plan:
    """How a run walks through its rows; the same plan and place give the same next step."""

    cases: int
    """Cases to see in all; the learning rates fall towards them."""
    tokens_a_step: int = 65_536
    seed: int = 0


@dataclass(frozen=True)
class Place:
    """Where a run stands in its rows: step `next` of a pass over `rows` of them."""

    epoch: int = 0
    next: int = 0
    rows: int = 0
    tokens_a_step: int = 0


@dataclass(frozen=True)
class Process:
    """One of `count` processes that share each step's rows."""

    number: int = 0
    count: int = 1


def bucket_of(length: int) -> int:
    """The padded length of a row; beyond the last bucket a multiple of it."""
    for bucket in BUCKETS:
        if length <= bucket:
            return bucket
    return -(-length // BUCKETS[-1]) * BUCKETS[-1]


def plan_epoch(
    lengths: list[int], plan: Plan, epoch: int, processes: int = 1
) -> list[tuple[int, list[int]]]:
    """The steps of one pass over all rows: (padded length, numbers of the rows). A few rows are
    left over in each bucket; another pass draws others."""
    draw = random.Random(f"{plan.seed}/{epoch}")
    members: dict[int, list[int]] = {}
    for number, length in enumerate(lengths):
        members.setdefault(bucket_of(length), []).append(number)
    steps = []
    for bucket, rows in sorted(members.items()):
        draw.shuffle(rows)
        size = max(1, plan.tokens_a_step // bucket // processes) * processes
        steps += [(bucket, rows[at : at + size]) for at in range(0, len(rows) - size + 1, size)]
    if not steps:
        raise ValueError(f"{len(lengths)} rows don't fill one step of {plan.tokens_a_step} tokens")
    draw.shuffle(steps)
    return steps


@dataclass(frozen=True)
class Step:
    batches: list[Batch]
    """This process's share."""
    rows: int
    cases: int
    """Those of all processes."""
    place: Place
    """Where the run stands after it."""


def walk(rows: Rows, plan: Plan, place: Place, process: Process, batch_tokens: int):
    """Functions that make the steps from `place` on, one after another, without end."""
    fresh = Place(place.epoch, 0, len(rows.lengths), plan.tokens_a_step)
    if replace(place, next=0) != fresh:  # other shards or steps than before: a pass over these
        place = replace(fresh, epoch=place.epoch + (place.rows > 0))
    while True:
        steps = plan_epoch(rows.lengths, plan, place.epoch, process.count)
        for number in range(place.next, len(steps)):
            after = replace(place, next=number + 1)
            yield lambda step=steps[number], after=after: make_step(
                rows, step, after, process, batch_tokens
            )
        place = replace(fresh, epoch=place.epoch + 1)


def make_step(
    rows: Rows, step: tuple[int, list[int]], place: Place, process: Process, batch_tokens: int
) -> Step:
    bucket, numbers = step
    own = numbers[process.number :: process.count]
    size = max(1, batch_tokens // bucket)
    batches = [
        collate([rows.row(number) for number in own[at : at + size]], bucket)
        for at in range(0, len(own), size)
    ]
    return Step(batches, len(numbers), sum(rows.cases[number] for number in numbers), place)


def run_ahead(makers: Iterator[Callable[[], Step]]) -> Iterator[Step]:
    """The steps in order, the next few already in the making."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = [pool.submit(maker) for maker in islice(makers, AHEAD)]
        for maker in makers:
            yield waiting.pop(0).result()
            waiting.append(pool.submit(maker))
