"""Training on shards, on one device or as one of several processes."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from .base import Base, run_block
from .compiler import Compiler, CompilerConfig
from .learner import Learner, Rates, ShareGradients, keep_gradients
from .measure import Asked, evaluate
from .rows import collate
from .shard_steps import BUCKETS, Place, Plan, Process, bucket_of, plan_epoch, run_ahead, walk
from .shards import Rows

REPORT_STEPS = 25
ALONE = Process()
MEMORY_SHARE = 0.8
"""How much of a card's free memory a batch may take, by a measurement on a small one."""
PROBE_ROWS = 4
FEATURE_ROWS = 256
"""Rows that mean and spread of the features are measured on."""
FEATURE_BATCH = 8


@dataclass(frozen=True)
class Limits:
    """When to stop, besides at the plan's end, and what fits at once."""

    stop_at: float
    """Seconds as of `time.time()`."""
    batch_tokens: int
    """Tokens of one forward and backward pass; a step is several of them where it has more."""
    save_minutes: float = 4.0
    steps: int = 1 << 60


def train_on_shards(
    learner: Learner,
    rows: Rows,
    plan: Plan,
    place: Place,
    limits: Limits,
    keep: Callable[[Place], None],
    report: Callable[..., None],
    process: Process = ALONE,
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
    rates: Rates,
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
    some = range(0, len(rows.lengths), max(1, len(rows.lengths) // FEATURE_ROWS))
    groups = [some[at : at + FEATURE_BATCH] for at in range(0, len(some), FEATURE_BATCH)]
    learner.measure_features(
        collate([rows.row(number) for number in group]).to(device) for group in groups
    )
    return learner, Place()


def compile_blocks(learner: Learner, rows: Rows, plan: Plan, batch_tokens: int) -> str:
    """Compiles the transformer block where that works, by a pass over a batch of each row length;
    says what was done. No other shape should meet the compiled block: each compiles anew."""
    base, device = learner.base, learner.compiler.features_mean.device
    if device.type != "cuda":
        return "blocks not compiled: no GPU"
    started = time.time()
    torch._dynamo.config.recompile_limit = 64  # two forms in five lengths, forth and back
    first = dict(reversed(plan_epoch(rows.lengths, plan, 0)))
    try:
        base.block = torch.compile(run_block, dynamic=False)
        for bucket, numbers in sorted(first.items()):
            chosen = numbers[: max(1, batch_tokens // bucket)]
            batch = collate([rows.row(number) for number in chosen], bucket).to(device)
            learner.backward(batch, len(chosen))
        torch.cuda.synchronize()
    except Exception as failure:  # whatever the compiler stumbles over, the plain block works
        base.block = run_block
        return f"blocks not compiled: {type(failure).__name__}: {str(failure)[:300]}"
    finally:
        learner.optimizer.zero_grad(set_to_none=True)
    return f"blocks compiled in {time.time() - started:.0f} s"


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


def measure(learner: Learner, asked: list[Asked], report: Callable[..., None]) -> float:
    """Reports what the validation rows say; the mean loss of the program, or of the shared adapter
    where there is nothing else."""
    found = evaluate(learner.base, learner.compiler, asked)
    report("validation", **found)
    name = "program" if learner.compiler.config.departures else "shared"
    losses = [value for key, value in found.items() if key.startswith(f"{name}.loss@")]
    return sum(losses) / len(losses)
