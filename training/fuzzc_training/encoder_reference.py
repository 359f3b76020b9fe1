"""Reference vectors of the sentence encoder, for the parity test between PyTorch and llama.cpp.

    python -m fuzzc_training.encoder_reference --model MODEL_FOLDER --to tests/parity/encoder.json

MODEL_FOLDER holds model.safetensors and tokenizer.json of all-MiniLM-L6-v2. All is computed in
float32 from the published weights: BERT, the mean over the tokens, length 1.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn.functional import gelu, layer_norm, linear, normalize, scaled_dot_product_attention

HEADS, LAYERS, EPSILON = 12, 6, 1e-12
SENTENCES = [
    "The whole site is down!!",
    "a",
    "Größe und Farbe aus einer Produktzeile: 39–42, 値段 ¥1,200 👕",
    "Nov 23 o9:14:5 srv-2 ngnix[81]: eror conect() faild (errno=111)",
    "[CLS] Is [SEP] a special token in the input read as text? [MASK]",
    "Decide how soon a support message needs a reply: now when something is broken for everybody, "
    "today when one person is stuck, later for all else. " * 4,
]


def encode(weights: dict[str, torch.Tensor], tokens: torch.Tensor) -> torch.Tensor:
    """The vector of one sentence, of length 1."""

    def dense(x: torch.Tensor, name: str) -> torch.Tensor:
        return linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])

    def norm(x: torch.Tensor, name: str) -> torch.Tensor:
        size = (x.shape[-1],)
        return layer_norm(x, size, weights[f"{name}.weight"], weights[f"{name}.bias"], EPSILON)

    embeddings = "embeddings.{}_embeddings.weight".format
    x = weights[embeddings("word")][tokens] + weights[embeddings("position")][: len(tokens)]
    x = norm(x + weights[embeddings("token_type")][0], "embeddings.LayerNorm")
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        heads = [
            dense(x, f"{at}.attention.self.{part}").view(len(tokens), HEADS, -1).transpose(0, 1)
            for part in ("query", "key", "value")
        ]
        mixed = scaled_dot_product_attention(*heads).transpose(0, 1).reshape(len(tokens), -1)
        mixed = dense(mixed, f"{at}.attention.output.dense")
        x = norm(x + mixed, f"{at}.attention.output.LayerNorm")
        wide = dense(gelu(dense(x, f"{at}.intermediate.dense")), f"{at}.output.dense")
        x = norm(x + wide, f"{at}.output.LayerNorm")
    return normalize(x.mean(0), dim=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    weights = load_file(options.model / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    # Text that looks like a special token stays text, as in the engine.
    tokenizer.encode_special_tokens = True
    rows = []
    for sentence in SENTENCES:
        tokens = tokenizer.encode(sentence).ids
        vector = encode(weights, torch.tensor(tokens))
        rows.append(
            {
                "sentence": sentence,
                "tokens": tokens,
                "vector": [float(f"{value:.6g}") for value in vector.tolist()],
            }
        )
    options.to.write_text(json.dumps({"sentences": rows}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
