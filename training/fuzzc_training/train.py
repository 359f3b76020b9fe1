"""Train the compiler end to end through the frozen base, on a CPU; resumes.

python -m fuzzc_training.train --base BASE.gguf --run training/runs/smol --cases 60000
python -m fuzzc_training.train … --shared-only        # the control: one adapter for all
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import torch

from .compiler import Compiler, CompilerConfig
from .corpus import Function, read_parts
from .families import draw_function
from .learner import Learner, save
from .measure import evaluate, heldout_rows
from .prompt import Prompt
from .read_gguf import load_base, load_tokenizer
from .rows import Row, collate, draw_row

ROWS_A_STEP = 3
LABEL_SHARE = 0.2
"""How often label functions are drawn: their answers teach the least, being a token or two, and
the sentence encoder runs them anyway."""
FEATURE_ROWS = 200
"""Rows that mean and spread of the features are measured on."""


def draw_rows(
    prompt: Prompt, functions: list[Function], generated: float, draw: random.Random
) -> Iterator[Row]:
    """Rows without end: of generated functions for a share, else of the given ones."""
    shares = [LABEL_SHARE if function.type == "labels" else 1.0 for function in functions]
    while True:
        if draw.random() < generated:
            function = draw_function(draw)
        else:
            function = draw.choices(functions, shares)[0]
        row = draw_row(prompt, function, draw)
        if row is not None:
            yield row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=60_000)
    parser.add_argument("--start", type=Path, help="checkpoint of a shared adapter to depart from")
    parser.add_argument("--generated", type=float, default=0.4, help="share of generated functions")
    parser.add_argument("--shared-only", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--save-minutes", type=float, default=10)
    parser.add_argument("--float32", action="store_true", help="for CPUs without fast bfloat16")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.run.mkdir(parents=True, exist_ok=True)
    log = (options.run / "log.jsonl").open("a", encoding="utf-8")
    base = load_base(options.base, torch.float32 if options.float32 else torch.bfloat16)
    prompt = Prompt(load_tokenizer(options.base))
    parts = read_parts()
    checkpoint = options.run / "checkpoint.pt"
    state = torch.load(checkpoint, weights_only=False) if checkpoint.exists() else None
    config = state["config"] if state else {"departures": not options.shared_only}
    learner = Learner(base, Compiler(base, CompilerConfig(**config)))
    draw = random.Random(options.seed)
    if state:
        learner.load_state(state)
        if "draw" in state:  # a run that a GPU went on with has none
            draw.setstate(state["draw"])
    elif options.start is not None:
        learner.start_from(torch.load(options.start, weights_only=False))
    else:
        some = draw_rows(prompt, parts["train"], 0.0, random.Random(1))
        learner.measure_features([collate([next(some)]) for _ in range(FEATURE_ROWS)])
    validation = heldout_rows(prompt, parts["validation"])

    def report(kind: str, **values: object) -> None:
        line = json.dumps({"kind": kind, "step": learner.step, "seen": learner.seen, **values})
        print(line, flush=True)
        print(line, file=log, flush=True)

    rows = draw_rows(prompt, parts["train"], options.generated, draw)
    started = saved = time.time()
    started_at, loss_sum, exact_sum, cases_sum = learner.seen, 0.0, 0, 0
    while learner.seen < options.cases:
        batches = [collate([next(rows)]) for _ in range(ROWS_A_STEP)]
        cases = sum(batch.cases for batch in batches)
        loss, exact = learner.learn(batches, ROWS_A_STEP, cases, options.cases)
        loss_sum += loss.item()
        exact_sum += int(exact)
        cases_sum += cases
        if learner.step % 50 == 0:
            rate = (learner.seen - started_at) / (time.time() - started)
            report(
                "train",
                loss=round(loss_sum / 50, 4),
                exact=round(exact_sum / cases_sum, 4),
                cases_a_second=round(rate, 2),
            )
            loss_sum, exact_sum, cases_sum = 0.0, 0, 0
        if time.time() - saved > options.save_minutes * 60 or learner.seen >= options.cases:
            save(checkpoint, learner.state() | {"draw": draw.getstate()})
            report("validation", **evaluate(base, learner.compiler, validation))
            saved = time.time()


if __name__ == "__main__":
    main()
