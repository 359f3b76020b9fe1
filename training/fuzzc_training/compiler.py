"""The compiler that is trained: features → trunk → coefficients → adapter.

    A = A_shared + Σ aₙ Aₙ        B = B_shared + Σ bₙ Bₙ        W' = W + alpha / rank · B A
Coefficients are laid out (layer, module, basis, {A, B}), modules in alphabetical order, as in
the official compilers; the shared adapter is ours: training starts from it and learns departures.
Shapes: B rows (each its own spec) of T tokens; F features; d hidden states.
"""

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from .backbone import Backbone
from .base import MODULES, Base, LayerAdapter
from .rows import Batch


@dataclass(frozen=True)
class CompilerConfig:
    feature_layers: tuple[int, ...] = (3, 5, 8)
    """Indices into hidden_states. Without a backbone of its own no deeper than the frozen layers,
    so that a training row's own pass gives them."""
    first_layer: int = 8
    """The lower the better, at equal time, as long as features can be read below it (LOG.md)."""
    trunk: int = 384
    rank: int = 16
    alpha: int = 16
    bases: int = 16
    departures: bool = True
    """False trains the one shared adapter alone: the control."""
    combine: str = "concat"
    """How the feature layers become one vector: "concat" or "mean"."""
    head_rank: int = 0
    """Above 0, the head is the product of two matrices of this rank."""
    backbone_rank: int = 0
    """Above 0, a backbone with an adapter of this rank reads the task: a pass of its own."""
    prefix_tokens: int = 0
    """Learned tokens behind the task; the backbone's features are read there."""

    def as_dict(self) -> dict:
        return asdict(self)


class Compiler(nn.Module):
    """`backbone` is the model that reads the task, if it isn't the base itself."""

    def __init__(self, base: Base, config: CompilerConfig, backbone: Base | None = None):
        super().__init__()
        self.config = config
        shape, reader = base.config, (backbone or base).config
        self.layers = tuple(range(config.first_layer, shape.layers))
        self.backbone = None
        if config.backbone_rank:
            self.backbone = Backbone(
                backbone or base, config.feature_layers, config.backbone_rank, config.prefix_tokens
            )
        joined = len(config.feature_layers) if config.combine == "concat" else 1
        features = joined * reader.hidden
        self.register_buffer("features_mean", torch.zeros(features))
        self.register_buffer("features_std", torch.ones(features))
        self.trunk = nn.Linear(features, config.trunk)
        coefficients = len(self.layers) * len(MODULES) * config.bases * 2
        self.head = make_head(config.trunk, coefficients, config.head_rank)
        self.bases_a, self.bases_b = nn.ParameterDict(), nn.ParameterDict()
        self.shared_a, self.shared_b = nn.ParameterDict(), nn.ParameterDict()
        for module in MODULES:
            d_in, d_out = shape.dims(module)
            self.bases_a[module] = nn.Parameter(
                torch.randn(config.bases, config.rank, d_in) / d_in**0.5
            )
            self.bases_b[module] = nn.Parameter(
                torch.randn(config.bases, d_out, config.rank) * 0.02
            )
            self.shared_a[module] = nn.Parameter(
                torch.randn(len(self.layers), config.rank, d_in) / d_in**0.5
            )
            self.shared_b[module] = nn.Parameter(torch.zeros(len(self.layers), d_out, config.rank))

    def coefficients(self, features: Tensor) -> Tensor:
        """features: B × F → B × layer × module × basis × 2."""
        x = (features - self.features_mean) / self.features_std
        x = self.head(nn.functional.gelu(self.trunk(x)))
        return x.view(-1, len(self.layers), len(MODULES), self.config.bases, 2)

    def adapter(self, coefficients: Tensor | None) -> list[LayerAdapter]:
        """One adapter a layer, with the rows in front; without coefficients the shared one."""
        scale = self.config.alpha / self.config.rank
        stacks: dict[str, tuple[Tensor, Tensor]] = {}
        for index, module in enumerate(MODULES):
            a, b = self.shared_a[module], self.shared_b[module]
            if coefficients is not None:
                a = a + torch.einsum(
                    "zln,nri->zlri", coefficients[:, :, index, :, 0], self.bases_a[module]
                )
                b = b + torch.einsum(
                    "zln,nor->zlor", coefficients[:, :, index, :, 1], self.bases_b[module]
                )
            stacks[module] = (a, b * scale)
        return [
            {
                module: (a[..., layer, :, :], b[..., layer, :, :])
                for module, (a, b) in stacks.items()
            }
            for layer in range(len(self.layers))
        ]


def make_head(trunk: int, coefficients: int, rank: int) -> nn.Module:
    """Starts at coefficients of 0: the shared adapter alone."""
    head = nn.Linear(rank or trunk, coefficients)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    return nn.Sequential(nn.Linear(trunk, rank, bias=False), head) if rank else head


def head_of(compiler: Compiler) -> tuple[Tensor, Tensor]:
    """Weight and bias of the head as one matrix."""
    if isinstance(compiler.head, nn.Linear):
        return compiler.head.weight, compiler.head.bias
    narrow, wide = compiler.head
    return wide.weight @ narrow.weight, wide.bias


@torch.no_grad()
def scale_coefficients(compiler: Compiler, factor: float) -> None:
    """Makes every program depart from the shared adapter so many times as far."""
    head = compiler.head if isinstance(compiler.head, nn.Linear) else compiler.head[-1]
    for values in head.parameters():
        values *= factor


def combine_layers(means: list[Tensor], how: str) -> Tensor:
    """B × d of each feature layer → B × F."""
    return torch.cat(means, -1) if how == "concat" else torch.stack(means).mean(0)


@torch.no_grad()
def run_frozen(base: Base, compiler: Compiler, batch: Batch) -> tuple[Tensor, list[Tensor]]:
    """The frozen lower layers: (hidden states before the first adapted layer: B × T × d, the mean
    over the task tokens, B × d, of each feature layer among them)."""
    x = base.embed(batch.ids)
    rotary = base.rotary(batch.positions)
    means = []
    for layer in range(compiler.config.first_layer + 1):
        if layer in compiler.config.feature_layers:
            means.append((batch.task[:, None] @ x)[:, 0])
        if layer < compiler.config.first_layer:
            x = base.layer(x, layer, rotary, batch.mask)
    return x, means


def read_task(base: Base, compiler: Compiler, batch: Batch) -> tuple[Tensor, Tensor]:
    """(hidden states before the first adapted layer: B × T × d, features: B × F)."""
    x, means = run_frozen(base, compiler, batch)
    if compiler.backbone is not None:
        means = compiler.backbone(batch)
    return x, combine_layers(means, compiler.config.combine)


def run_adapted(
    base: Base, compiler: Compiler, batch: Batch, x: Tensor, adapter: list[LayerAdapter]
) -> Tensor:
    """Logits (answers × vocabulary) of a batch under one adapter, or one adapter a row."""
    rotary = base.rotary(batch.positions)
    for layer, weights in zip(compiler.layers, adapter, strict=True):
        x = base.layer(x, layer, rotary, batch.mask, weights)
    return base.logits(x.flatten(0, 1)[batch.sources])


def batch_loss(base: Base, compiler: Compiler, batch: Batch) -> tuple[Tensor, Tensor]:
    """(weighted cross-entropy over the answers, summed over the rows; exact match of each case if
    decoded greedily)."""
    coefficients = None
    if compiler.config.departures:
        x, features = read_task(base, compiler, batch)
        coefficients = compiler.coefficients(features)
    else:
        x, _ = run_frozen(base, compiler, batch)
    logits = run_adapted(base, compiler, batch, x, compiler.adapter(coefficients))
    return answer_loss(logits, batch), exact_match(logits, batch)


def answer_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Weighted cross-entropy over the answers, summed over the rows."""
    losses = nn.functional.cross_entropy(logits, batch.targets, reduction="none")
    return (losses * batch.weights).sum()


def exact_match(logits: Tensor, batch: Batch) -> Tensor:
    """A case is exact when each of its tokens is the most likely one: greedy decoding, one pass."""
    right = (logits.argmax(-1) == batch.targets).float()
    wrong = torch.zeros(batch.cases, device=right.device).index_add_(0, batch.owners, 1 - right)
    return wrong == 0
