"""The compiler that is trained: features → trunk → coefficients → adapter.

    A = A_shared + Σ aₙ Aₙ        B = B_shared + Σ bₙ Bₙ        W' = W + alpha / rank · B A
Coefficients are laid out (layer, module, basis, {A, B}), modules in alphabetical order, as in
the official compilers; the shared adapter is ours: training starts from it and learns departures.
"""

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from .base import MODULES, Base, LayerAdapter
from .rows import Row


@dataclass(frozen=True)
class CompilerConfig:
    feature_layers: tuple[int, ...] = (5, 10, 15)
    """Indices into hidden_states, concatenated; no deeper than the frozen layers, so that a
    training row's own pass gives them."""
    first_layer: int = 15
    trunk: int = 384
    rank: int = 16
    alpha: int = 16
    bases: int = 16
    departures: bool = True
    """False trains the one shared adapter alone: the control."""

    def as_dict(self) -> dict:
        return asdict(self)


class Compiler(nn.Module):
    def __init__(self, base: Base, config: CompilerConfig):
        super().__init__()
        self.config = config
        shape = base.config
        self.layers = tuple(range(config.first_layer, shape.layers))
        features = len(config.feature_layers) * shape.hidden
        self.register_buffer("features_mean", torch.zeros(features))
        self.register_buffer("features_std", torch.ones(features))
        self.trunk = nn.Linear(features, config.trunk)
        self.head = nn.Linear(config.trunk, len(self.layers) * len(MODULES) * config.bases * 2)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
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
        """features: F → layer × module × basis × 2."""
        x = (features - self.features_mean) / self.features_std
        x = self.head(nn.functional.gelu(self.trunk(x)))
        return x.view(len(self.layers), len(MODULES), self.config.bases, 2)

    def adapter(self, coefficients: Tensor | None) -> list[LayerAdapter]:
        """One adapter a layer; without coefficients the shared one."""
        scale = self.config.alpha / self.config.rank
        stacks: dict[str, tuple[Tensor, Tensor]] = {}
        for index, module in enumerate(MODULES):
            a, b = self.shared_a[module], self.shared_b[module]
            if coefficients is not None:
                a = a + torch.einsum(
                    "ln,nri->lri", coefficients[:, index, :, 0], self.bases_a[module]
                )
                b = b + torch.einsum(
                    "ln,nor->lor", coefficients[:, index, :, 1], self.bases_b[module]
                )
            stacks[module] = (a, b * scale)
        return [
            {module: (a[layer], b[layer]) for module, (a, b) in stacks.items()}
            for layer in range(len(self.layers))
        ]


@torch.no_grad()
def run_frozen(base: Base, compiler: Compiler, row: Row) -> tuple[Tensor, Tensor]:
    """The frozen lower layers of a row: (hidden states before the first adapted layer: 1 × T × d,
    features: F)."""
    x = base.embed(row.ids[None])
    mask, rotary = row.mask(), base.rotary(row.positions)
    seen = []
    for layer in range(compiler.config.first_layer + 1):
        if layer in compiler.config.feature_layers:
            seen.append(x[0, row.task.start : row.task.stop].mean(0))
        if layer < compiler.config.first_layer:
            x = base.layer(x, layer, rotary, mask)
    return x, torch.cat(seen)


def run_adapted(
    base: Base, compiler: Compiler, row: Row, x: Tensor, adapter: list[LayerAdapter]
) -> Tensor:
    """Logits (answers × vocabulary) of a row under an adapter."""
    mask, rotary = row.mask(), base.rotary(row.positions)
    for layer, weights in zip(compiler.layers, adapter, strict=True):
        x = base.layer(x, layer, rotary, mask, weights)
    return base.logits(x[0, row.sources])


def row_loss(base: Base, compiler: Compiler, row: Row) -> tuple[Tensor, Tensor]:
    """(weighted cross-entropy over the answers, exact match of each case if decoded greedily)."""
    x, features = run_frozen(base, compiler, row)
    coefficients = compiler.coefficients(features) if compiler.config.departures else None
    logits = run_adapted(base, compiler, row, x, compiler.adapter(coefficients))
    losses = nn.functional.cross_entropy(logits, row.targets, reduction="none")
    return (losses * row.weights()).sum(), exact_match(logits, row)


def exact_match(logits: Tensor, row: Row) -> Tensor:
    """A case is exact when each of its tokens is the most likely one: greedy decoding, one pass."""
    right = (logits.argmax(-1) == row.targets).float()
    wrong = torch.zeros(row.cases).index_add_(0, row.owners, 1 - right)
    return wrong == 0
