"""Training on shards: length buckets, steps of so many tokens, on one device or several."""

import json
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import torch

from .base import Base, run_block
from .compiler import Compiler, CompilerConfig
from .learner import Learner, ShareGradients, keep_gradients
from .measure import Asked, evaluate
from .rows import Batch, collate
from .shards import Rows

BUCKETS = (256, 384, 512, 768, 1152)
"""Rows are padded to the next of these lengths, so that a compiled block meets few shapes."""
AHEAD = 3
"""Steps whose batches are made while the device is busy."""
REPORT_STEPS = 25
MEMORY_SHARE = 0.8
"""How much of a card's free memory a batch may take, by a measurement on a small one."""
PROBE_ROWS = 4
FEATURE_ROWS = 256
"""Rows that mean and spread of the features are measured on."""


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
class Limits:
    """When to stop, besides at the plan's end, and what fits at once."""

    stop_at: float
    """Seconds as of `time.time()`."""
    batch_tokens: int
    """Tokens of one forward and backward pass; a step is several of them where it has more."""
    save_minutes: float = 4.0
    steps: int = 1 << 60


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


def train_on_shards(
    learner: Learner,
    rows: Rows,
    plan: Plan,
    place: Place,
    limits: Limits,
    keep: Callable[[Place], None],
    report: Callable[..., None],
    process: Process = Process(),  # noqa: B008
) -> Place:
    """Trains from `place` until the plan or a limit ends it, and keeps its state at the end and
    every few minutes before. Returns the place it came to."""
    device = learner.compiler.features_mean.device
    started = saved = reported = time.time()
    first_step, first_seen, last_seen = learner.step, learner.seen, learner.seen
    losses, exacts = [], []
    steps = run_ahead(walk(rows, plan, place, process, limits.batch_tokens))
    while (
        learner.seen < plan.cases
        and learner.step - first_step < limits.steps
        and time.time() < limits.stop_at
    ):
        step = next(steps)
        batches = (batch.to(device) for batch in step.batches)
        loss, exact = learner.learn(batches, step.rows, step.cases, plan.cases)
        losses.append(loss)
        exacts.append(exact)
        place = step.place
        if learner.step % REPORT_STEPS == 0:
            loss_mean = float(torch.stack(losses).mean())  # waits for the device
            cases, now = learner.seen - last_seen, time.time()
            report(
                "train",
                loss=round(loss_mean * process.count, 4),
                exact=round(int(torch.stack(exacts).sum()) * process.count / cases, 4),
                cases_a_second=round(cases / (now - reported), 1),
                minutes=round((now - started) / 60, 2),
            )
            losses, exacts, reported, last_seen = [], [], now, learner.seen
        if time.time() - saved > limits.save_minutes * 60:
            keep(place)
            saved = time.time()
    if learner.step > first_step:
        keep(place)
        seconds = time.time() - started
        rate = round((learner.seen - first_seen) / seconds, 1)
        report("stopped", cases_a_second=rate, minutes=round(seconds / 60, 2))
    return place


def open_learner(
    base: Base,
    rows: Rows,
    plan: Plan,
    config: CompilerConfig,
    state: dict | None,
    rates: float,
    device: torch.device,
    backbone: Base | None = None,
    share_gradients: ShareGradients = keep_gradients,
) -> tuple[Learner, Place]:
    """A learner and its place: of a checkpoint, or at the start with its features measured."""
    torch.manual_seed(plan.seed)
    config = CompilerConfig(**state["config"]) if state else config
    compiler = Compiler(base, config, backbone).to(device)
    learner = Learner(base, compiler, rates, share_gradients)
    if state:
        learner.load_state(state)
        return learner, Place(**state.get("place", {}))
    stride = max(1, len(rows.lengths) // FEATURE_ROWS)
    some = range(0, len(rows.lengths), stride)
    learner.measure_features(collate([rows.row(number)]).to(device) for number in some)
    return learner, Place()


def compile_blocks(base: Base) -> str:
    """Compiles the transformer block where that works; says what was done."""
    device = base.tensor("token_embd").device
    if device.type != "cuda":
        return "blocks not compiled: no GPU"
    torch._dynamo.config.recompile_limit = 64  # two forms in five lengths, forth and back
    compiled = torch.compile(run_block, dynamic=False)
    mask = torch.ones(16, 16, dtype=torch.bool, device=device).tril()
    positions = torch.arange(16, device=device)
    try:
        base.block = compiled
        base.layer(base.embed(positions[None]), 0, base.rotary(positions), mask)
    except Exception as failure:  # whatever the compiler stumbles over, the plain block works
        base.block = run_block
        return f"blocks not compiled: {type(failure).__name__}: {str(failure)[:300]}"
    return "blocks compiled"


def fit_batch_tokens(learner: Learner, rows: Rows, plan: Plan) -> int:
    """How many tokens fit in one pass, from the memory that a few of the longest rows take."""
    device = learner.compiler.features_mean.device
    if device.type != "cuda":
        return 4 * BUCKETS[-1]
    longest = sorted(range(len(rows.lengths)), key=rows.lengths.__getitem__)[-PROBE_ROWS:]
    bucket = bucket_of(rows.lengths[longest[-1]])
    batch = collate([rows.row(number) for number in longest], bucket).to(device)
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    learner.backward(batch, PROBE_ROWS)
    learner.optimizer.zero_grad(set_to_none=True)
    token_bytes = (torch.cuda.max_memory_allocated() - before) / (PROBE_ROWS * bucket)
    free, _ = torch.cuda.mem_get_info()
    return min(plan.tokens_a_step, int(free * MEMORY_SHARE / token_bytes))


def reporter(learner: Learner, log: Path) -> Callable[..., None]:
    """Prints a line of JSON and appends it to the log."""

    def report(kind: str, **values: object) -> None:
        line = json.dumps({"kind": kind, "step": learner.step, "seen": learner.seen, **values})
        print(line, flush=True)
        with log.open("a", encoding="utf-8") as lines:
            print(line, file=lines)

    return report


def measure(learner: Learner, asked: list[Asked], report: Callable[..., None]) -> None:
    report("validation", **evaluate(learner.base, learner.compiler, asked))
