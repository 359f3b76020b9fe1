"""CPU seconds of a training step in PyTorch, on the row that trainer_reference.py makes.

    python -m fuzzc_training.trainer_speed --base BASE.gguf --steps 5

Prints JSON: the row's tokens, and the CPU seconds of each step on one thread. As in
packages/trainer, the lower half has been run before; a step is forth and back through the upper
half and one update of AdamW.
"""

import argparse
import json
import time
from pathlib import Path

import torch
from torch.nn import functional as F

from .corpus import Output
from .prompt import Prompt, format_task
from .read_gguf import load_base, load_tokenizer
from .rows import build_row
from .trainer_reference import CASES, EXAMPLE, ORDER, SPEC, draw_adapter


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--steps", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    base = load_base(options.base)
    prompt = Prompt(load_tokenizer(options.base))
    row = build_row(prompt, format_task(SPEC, Output("text")), [EXAMPLE], CASES)
    first = base.config.layers // 2
    adapter = draw_adapter(base, first, options.rank)
    parameters = [part for weights in adapter for module in ORDER for part in weights[module]]
    optimiser = torch.optim.AdamW(parameters, lr=1e-4)
    mask, rotary = row.mask(), base.rotary(row.positions)
    with torch.no_grad():
        states = base.embed(row.ids[None])
        for layer in range(first):
            states = base.layer(states, layer, rotary, mask)
    seconds = []
    for _ in range(options.steps):
        started = time.process_time()
        x = states
        for layer, weights in enumerate(adapter, first):
            x = base.layer(x, layer, rotary, mask, weights)
        losses = F.cross_entropy(base.logits(x[0, row.sources]), row.targets, reduction="none")
        optimiser.zero_grad()
        (losses * row.weights()).sum().backward()
        optimiser.step()
        seconds.append(round(time.process_time() - started, 3))
    print(json.dumps({"tokens": len(row.ids), "seconds": seconds}))


if __name__ == "__main__":
    main()
