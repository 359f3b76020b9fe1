"""Settings of the compiler at equal time, on a bare GPU machine or a CPU; one table.

    python3 -m fuzzc_training.experiments --arrived visit-4 --store /tmp/fuzzc --out OUT \
        --minutes 9 --minutes-each 0.7

Each setting starts anew, from the same seed and the same rows, and trains for the same time. Blocks
are not compiled: each setting would spend its time on that. No schedule ends: all stay near their
peak rates.
"""

import argparse
import time
from dataclasses import dataclass

from .base import Base
from .compiler import CompilerConfig
from .gpu_run import add_machine_arguments, open_machine, take_in
from .learner import Rates
from .measure import Asked, evaluate
from .shard_run import (
    Limits,
    fit_batch_tokens,
    open_learner,
    train_on_shards,
)
from .shard_steps import Place, Plan
from .shards import VALIDATION, Rows, read_asked

SETTINGS: dict[str, dict] = {
    "as smol: upper 22 layers, r16, N 16": {},
    "departures at four times the rates": {"departure_rates": 4.0},
    "departures at ten times the rates": {"departure_rates": 10.0},
    "all at twice the rates": {"rates": 2.0},
    "all at four times the rates": {"rates": 4.0},
    "one shared adapter": {"departures": False},
    "one shared adapter of all layers": {
        "departures": False,
        "first_layer": 0,
        "feature_layers": (0,),
    },
    "upper 27 layers": {"first_layer": 3, "feature_layers": (1, 2, 3)},
    "upper 15 layers": {"first_layer": 15, "feature_layers": (5, 10, 15)},
    "r8": {"rank": 8},
    "r32": {"rank": 32},
    "N 8": {"bases": 8},
    "N 32": {"bases": 32},
    "features of layer 8 alone": {"feature_layers": (8,)},
    "features of five layers": {"feature_layers": (1, 3, 5, 7, 8)},
    "a backbone adapter of r8": {"backbone_rank": 8},
    "head of rank 64": {"head_rank": 64},
}
"""Name → how the config differs from smol's; the two rates are factors on the command's."""
PROGRAMS = ("program", "shared", "wrong")
COLUMNS = [f"{name}@{examples}" for name in PROGRAMS for examples in (0, 6)]
LOSSES = [f"{name}.loss@{examples}" for name in PROGRAMS for examples in (0, 6)]
HEAD = f"| setting | cases | cases/s | {' | '.join([*COLUMNS, *LOSSES])} |\n|---{'|---' * 14}|"


@dataclass
class Outcome:
    cases: int = 0
    rate: float = 0.0


def try_setting(base: Base, rows: Rows, asked: list[Asked], setting: dict, options, device) -> str:
    """Trains and measures one setting; its cells in the table."""
    plan = Plan(1 << 40, options.tokens_a_step, options.seed)
    setting = {**setting, **options.config}
    rates = Rates(
        options.rates * setting.pop("rates", 1.0),
        options.departure_rates * setting.pop("departure_rates", 1.0),
    )
    config = CompilerConfig(**setting)
    learner, place = open_learner(base, rows, plan, config, None, rates, device)
    tokens = fit_batch_tokens(learner, rows, plan)
    outcome = Outcome()

    def report(kind: str, cases_a_second: float, **_: object) -> None:
        outcome.rate = cases_a_second

    def keep(_: Place) -> None:
        outcome.cases = learner.seen

    stop_at = time.time() + options.minutes_each * 60
    limits = Limits(stop_at, tokens, save_minutes=1e9, steps=options.steps)
    train_on_shards(learner, rows, plan, place, limits, keep, report)
    found = evaluate(base, learner.compiler, asked)
    scores = [f"{100 * found[name]:.1f}" if name in found else "" for name in COLUMNS]
    scores += [f"{found[name]:.3f}" if name in found else "" for name in LOSSES]
    return " | ".join([f"{outcome.cases:,}", f"{outcome.rate:,.0f}", *scores])


def main() -> None:
    started = time.time()
    parser = argparse.ArgumentParser(description=__doc__)
    add_machine_arguments(parser)
    parser.add_argument("--minutes-each", type=float, default=0.7)
    parser.add_argument("--every", type=int, default=1, help="asks every n-th validation row")
    parser.add_argument("--only", nargs="*", default=list(SETTINGS), choices=list(SETTINGS))
    options = parser.parse_args()
    if not take_in(options.arrived, options.store):
        return

    base, rows, device = open_machine(options.store)
    asked = read_asked(options.store / "shards" / f"{VALIDATION}.npz")[:: options.every]
    options.out.mkdir(parents=True, exist_ok=True)
    table = options.out / "experiments.md"
    lines, longest = [HEAD], 0.0
    print(HEAD, flush=True)
    for name in options.only:
        before = time.time()
        if before - started + longest > options.minutes * 60:
            print(f"no time left for {name!r} and what follows")
            break
        cells = try_setting(base, rows, asked, SETTINGS[name], options, device)
        lines.append(f"| {name} | {cells} |")
        print(lines[-1], flush=True)
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        longest = max(longest, time.time() - before)


if __name__ == "__main__":
    main()
