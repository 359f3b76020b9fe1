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
from torch import Tensor, nn
from torch.nn import functional as F

from .encoder import MODULES, Encoder, Pair
from .trainer_reference import SEED, hash_numbers, sketch

SCALE = 14
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
BIAS = (0.1, -0.2, 0.0)
"""Of each label; it is not trained."""
CASES = [
    ("The whole site is down!!", 0),
    ("Can you change the colour of my invoice?", 2),
    ("Größe und Farbe: 39–42, 値段 ¥1,200 👕", 2),
    ("I cannot log in, and my report is due in an hour.", 1),
    ("Nov 23 o9:14:5 srv-2 ngnix[81]: eror conect() faild (errno=111)", 0),
]


def load_weights(path: Path) -> tuple[dict[str, Tensor], str]:
    """A GGUF's weights, dequantised, under their published names, and the prefix of its texts."""
    parts = {engine: published for published, engine in MODULES.items()} | NORMS
    weights = {}
    reader = GGUFReader(path)
    for tensor in reader.tensors:
        values = np.array(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
        name = EMBEDDINGS.get(tensor.name)
        if name is None:
            _, layer, part, kind = tensor.name.split(".")
            name = f"encoder.layer.{layer}.{parts[part]}.{kind}"
        weights[name] = torch.from_numpy(values)
    prefix = reader.get_field("fuzzc.encoder.prefix")
    return weights, "" if prefix is None else prefix.contents()


def draw_parameters(encoder: Encoder, rank: int) -> Tensor:
    """One flat list of numbers, cut into A (rank × d_in) and the transpose of B (rank × d_out) for
    each module of each adapted layer, then the prototypes. @returns the prototypes."""
    names = [
        f"encoder.layer.{layer}.{module}"
        for layer in range(encoder.low, encoder.layers)
        for module in MODULES
    ]
    shapes = [encoder.weights[f"{name}.weight"].shape for name in names]
    size = encoder.weights[f"{names[0]}.weight"].shape[1]
    count = sum(rank * sum(shape) for shape in shapes) + len(BIAS) * size
    numbers = hash_numbers(SEED, count) / 2**32 - 0.5

    def take(rows: int, columns: int, factor: float) -> Tensor:
        nonlocal numbers
        values, numbers = numbers[: rows * columns], numbers[rows * columns :]
        return torch.tensor(values.reshape(rows, columns) * factor, dtype=torch.float32)

    for name, (d_out, d_in) in zip(names, shapes, strict=True):
        a, b = take(rank, d_in, 2 / d_in**0.5), take(rank, d_out, 0.04).T
        encoder.pairs[name] = Pair(nn.Parameter(a), nn.Parameter(b))
    return take(len(BIAS), size, 0.03).requires_grad_()


def lay_out(name: str, gradient: np.ndarray) -> np.ndarray:
    """The gradient of B (d_out × rank) as the trainer has it."""
    return gradient.T if name.endswith(".b") else gradient


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--first-layer", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    weights, prefix = load_weights(options.base)
    encoder = Encoder(weights, tokenizer, prefix, options.first_layer)
    prototypes = draw_parameters(encoder, options.rank)
    named = {"prototypes": prototypes}
    for name, pair in encoder.pairs.items():
        _, _, layer, module = name.split(".", 3)
        named[f"blk.{layer}.{MODULES[module]}.weight.a"] = pair.a
        named[f"blk.{layer}.{MODULES[module]}.weight.b"] = pair.b
    texts, labels = [text for text, _ in CASES], torch.tensor([label for _, label in CASES])
    for _ in range(2):  # the second is timed: the first one fills caches
        started = time.process_time()
        logits = SCALE * (encoder.embed(texts) @ prototypes.T + torch.tensor(BIAS))
        loss = F.cross_entropy(logits, labels)
        gradients = torch.autograd.grad(loss, list(named.values()))
        seconds = time.process_time() - started
    record = {
        "seed": SEED,
        "rank": options.rank,
        "firstLayer": options.first_layer,
        "scale": SCALE,
        "bias": BIAS,
        "cases": [{"tokens": encoder.tokens(text), "label": label} for text, label in CASES],
        "loss": round(loss.item(), 6),
        "gradients": {
            name: sketch(lay_out(name, gradient.numpy()))
            for name, gradient in zip(named, gradients, strict=True)
        },
    }
    options.to.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, ensure_ascii=False)
    path = options.to / "encoder-gradient.json"
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    count = sum(len(encoder.tokens(text)) for text in texts)
    print(f"{count} tokens, loss {loss.item():.4f}, {seconds:.2f} CPU s in PyTorch")


if __name__ == "__main__":
    main()
