"""Train the compiler end to end through the frozen base, on a CPU or one GPU; resumes.

python -m fuzzc_training.train --base BASE.gguf --run training/runs/smol --cases 60000
python -m fuzzc_training.train … --shared-only        # the control: one adapter for all
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import torch
from torch import nn

from .base import load_base, load_tokenizer
from .compiler import Compiler, CompilerConfig, row_loss, run_frozen
from .corpus import read_corpus, split_corpus
from .evaluate import evaluate
from .families import draw_function
from .prompt import Prompt
from .rows import draw_row

ROWS_A_STEP = 3
LABEL_SHARE = 0.35
"""How often label functions are drawn: their answers teach the least, being a token or two."""
WARMUP_STEPS = 40
SHARED_A, SHARED_B, BASES = 5e-4, 1e-3, 2e-4
TRUNK, HEAD = 1e-4, 3e-5
"""Ten times as much on the head scrambles the shared adapter before it learns anything (LOG.md)."""


def parameter_groups(compiler: Compiler) -> list[dict]:
    groups = [
        {"params": list(compiler.shared_a.values()), "peak": SHARED_A, "weight_decay": 0.0},
        {"params": list(compiler.shared_b.values()), "peak": SHARED_B, "weight_decay": 0.0},
    ]
    if compiler.config.departures:
        bases = [*compiler.bases_a.values(), *compiler.bases_b.values()]
        groups.append({"params": bases, "peak": BASES, "weight_decay": 0.0})
        for layer, peak in ((compiler.trunk, TRUNK), (compiler.head, HEAD)):
            groups.append({"params": list(layer.parameters()), "peak": peak, "weight_decay": 0.01})
    return groups


def schedule(done: float, step: int) -> float:
    """Warm-up by steps, then a cosine over the share of cases done, down to a tenth."""
    warm = min(1.0, (step + 1) / WARMUP_STEPS)
    return warm * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


def measure_features(base, compiler: Compiler, prompt: Prompt, functions, rows: int) -> None:
    """Sets mean and spread of the features, since single dimensions of hidden states are huge."""
    draw = random.Random(1)
    drawn = (draw_row(prompt, draw.choice(functions), draw) for _ in range(rows))
    seen = torch.stack([run_frozen(base, compiler, row)[1] for row in drawn if row is not None])
    compiler.features_mean.copy_(seen.mean(0))
    compiler.features_std.copy_(seen.std(0).clamp_min(1e-3))


def save(path: Path, state: dict) -> None:
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


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
    parts = split_corpus(read_corpus())
    compiler = Compiler(base, CompilerConfig(departures=not options.shared_only))
    groups = parameter_groups(compiler)
    optimizer = torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98))
    checkpoint = options.run / "checkpoint.pt"
    shares = [LABEL_SHARE if f.type == "labels" else 1.0 for f in parts["train"]]
    step, seen, draw = 0, 0, random.Random(options.seed)
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        compiler.load_state_dict(state["compiler"])
        optimizer.load_state_dict(state["optimizer"])
        for group, fresh in zip(optimizer.param_groups, groups, strict=True):
            group["peak"] = fresh["peak"]
        step, seen = state["step"], state["seen"]
        draw.setstate(state["draw"])
    elif options.start is not None:
        state = torch.load(options.start, weights_only=False)
        compiler.load_state_dict(state["compiler"])
        seen = state["seen"]
    else:
        measure_features(base, compiler, prompt, parts["train"], rows=200)

    def report(kind: str, **values: object) -> None:
        line = json.dumps({"kind": kind, "step": step, "seen": seen, **values})
        print(line, flush=True)
        print(line, file=log, flush=True)

    def keep() -> None:
        save(
            checkpoint,
            {
                "config": compiler.config.as_dict(),
                "compiler": compiler.state_dict(),
                "optimizer": optimizer.state_dict(),
                "step": step,
                "seen": seen,
                "draw": draw.getstate(),
            },
        )

    started = saved = time.time()
    started_at, loss_sum, exact_sum, cases_sum = seen, 0.0, 0, 0
    while seen < options.cases:
        optimizer.zero_grad(set_to_none=True)
        rows = 0
        while rows < ROWS_A_STEP:
            if draw.random() < options.generated:
                function = draw_function(draw)
            else:
                function = draw.choices(parts["train"], shares)[0]
            row = draw_row(prompt, function, draw)
            if row is None:
                continue
            loss, exact = row_loss(base, compiler, row)
            (loss / ROWS_A_STEP).backward()
            rows += 1
            seen += row.cases
            loss_sum += loss.item()
            exact_sum += int(exact.sum())
            cases_sum += row.cases
        for group in optimizer.param_groups:
            nn.utils.clip_grad_norm_(group["params"], 1.0)
            group["lr"] = group["peak"] * schedule(seen / options.cases, step)
        optimizer.step()
        step += 1
        if step % 50 == 0:
            rate = (seen - started_at) / (time.time() - started)
            report(
                "train",
                loss=round(loss_sum / 50 / ROWS_A_STEP, 4),
                exact=round(exact_sum / cases_sum, 4),
                cases_a_second=round(rate, 2),
            )
            loss_sum, exact_sum, cases_sum = 0.0, 0, 0
        if time.time() - saved > options.save_minutes * 60 or seen >= options.cases:
            keep()
            report("validation", **evaluate(base, compiler, prompt, parts["validation"]))
            saved = time.time()


if __name__ == "__main__":
    main()
