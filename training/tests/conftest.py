"""Tiny random GGUFs with a byte-level tokenizer: the real loading code, in a second."""

from pathlib import Path

import gguf
import numpy as np
import pytest

from fuzzc_training.corpus import Function, read_corpus

HEADS, KV_HEADS = 4, 2


def byte_tokens() -> list[str]:
    """The 256 visible characters of GPT-2's byte-level alphabet."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = (chr(256 + index) for index in range(256))
    return [chr(byte) if byte in kept else next(spare) for byte in range(256)]


def write_tiny(
    path: Path, architecture: str, layers: int, hidden: int, head_size: int, ffn: int
) -> Path:
    tokens = [*byte_tokens(), "th", "<|im_start|>", "<|im_end|>"]
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_block_count(layers)
    writer.add_embedding_length(hidden)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    if head_size * HEADS != hidden:
        writer.add_key_length(head_size)
    writer.add_feed_forward_length(ffn)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_pre("qwen2" if architecture == "qwen3" else "smollm")
    writer.add_token_list(tokens)
    writer.add_token_merges(["t h"])
    draw = np.random.default_rng(0)

    def add(name: str, rows: int, columns: int) -> None:
        values = draw.normal(0, 0.6 / columns**0.5, (rows, columns)).astype(np.float32)
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(name, gguf.quantize(values, kind), raw_dtype=kind)

    def add_norm(name: str, size: int) -> None:
        writer.add_tensor(name, np.ones(size, dtype=np.float32))

    queries, kv = head_size * HEADS, head_size * KV_HEADS
    add("token_embd.weight", len(tokens), hidden)
    add_norm("output_norm.weight", hidden)
    for layer in range(layers):
        for name in ("attn_norm", "ffn_norm"):
            add_norm(f"blk.{layer}.{name}.weight", hidden)
        if architecture == "qwen3":
            for name in ("attn_q_norm", "attn_k_norm"):
                add_norm(f"blk.{layer}.{name}.weight", head_size)
        add(f"blk.{layer}.attn_q.weight", queries, hidden)
        add(f"blk.{layer}.attn_k.weight", kv, hidden)
        add(f"blk.{layer}.attn_v.weight", kv, hidden)
        add(f"blk.{layer}.attn_output.weight", hidden, queries)
        add(f"blk.{layer}.ffn_gate.weight", ffn, hidden)
        add(f"blk.{layer}.ffn_up.weight", ffn, hidden)
        add(f"blk.{layer}.ffn_down.weight", hidden, ffn)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    return write_tiny(folder / "tiny.gguf", "llama", layers=4, hidden=64, head_size=16, ffn=96)


@pytest.fixture(scope="session")
def tiny_qwen3(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A backbone and a smaller interpreter; the heads together are wider than the hidden state."""
    folder = tmp_path_factory.mktemp("qwen3")
    return (
        write_tiny(folder / "backbone.gguf", "qwen3", layers=3, hidden=64, head_size=32, ffn=96),
        write_tiny(folder / "interpreter.gguf", "qwen3", layers=2, hidden=32, head_size=16, ffn=64),
    )


@pytest.fixture(scope="session")
def short_functions() -> list[Function]:
    """Corpus functions with short specs: a byte is a token here."""
    formats = [function for function in read_corpus() if function.domain == "formats"]
    return sorted(formats, key=lambda f: max(len(variant.spec) for variant in f.variants))[:12]
