"""Reference gradients for the trainer in packages/trainer, from PyTorch.

    python -m fuzzc_training.trainer_reference --base BASE.gguf --to packages/trainer/reference
    npx biome format --write packages/trainer/reference

One packed row, one adapter made of pseudo-random numbers that both sides compute by themselves. For
each tensor of the adapter the file keeps the norm of its gradient and 16 projections of it on
vectors of signs: enough to tell how far another gradient is from it, in a few bytes.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .base import Base, LayerAdapter
from .corpus import Output
from .prompt import Prompt, format_task
from .read_gguf import GGUF_NAMES, load_base, load_tokenizer, unpermute
from .rows import Row, build_row

SEED = 7
PROJECTIONS = 16
ORDER = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
"""The trainer's order of modules in a layer."""
SPEC = (
    "Repair the log line: fix the spelling, pad the time to two digits, write the level in "
    "capitals, change nothing else."
)
EXAMPLE = ("9:4:07 eror db: conection lost", "09:04:07 ERROR db: connection lost")
CASES = [
    ("7:14:5 warn disk: nearly ful", "07:14:05 WARN disk: nearly full"),
    ("12:0:31 info web: recieved 3 requets", "12:00:31 INFO web: received 3 requests"),
    ("3:3:3 eror auth: pasword rejected", "03:03:03 ERROR auth: password rejected"),
    ("23:59:9 debug cache: mised 17 keys", "23:59:09 DEBUG cache: missed 17 keys"),
    ("0:8:40 info mail: queu empty 👍", "00:08:40 INFO mail: queue empty 👍"),
]


def hash_numbers(seed: int, count: int) -> np.ndarray:
    """`count` numbers of 32 bits: the generator mulberry32, as the trainer has it."""
    index = np.arange(1, count + 1, dtype=np.uint32)
    with np.errstate(over="ignore"):
        state = np.uint32(seed) + index * np.uint32(0x6D2B79F5)
        mixed = (state ^ (state >> 15)) * (state | np.uint32(1))
        mixed ^= mixed + (mixed ^ (mixed >> 7)) * (mixed | np.uint32(61))
    return mixed ^ (mixed >> 14)


def draw_adapter(base: Base, first: int, rank: int) -> list[LayerAdapter]:
    """One flat list of numbers, cut into A (rank × d_in) and the transpose of B (rank × d_out)
    for each module of each layer; rows of q and k in the order of the GGUF."""
    shapes = [base.config.dims(module) for module in ORDER]
    layers = range(first, base.config.layers)
    count = len(layers) * sum(rank * (d_in + d_out) for d_in, d_out in shapes)
    numbers = hash_numbers(SEED, count) / 2**32 - 0.5
    adapter, at = [], 0
    for _ in layers:
        weights = {}
        for module, (d_in, d_out) in zip(ORDER, shapes, strict=True):
            a = numbers[at : at + rank * d_in].reshape(rank, d_in) * 2 / d_in**0.5
            at += rank * d_in
            b = numbers[at : at + rank * d_out].reshape(rank, d_out).T * 0.04
            at += rank * d_out
            heads = heads_of(base, module)
            b = unpermute(b, heads) if heads else b
            weights[module] = tuple(
                torch.from_numpy(np.ascontiguousarray(part, dtype=np.float32)).requires_grad_()
                for part in (a, b)
            )
        adapter.append(weights)
    return adapter


def heads_of(base: Base, module: str) -> int:
    """In how many heads the GGUF permutes the rows of a module; 0: it does not."""
    if base.config.architecture != "llama":
        return 0
    return {"q_proj": base.config.heads, "k_proj": base.config.kv_heads}.get(module, 0)


def to_trainer(base: Base, module: str, gradient: Tensor) -> np.ndarray:
    """The gradient of B (d_out × rank, Hugging Face's rows) as the trainer lays it out."""
    values = gradient.numpy()
    heads = heads_of(base, module)
    if heads:
        rows, columns = values.shape
        values = values.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2)
        values = values.reshape(rows, columns)
    return values.T


def sketch(gradient: np.ndarray) -> list[float]:
    """Its norm, then its projections: bit j of the i-th number is the sign of value i in j."""
    flat = gradient.astype(np.float64).ravel()
    bits = hash_numbers(SEED, flat.size)
    signs = [((bits >> j) & 1).astype(np.float64) * 2 - 1 for j in range(PROJECTIONS)]
    return [float(f"{value:.6g}") for value in [np.linalg.norm(flat), *(s @ flat for s in signs)]]


def run_row(base: Base, row: Row, first: int, adapter: list[LayerAdapter]) -> Tensor:
    """Logits of the answers."""
    mask, rotary = row.mask(), base.rotary(row.positions)
    with torch.no_grad():
        x = base.embed(row.ids[None])
        for layer in range(first):
            x = base.layer(x, layer, rotary, mask)
    for layer, weights in enumerate(adapter, first):
        x = base.layer(x, layer, rotary, mask, weights)
    return base.logits(x[0, row.sources])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--rank", type=int, default=16)
    options = parser.parse_args()
    torch.set_num_threads(1)
    base = load_base(options.base)
    prompt = Prompt(load_tokenizer(options.base))
    task = format_task(SPEC, Output("text"))
    row = build_row(prompt, task, [EXAMPLE], CASES)
    first = base.config.layers // 2
    adapter = draw_adapter(base, first, options.rank)
    for _ in range(2):  # the second is timed: the first one fills caches
        started = time.process_time()
        logits = run_row(base, row, first, adapter)
        losses = F.cross_entropy(logits, row.targets, reduction="none")
        loss = (losses * row.weights()).sum()
        parameters = [part for weights in adapter for module in ORDER for part in weights[module]]
        gradients = torch.autograd.grad(loss, parameters)
        seconds = time.process_time() - started
    sketches = {}
    found = iter(gradients)
    for layer in range(first, base.config.layers):
        for module in ORDER:
            name = f"blk.{layer}.{GGUF_NAMES[module]}.weight"
            sketches[f"{name}.a"] = sketch(next(found).numpy())
            sketches[f"{name}.b"] = sketch(to_trainer(base, module, next(found)))
    record = {
        "seed": SEED,
        "rank": options.rank,
        "firstLayer": first,
        "task": task,
        "examples": [{"input": EXAMPLE[0], "output": EXAMPLE[1]}],
        "cases": [{"input": given, "output": answer} for given, answer in CASES],
        "rowIds": row.ids.tolist(),
        "targets": row.targets.tolist(),
        "loss": round(loss.item(), 6),
        "losses": [round(value, 5) for value in losses.tolist()],
        "gradients": sketches,
    }
    options.to.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, ensure_ascii=False)
    (options.to / "gradient.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    print(f"{len(row.ids)} tokens, loss {loss.item():.4f}, {seconds:.2f} CPU s in PyTorch")


if __name__ == "__main__":
    main()
