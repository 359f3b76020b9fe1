"""A sentence encoder (e5-small-v2, all-MiniLM-L6-v2) in PyTorch, with an adapter on some layers.

    encoder = Encoder.load(folder, rank=16)
    vectors = encoder.embed(["The site is down!!", "now: something is broken for everybody"])

The folder holds model.safetensors and tokenizer.json, as the pip package has them. BERT, the mean
over the tokens, length 1.
"""

import math
from dataclasses import dataclass, field
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import gelu, layer_norm, linear, normalize

HEADS, EPSILON = 12, 1e-12
MOST_TOKENS = 128
"""In training; a longer text is read from its beginning."""
TOKENS_A_BATCH = 2048
MODULES = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
}
"""The adapted matrices of a layer, with the engine's names."""


@dataclass(frozen=True)
class Pair:
    """What is added to a matrix W is B A."""

    a: nn.Parameter
    b: nn.Parameter


@dataclass
class Lower:
    """What the frozen part makes of a text: the states below the adapter, and the whole frozen
    encoder's vector."""

    states: Tensor
    vector: Tensor


@dataclass
class Encoder:
    weights: dict[str, Tensor]
    tokenizer: Tokenizer | None
    """None where only tokens are read."""
    prefix: str = ""
    """Stands before every text, as in the encoder's own training."""
    low: int = 0
    """The first adapted layer."""
    pairs: dict[str, Pair] = field(default_factory=dict)
    dtype: torch.dtype = torch.float32
    shift: Tensor | None = None
    """Added to the bias of the last norm, so the engine needs to know nothing of it."""
    lower: dict[str, Lower] = field(default_factory=dict)

    @classmethod
    def load(
        cls, folder: Path, *, rank: int = 0, low: int = 3, dtype=torch.float32, prefix: str = ""
    ) -> "Encoder":
        # Not needed to train on a machine that has the weights in another form.
        from safetensors.torch import load_file

        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        # Text that looks like a special token stays text, as in the engine.
        tokenizer.encode_special_tokens = True
        weights = load_file(folder / "model.safetensors")
        encoder = cls(weights, tokenizer, prefix, low, dtype=dtype)
        encoder.add_adapter(rank)
        return encoder

    @property
    def layers(self) -> int:
        return len({name.split(".")[2] for name in self.weights if name.startswith("encoder.")})

    def add_adapter(self, rank: int) -> None:
        """An adapter that changes nothing yet; rank 0 takes it off."""
        self.pairs.clear()
        draw = torch.Generator().manual_seed(1)
        for layer in range(self.low, self.layers) if rank > 0 else ():
            for module in MODULES:
                name = f"encoder.layer.{layer}.{module}"
                rows, columns = self.weights[f"{name}.weight"].shape
                start = torch.randn(rank, columns, generator=draw) / math.sqrt(columns)
                self.pairs[name] = Pair(nn.Parameter(start), nn.Parameter(torch.zeros(rows, rank)))

    def parameters(self) -> list[nn.Parameter]:
        return [part for pair in self.pairs.values() for part in (pair.a, pair.b)]

    def tokens(self, text: str) -> list[int]:
        ids = self.tokenizer.encode(self.prefix + text).ids
        return ids if len(ids) <= MOST_TOKENS else [*ids[: MOST_TOKENS - 1], ids[-1]]

    @torch.no_grad()
    def centre(self, texts: list[str]) -> None:
        """Takes off what the vectors of these texts have in common, before their length is 1."""
        rows = []
        for text in texts:
            ids = torch.tensor([self.tokens(text)])
            mask = torch.ones_like(ids, dtype=torch.bool)
            rows.append(self.run(self.look_up(ids), mask, 0, self.layers, adapted=False)[0].mean(0))
        self.add_shift(-torch.stack(rows).mean(0))

    def add_shift(self, shift: Tensor) -> None:
        self.weights[f"encoder.layer.{self.layers - 1}.output.LayerNorm.bias"] += shift
        self.shift = shift

    def embed(self, texts: list[str]) -> Tensor:
        """The vectors of texts, one a row."""
        self.read_lower(texts)
        unique = sorted(set(texts), key=lambda text: len(self.lower[text].states))
        parts = []
        for batch in batches(unique, lambda text: len(self.lower[text].states)):
            x, mask = pad([self.lower[text].states for text in batch])
            parts.append(pool(self.run(x, mask, self.low, self.layers, adapted=True), mask))
        row = {text: number for number, text in enumerate(unique)}
        return torch.cat(parts)[[row[text] for text in texts]]

    def frozen(self, texts: list[str]) -> Tensor:
        """The same without the adapter."""
        self.read_lower(texts)
        return torch.stack([self.lower[text].vector for text in texts])

    @torch.no_grad()
    def read_lower(self, texts: list[str]) -> None:
        """Runs the frozen layers once for each text."""
        new = {text: self.tokens(text) for text in texts if text not in self.lower}
        ordered = sorted(new, key=lambda text: len(new[text]))
        for batch in batches(ordered, lambda text: len(new[text])):
            ids, mask = pad([torch.tensor(new[text]) for text in batch])
            x = self.run(self.look_up(ids), mask, 0, self.low, adapted=False)
            vectors = pool(self.run(x, mask, self.low, self.layers, adapted=False), mask)
            for number, text in enumerate(batch):
                states = x[number, : len(new[text])].to(self.dtype, copy=True)
                self.lower[text] = Lower(states, vectors[number].clone())

    def look_up(self, ids: Tensor) -> Tensor:
        name = "embeddings.{}_embeddings.weight".format
        x = self.weights[name("word")][ids] + self.weights[name("position")][: ids.shape[1]]
        return self.norm(x + self.weights[name("token_type")][0], "embeddings.LayerNorm")

    def run(self, x: Tensor, mask: Tensor, first: int, last: int, *, adapted: bool) -> Tensor:
        """Layers `first` to `last` - 1 on padded rows; `mask` is true where a token is."""
        with torch.autocast("cpu", self.dtype, enabled=self.dtype != torch.float32):
            hidden = torch.zeros(mask.shape).masked_fill(~mask, -1e9)[:, None, None]
            for layer in range(first, last):
                x = self.run_layer(x, hidden, f"encoder.layer.{layer}", adapted)
        return x.float()

    def run_layer(self, x: Tensor, hidden: Tensor, at: str, adapted: bool) -> Tensor:
        rows, length, size = x.shape

        def dense(x: Tensor, module: str) -> Tensor:
            name = f"{at}.{module}"
            y = linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])
            pair = self.pairs.get(name) if adapted else None
            return y if pair is None else y + linear(linear(x, pair.a), pair.b)

        query, key, value = (
            dense(x, f"attention.self.{part}").view(rows, length, HEADS, -1).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.mT / math.sqrt(size / HEADS) + hidden
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(rows, length, size)
        mixed = dense(mixed, "attention.output.dense")
        x = self.norm(x + mixed, f"{at}.attention.output.LayerNorm")
        wide = gelu(dense(x, "intermediate.dense"))
        return self.norm(x + dense(wide, "output.dense"), f"{at}.output.LayerNorm")

    def norm(self, x: Tensor, name: str) -> Tensor:
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return layer_norm(x, (x.shape[-1],), weight, bias, EPSILON)


def pool(x: Tensor, mask: Tensor) -> Tensor:
    """The mean over the tokens of each row, of length 1."""
    return normalize((x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True), dim=-1)


def pad(rows: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Rows of different lengths as one tensor, and where a token is."""
    lengths = torch.tensor([len(row) for row in rows])
    padded = nn.utils.rnn.pad_sequence(
        [row.float() if row.is_floating_point() else row for row in rows], batch_first=True
    )
    return padded, torch.arange(padded.shape[1])[None] < lengths[:, None]


def batches(ordered: list[str], length) -> list[list[str]]:
    """Texts in order of length, as many together as stay within `TOKENS_A_BATCH`."""
    found: list[list[str]] = []
    for text in ordered:
        if found and length(text) * (len(found[-1]) + 1) <= TOKENS_A_BATCH:
            found[-1].append(text)
        else:
            found.append([text])
    return found
