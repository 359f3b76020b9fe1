"""Reference gradients for the trainer in packages/trainer on a base of the architecture qwen3.

    python -m fuzzc_training.qwen3_trainer_reference --to packages/trainer/reference
    npx biome format --write packages/trainer/reference

As `trainer_reference`, on a tiny base of pseudo-random weights that both sides draw by themselves
(packages/trainer/src/tiny-base.fixture.ts): two heads of more numbers than a state has, norms of
the heads of q and k, rotary pairs half a head apart.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from .base import Base, BaseConfig
from .read_gguf import GGUF_NAMES
from .trainer_reference import ORDER, SEED, draw_adapter, hash_numbers, sketch

CONFIG = BaseConfig(
    layers=2,
    hidden=32,
    heads=2,
    kv_heads=1,
    head_size=32,
    ffn=64,
    rope_base=10_000,
    epsilon=1e-6,
    vocabulary=259,
    architecture="qwen3",
)
RANK = 4
FIRST_LAYER = 1
TOKENS = [ord(letter) for letter in "A prefix, an input: and an answer."]
ANSWER = 10
"""How many of the tokens are the answer."""
WEIGHTS = (
    ("attn_norm",),
    ("q_proj", "k_proj", "v_proj", "o_proj"),
    ("ffn_norm",),
    ("gate_proj", "up_proj", "down_proj"),
    ("attn_q_norm", "attn_k_norm"),
)
"""In the order in which they are drawn."""


def draw_base() -> Base:
    """One stream of numbers for all weights."""
    numbers = iter(hash_numbers(SEED, 100_000) / 2**32 - 0.5)

    def draw(*shape: int) -> torch.Tensor:
        is_matrix = len(shape) == 2
        values = np.fromiter(numbers, float, int(np.prod(shape)))
        values = values * 4 / shape[1] ** 0.5 if is_matrix else 1 + values * 0.5
        return torch.from_numpy(values.reshape(shape).astype(np.float32))

    tensors = {
        "token_embd": draw(CONFIG.vocabulary, CONFIG.hidden),
        "output_norm": draw(CONFIG.hidden),
    }
    for layer in range(CONFIG.layers):
        for name in (one for group in WEIGHTS for one in group):
            if name.endswith("proj"):
                d_in, d_out = CONFIG.dims(name)
                tensors[f"{layer}.{name}"] = draw(d_out, d_in)
            else:
                length = CONFIG.head_size if name.endswith(("q_norm", "k_norm")) else CONFIG.hidden
                tensors[f"{layer}.{name}"] = draw(length)
    return Base(CONFIG, tensors, torch.float32).requires_grad_(False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    base = draw_base()
    adapter = draw_adapter(base, FIRST_LAYER, RANK)
    ids = torch.tensor(TOKENS)
    length = len(ids) - 1
    mask = torch.ones(length, length, dtype=torch.bool).tril()
    rotary = base.rotary(torch.arange(length))
    x = base.embed(ids[None, :-1])
    for layer in range(CONFIG.layers):
        weights = adapter[layer - FIRST_LAYER] if layer >= FIRST_LAYER else None
        x = base.layer(x, layer, rotary, mask, weights)
    logits = base.logits(x[0, -ANSWER:])
    losses = F.cross_entropy(logits, ids[-ANSWER:], reduction="none")
    loss = losses.mean()
    parameters = [part for weights in adapter for module in ORDER for part in weights[module]]
    found = iter(torch.autograd.grad(loss, parameters))
    sketches = {}
    for layer in range(FIRST_LAYER, CONFIG.layers):
        for module in ORDER:
            name = f"blk.{layer}.{GGUF_NAMES[module]}.weight"
            sketches[f"{name}.a"] = sketch(next(found).numpy())
            sketches[f"{name}.b"] = sketch(next(found).numpy().T)
    record = {
        "seed": SEED,
        "rank": RANK,
        "firstLayer": FIRST_LAYER,
        "tokens": TOKENS,
        "answer": ANSWER,
        "losses": [round(value, 5) for value in losses.tolist()],
        "gradients": sketches,
    }
    options.to.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record)
    (options.to / "qwen3-gradient.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    print(f"loss {loss.item():.4f}")


if __name__ == "__main__":
    main()
