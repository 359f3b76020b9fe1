"""A base model's GGUF → its weights and its tokenizer in Python.

Weights stand in the Hugging Face row order: for the architecture `llama`, GGUF permutes the rows
of q and k for its own rotary layout, and `unpermute` turns them back.
"""

from pathlib import Path

import numpy as np
import torch
from gguf import GGUFReader, ReaderTensor, dequantize
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor

from .base import Base, BaseConfig

GGUF_NAMES = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}


def unpermute(weight: np.ndarray, heads: int) -> np.ndarray:
    """GGUF's interleaved rotary rows back to the half-split order of Hugging Face."""
    rows, columns = weight.shape
    return (
        weight.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)
    )


def load_base(path: Path, dtype: torch.dtype = torch.float32) -> Base:
    """Dequantise a GGUF of the architecture llama or qwen3, with tied embeddings."""
    reader = GGUFReader(path)
    config = read_config(reader)
    tensors = {
        name: dequantised(tensor, heads) for name, (tensor, heads) in stored(reader, config).items()
    }
    return Base(config, tensors, dtype).requires_grad_(False)


def read_config(reader: GGUFReader) -> BaseConfig:
    architecture = reader.fields["general.architecture"].contents()
    if architecture not in ("llama", "qwen3"):
        raise ValueError(f"a base of the architecture {architecture!r}; known: llama, qwen3")

    def field(name: str, otherwise: int | None = None):
        found = reader.fields.get(f"{architecture}.{name}")
        if found is None and otherwise is None:
            raise ValueError(f"no {architecture}.{name} in the GGUF")
        return otherwise if found is None else found.contents()

    hidden, heads = field("embedding_length"), field("attention.head_count")
    return BaseConfig(
        layers=field("block_count"),
        hidden=hidden,
        heads=heads,
        kv_heads=field("attention.head_count_kv"),
        head_size=field("attention.key_length", hidden // heads),
        ffn=field("feed_forward_length"),
        rope_base=field("rope.freq_base"),
        epsilon=field("attention.layer_norm_rms_epsilon"),
        vocabulary=len(reader.fields["tokenizer.ggml.tokens"].data),
        architecture=architecture,
    )


def stored(reader: GGUFReader, config: BaseConfig) -> dict[str, tuple[ReaderTensor, int]]:
    """By its name in `Base`: the tensor, and the number of heads its rows are permuted in, or 0."""
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    permuted = {"q_proj": config.heads, "k_proj": config.kv_heads}
    if config.architecture != "llama":
        permuted = {}
    found = {
        "token_embd": (tensors["token_embd.weight"], 0),
        "output_norm": (tensors["output_norm.weight"], 0),
    }
    for layer in range(config.layers):
        for module, name in GGUF_NAMES.items():
            tensor = tensors[f"blk.{layer}.{name}.weight"]
            found[f"{layer}.{module}"] = (tensor, permuted.get(module, 0))
        for name in config.norms:
            found[f"{layer}.{name}"] = (tensors[f"blk.{layer}.{name}.weight"], 0)
    return found


def dequantised(tensor: ReaderTensor, heads: int) -> Tensor:
    values = np.array(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
    values = values.reshape(tuple(int(size) for size in reversed(tensor.shape)))
    return torch.from_numpy(unpermute(values, heads).copy() if heads else values)


SMOLLM = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
QWEN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""How llama.cpp's pre-tokenizers `smollm` (after single digits: GPT-2's pattern) and `qwen2`
split a text."""


def load_tokenizer(path: Path) -> Tokenizer:
    """The GGUF's byte-level BPE, pre-tokenised as llama.cpp's `smollm` or `qwen2`."""
    fields = GGUFReader(path).fields
    kind = fields["tokenizer.ggml.pre"].contents()
    splits = {
        "smollm": [pre_tokenizers.Digits(individual_digits=True), split(SMOLLM)],
        "qwen2": [split(QWEN)],
    }
    if kind not in splits:
        raise ValueError(f"{path}: pre-tokenizer {kind!r} is not one of {', '.join(splits)}")
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
    tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)}, merges=merges))
    bytes_of = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*splits[kind], bytes_of])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def split(pattern: str) -> pre_tokenizers.Split:
    return pre_tokenizers.Split(Regex(pattern), behavior="isolated")
