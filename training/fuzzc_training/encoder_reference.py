"""Reference vectors of the sentence encoder, for the parity test between PyTorch and llama.cpp.

    python -m fuzzc_training.encoder_reference --model E5_FOLDER --prefix "query: " \\
        --adapter ADAPTER.gguf --to tests/parity/e5-small-v2.json
    python -m fuzzc_training.encoder_reference --model MINILM_FOLDER --adapter ADAPTER.gguf \\
        --to tests/parity/all-minilm-l6-v2.json

A folder holds model.safetensors and tokenizer.json, of all-MiniLM-L6-v2 or e5-small-v2; adapters
lie in packages/models/tuning. All is computed in float32, the adapter merged into the published
weights.
"""

import argparse
import json
from pathlib import Path

import torch

from .encoder import Encoder, pool
from .export_encoder import read_adapter

SENTENCES = [
    "The whole site is down!!",
    "a",
    "Größe und Farbe aus einer Produktzeile: 39–42, 値段 ¥1,200 👕",
    "Nov 23 o9:14:5 srv-2 ngnix[81]: eror conect() faild (errno=111)",
    "[CLS] Is [SEP] a special token in the input read as text? [MASK]",
    "Decide how soon a support message needs a reply: now when something is broken for everybody, "
    "today when one person is stuck, later for all else. " * 3,
]


def encode(weights: dict[str, torch.Tensor], tokens: torch.Tensor) -> torch.Tensor:
    """The vector of one sentence, of length 1."""
    encoder = Encoder(weights, tokenizer=None)
    mask = torch.ones(1, len(tokens), dtype=torch.bool)
    x = encoder.run(encoder.look_up(tokens[None]), mask, 0, encoder.layers, adapted=False)
    return pool(x, mask)[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    encoder = Encoder.load(options.model, prefix=options.prefix)
    read_adapter(encoder, options.adapter)
    weights = dict(encoder.weights)
    for name, pair in encoder.pairs.items():
        weights[f"{name}.weight"] = weights[f"{name}.weight"] + (pair.b @ pair.a).detach()
    rows = []
    for sentence in SENTENCES:
        tokens = encoder.tokens(sentence)
        vector = encode(weights, torch.tensor(tokens)).tolist()
        values = [float(f"{value:.6g}") for value in vector]
        rows.append({"sentence": sentence, "tokens": tokens, "vector": values})
    options.to.write_text(json.dumps({"sentences": rows}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
