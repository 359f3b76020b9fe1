"""Start or resume a run on a bare machine with torch and NumPy, from what `pack.py` made.

    python3 -m fuzzc_training.gpu_run --arrived visit-1 --store /tmp/fuzzc --out OUT --minutes 8

While parts are missing it stores those that arrived, names the others and ends. With all of them
it joins the files and trains, from the run that was packed or from its own last checkpoint.
"""

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

import torch

from .base import Base
from .compiler import CompilerConfig
from .hand_back import MIB, Room, read_hand_back, write_hand_back
from .learner import Rates, save
from .parts import join_files, receive
from .portable_base import read_portable_base
from .shard_run import (
    Limits,
    compile_blocks,
    fit_batch_tokens,
    measure,
    open_learner,
    reporter,
    train_on_shards,
)
from .shard_steps import Place, Plan
from .shards import VALIDATION, Rows, read_asked

LAST_MINUTES = 0.5
"""Minutes kept for the last validation and for writing what is handed back."""


def add_machine_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--arrived", type=Path, required=True, help="folder of parts to take in")
    parser.add_argument("--store", type=Path, required=True, help="folder on the machine's disk")
    parser.add_argument("--out", type=Path, required=True, help="what is handed back")
    parser.add_argument("--minutes", type=float, required=True, help="ends before, by itself")
    parser.add_argument("--cases", type=int, default=5_000_000, help="cases of the whole run")
    parser.add_argument("--tokens-a-step", type=int, default=65_536)
    parser.add_argument("--rates", type=float, default=1.0, help="factor on all learning rates")
    parser.add_argument(
        "--departure-rates",
        type=float,
        default=1.0,
        help="one more, for all but the shared adapter",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--config", type=json.loads, default={}, help="JSON: what a new run has of its own"
    )
    parser.add_argument("--steps", type=int, default=1 << 60, help="steps of this visit at most")


def take_in(arrived: Path, store: Path) -> bool:
    """Stores the parts that arrived; whether all are there. Then they are joined."""
    missing = receive(arrived, store / "parts")
    if missing:
        print(f"stored; {len(missing)} parts are still to come: {', '.join(missing)}", flush=True)
        return False
    join_files(store / "parts", store)
    return True


def open_machine(store: Path) -> tuple[Base, Rows, torch.device]:
    """The base, in bfloat16 on the GPU or in float32 on the CPU, and the rows."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    base = read_portable_base(store / "base.pt", dtype, device)
    rows = Rows(store / "shards")
    name = torch.cuda.get_device_name() if device.type == "cuda" else "CPU"
    print(f"{name}; {len(rows.lengths):,} rows", flush=True)
    return base, rows, device


def last_state(store: Path) -> dict | None:
    """The machine's own checkpoint, else the run that was packed."""
    if (store / "checkpoint.pt").exists():
        return torch.load(store / "checkpoint.pt", map_location="cpu", weights_only=False)
    if (store / "start" / "state.json").exists():
        return read_hand_back(store / "start")
    return None


def main() -> None:
    started = time.time()
    parser = argparse.ArgumentParser(description=__doc__)
    add_machine_arguments(parser)
    parser.add_argument("--save-minutes", type=float, default=3)
    parser.add_argument("--hand-back-mib", type=float, default=64)
    parser.add_argument("--hand-back-files", type=int, default=8)
    options = parser.parse_args()
    if not take_in(options.arrived, options.store):
        return

    base, rows, device = open_machine(options.store)
    plan = Plan(options.cases, options.tokens_a_step, options.seed)
    config = CompilerConfig(**options.config)
    rates = Rates(options.rates, options.departure_rates)
    learner, place = open_learner(
        base, rows, plan, config, last_state(options.store), rates, device
    )
    batch_tokens = fit_batch_tokens(learner, rows, plan)
    print(compile_blocks(learner, rows, plan, batch_tokens), flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    report = reporter(learner, options.out / "log.jsonl")
    report("started", tokens_a_step=plan.tokens_a_step, batch_tokens=batch_tokens)
    room = Room(options.hand_back_files, 16 * MIB, int(options.hand_back_mib * MIB))

    asked = read_asked(options.store / "shards" / f"{VALIDATION}.npz")
    best = float("inf")

    def keep(place: Place) -> None:
        nonlocal best
        more = {"place": asdict(place)}
        save(options.store / "checkpoint.pt", learner.state() | more)
        loss = measure(learner, asked, report)
        if loss < best:
            best = loss
            print(write_hand_back(learner, more, options.out, room), flush=True)

    stop_at = started + (options.minutes - LAST_MINUTES) * 60
    limits = Limits(stop_at, batch_tokens, options.save_minutes, options.steps)
    train_on_shards(learner, rows, plan, place, limits, keep, report)


if __name__ == "__main__":
    main()
