"""Write the sentence encoder's adapter as GGUF, the form that fuzzc merges into the encoder.

    python -m fuzzc_training.export_encoder --model MODEL_FOLDER --run training/runs/e5 \\
        --to packages/models/tuning/e5-small-v2-labels-1.gguf

Prints the size and checksum that packages/models/src/catalogue.ts holds.
"""

import argparse
import hashlib
from pathlib import Path

import gguf
import numpy as np
import torch

from .encoder import MODULES, Encoder
from .train_encoder import load_adapter


def tensor_name(name: str) -> str:
    """encoder.layer.3.output.dense → blk.3.ffn_down.weight"""
    layer, module = name.removeprefix("encoder.layer.").split(".", 1)
    return f"blk.{layer}.{MODULES[module]}.weight"


def shift_name(encoder: Encoder) -> str:
    return f"blk.{encoder.layers - 1}.layer_output_norm.bias"


def write_adapter(encoder: Encoder, path: Path) -> None:
    """Both matrices in float16, and the shift under the name of the bias that it is added to.

    Alpha is the rank, so that B A is added as it is.
    """
    rank = next(iter(encoder.pairs.values())).a.shape[0]
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(rank))
    for name, pair in encoder.pairs.items():
        for side, values in (("a", pair.a), ("b", pair.b)):
            stored = np.ascontiguousarray(values.detach().numpy().astype(np.float16))
            writer.add_tensor(f"{tensor_name(name)}.lora_{side}", stored)
    if encoder.shift is not None:
        writer.add_tensor(shift_name(encoder), encoder.shift.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def read_adapter(encoder: Encoder, path: Path) -> None:
    """Puts a written adapter into an encoder, as the product merges it."""
    stored = {
        tensor.name: torch.from_numpy(np.array(tensor.data, dtype=np.float32))
        for tensor in gguf.GGUFReader(path).tensors
    }
    if shift_name(encoder) in stored:
        encoder.add_shift(stored.pop(shift_name(encoder)))
    encoder.low = min(int(name.split(".")[1]) for name in stored)
    encoder.add_adapter(next(one.shape[0] for name, one in stored.items() if "lora_a" in name))
    with torch.no_grad():
        for name, pair in encoder.pairs.items():
            pair.a.copy_(stored[f"{tensor_name(name)}.lora_a"])
            pair.b.copy_(stored[f"{tensor_name(name)}.lora_b"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--low", type=int, default=0)
    options = parser.parse_args()
    encoder = Encoder.load(options.model, rank=options.rank, low=options.low)
    load_adapter(encoder, options.run / "adapter.pt")
    options.to.parent.mkdir(parents=True, exist_ok=True)
    write_adapter(encoder, options.to)
    data = options.to.read_bytes()
    print(f"{options.to.name}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
