"""Reference gradients for the training of label functions in packages/trainer, from PyTorch.

    python -m fuzzc_training.encoder_trainer_reference --base ENCODER.gguf \\
        --tokenizer MODEL_FOLDER/tokenizer.json --to packages/trainer/reference
    npx biome format --write packages/trainer/reference

As `trainer_reference`: one batch, an adapter of pseudo-random numbers that both sides compute by
themselves, and of each gradient its norm and 16 projections. ENCODER.gguf is the file that the
trainer reads, so that both begin with the same weights.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from gguf import GGUFReader, dequantize
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from .encoder_reference import LAYERS, encode
from .trainer_reference import SEED, hash_numbers, sketch

SCALE = 14
ROOT = "encoder.layer.{}."
MODULES = {
    "attn_q": "attention.self.query",
    "attn_k": "attention.self.key",
    "attn_v": "attention.self.value",
    "attn_output": "attention.output.dense",
    "ffn_up": "intermediate.dense",
    "ffn_down": "output.dense",
}
"""The trainer's order of modules in a layer, and the published names."""
NORMS = {
    "attn_output_norm": "attention.output.LayerNorm",
    "layer_output_norm": "output.LayerNorm",
}
EMBEDDINGS = {
    "token_embd.weight": "embeddings.word_embeddings.weight",
    "position_embd.weight": "embeddings.position_embeddings.weight",
    "token_types.weight": "embeddings.token_type_embeddings.weight",
    "token_embd_norm.weight": "embeddings.LayerNorm.weight",
    "token_embd_norm.bias": "embeddings.LayerNorm.bias",
}
LABELS = 3
CASES = [
    ("The whole site is down!!", 0),
    ("Can you change the colour of my invoice?", 2),
    ("Größe und Farbe: 39–42, 値段 ¥1,200 👕", 2),
    ("I cannot log in, and my report is due in an hour.", 1),
    ("Nov 23 o9:14:5 srv-2 ngnix[81]: eror conect() faild (errno=111)", 0),
]


def load_weights(path: Path) -> dict[str, Tensor]:
    """The weights of a GGUF, dequantised, under their published names."""
    names = dict(EMBEDDINGS)
    for layer in range(LAYERS):
        for name, published in {**MODULES, **NORMS}.items():
            for kind in ("weight", "bias"):
                names[f"blk.{layer}.{name}.{kind}"] = f"{ROOT.format(layer)}{published}.{kind}"
    return {
        names[tensor.name]: torch.from_numpy(
            np.array(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
        )
        for tensor in GGUFReader(path).tensors
        if tensor.name in names
    }


def draw_parameters(
    weights: dict[str, Tensor], first: int, rank: int
) -> tuple[dict[str, tuple[Tensor, Tensor]], Tensor]:
    """One flat list of numbers, cut into A (rank × d_in) and the transpose of B (rank × d_out) for
    each module of each layer from `first` on, then the prototypes."""
    names = [
        (f"blk.{layer}.{name}.weight", f"{ROOT.format(layer)}{published}.weight")
        for layer in range(first, LAYERS)
        for name, published in MODULES.items()
    ]
    size = weights[EMBEDDINGS["token_embd.weight"]].shape[1]
    count = sum(rank * sum(weights[published].shape) for _, published in names) + LABELS * size
    numbers = hash_numbers(SEED, count) / 2**32 - 0.5

    def take(rows: int, columns: int, factor: float) -> Tensor:
        nonlocal numbers
        values, numbers = numbers[: rows * columns], numbers[rows * columns :]
        return torch.tensor(values.reshape(rows, columns) * factor, dtype=torch.float32)

    pairs = {}
    for name, published in names:
        d_out, d_in = weights[published].shape
        a = take(rank, d_in, 2 / d_in**0.5).requires_grad_()
        pairs[name] = (a, take(rank, d_out, 0.04).requires_grad_())
    return pairs, take(LABELS, size, 2).requires_grad_()


def score(
    weights: dict[str, Tensor],
    pairs: dict[str, tuple[Tensor, Tensor]],
    prototypes: Tensor,
    texts: list[list[int]],
) -> Tensor:
    """Logits of the labels for each text: the scaled cosines."""
    changed = dict(weights)
    for name, (a, b) in pairs.items():
        _, layer, module, _ = name.split(".")
        published = f"{ROOT.format(layer)}{MODULES[module]}.weight"
        changed[published] = weights[published] + b.T @ a
    vectors = torch.stack([encode(changed, torch.tensor(tokens)) for tokens in texts])
    return SCALE * vectors @ F.normalize(prototypes, dim=1).T


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--first-layer", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    weights = load_weights(options.base)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    texts = [tokenizer.encode(text).ids for text, _ in CASES]
    pairs, prototypes = draw_parameters(weights, options.first_layer, options.rank)
    named = {
        f"{name}.{side}": part
        for name, pair in pairs.items()
        for side, part in zip("ab", pair, strict=True)
    }
    named["prototypes"] = prototypes
    for _ in range(2):  # the second is timed: the first one fills caches
        started = time.process_time()
        logits = score(weights, pairs, prototypes, texts)
        loss = F.cross_entropy(logits, torch.tensor([label for _, label in CASES]))
        gradients = torch.autograd.grad(loss, list(named.values()))
        seconds = time.process_time() - started
    record = {
        "seed": SEED,
        "rank": options.rank,
        "firstLayer": options.first_layer,
        "scale": SCALE,
        "labels": LABELS,
        "cases": [
            {"tokens": tokens, "label": label}
            for tokens, (_, label) in zip(texts, CASES, strict=True)
        ],
        "loss": round(loss.item(), 6),
        "gradients": {
            name: sketch(gradient.numpy()) for name, gradient in zip(named, gradients, strict=True)
        },
    }
    options.to.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, ensure_ascii=False)
    path = options.to / "encoder-gradient.json"
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    count = sum(len(tokens) for tokens in texts)
    print(f"{count} tokens, loss {loss.item():.4f}, {seconds:.2f} CPU s in PyTorch")


if __name__ == "__main__":
    main()
