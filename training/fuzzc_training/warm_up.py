"""Compiles the block while the base is still on its way: the run that follows on the same machine
finds it in PyTorch's cache on disk.

    python3 -m fuzzc_training.warm_up --arrived visit-1 --tokens-a-step 16384

On random weights: what is compiled depends on the base's shape and the rows' lengths alone.
"""

import argparse
import json
import time
from itertools import islice
from pathlib import Path

import torch

from .base import MODULES, Base, BaseConfig
from .compiler import CompilerConfig
from .learner import Rates
from .parts import INDEX
from .rows import Row
from .shard_run import ALONE, compile_blocks, open_learner
from .shard_steps import BUCKETS, Place, Plan, walk

TIMED_STEPS = 10
HEAD_NORMS = ("attn_q_norm", "attn_k_norm")


class FullSteps:
    """As many rows of each length as fill one step, in the place of `Rows`."""

    def __init__(self, tokens_a_step: int):
        self.lengths = [bucket for bucket in BUCKETS for _ in range(tokens_a_step // bucket)]
        self.cases = [1] * len(self.lengths)

    def row(self, index: int) -> Row:
        length = self.lengths[index]
        prefix, one = torch.zeros(length).long(), torch.zeros(1).long()
        last = one + length - 1
        return Row(prefix, torch.arange(length), prefix, last, one, one, range(1, 2), 1)


def random_base(shape: BaseConfig, dtype: torch.dtype, device: torch.device) -> Base:
    tensors = {
        "token_embd": torch.randn(shape.vocabulary, shape.hidden) * 0.02,
        "output_norm": torch.ones(shape.hidden),
    }
    for layer in range(shape.layers):
        for module in MODULES:
            d_in, d_out = shape.dims(module)
            tensors[f"{layer}.{module}"] = torch.randn(d_out, d_in) * 0.02
        for name in shape.norms:
            size = shape.head_size if name in HEAD_NORMS else shape.hidden
            tensors[f"{layer}.{name}"] = torch.ones(size)
    moved = {name: tensor.to(device) for name, tensor in tensors.items()}
    return Base(shape, moved, dtype).requires_grad_(False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arrived", type=Path, required=True, help="a visit's folder")
    parser.add_argument("--tokens-a-step", type=int, default=16_384)
    parser.add_argument("--config", type=json.loads, default={}, help="JSON, as for the run")
    options = parser.parse_args()
    index = json.loads((options.arrived / INDEX).read_text(encoding="utf-8"))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    base = random_base(BaseConfig(**index["base"]), dtype, device)
    rows, plan = FullSteps(options.tokens_a_step), Plan(1 << 40, options.tokens_a_step)
    config = CompilerConfig(**options.config)
    learner, _ = open_learner(base, rows, plan, config, None, Rates(), device)
    print(compile_blocks(learner, rows, plan, options.tokens_a_step), flush=True)
    steps = islice(walk(rows, plan, Place(), ALONE, options.tokens_a_step), TIMED_STEPS)
    started = time.time()
    for step in (make() for make in steps):
        batches = (batch.to(device) for batch in step.batches)
        loss, _ = learner.learn(batches, step.rows, step.cases, plan.cases)
        float(loss)  # waits for the device
    print(f"{TIMED_STEPS / (time.time() - started):.2f} steps/s", flush=True)


if __name__ == "__main__":
    main()
