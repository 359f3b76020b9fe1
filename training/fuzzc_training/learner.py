"""One optimiser step after another: what every recipe shares."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from .base import Base
from .compiler import Compiler, CompilerConfig, batch_loss, read_task
from .rows import Batch

WARMUP_STEPS = 40
SHARED_A, SHARED_B, BASES = 5e-4, 1e-3, 2e-4
TRUNK, HEAD = 1e-4, 3e-5
"""Ten times as much on the head scrambles the shared adapter before it learns anything (LOG.md)."""
BACKBONE = 1e-4


@dataclass(frozen=True)
class Rates:
    """Factors on the peak learning rates."""

    all: float = 1.0
    departures: float = 1.0
    """On top of it, for all but the shared adapter."""


AS_THEY_ARE = Rates()


def parameter_groups(compiler: Compiler, rates: Rates) -> list[dict]:
    groups = [
        {"params": list(compiler.shared_a.values()), "peak": SHARED_A, "weight_decay": 0.0},
        {"params": list(compiler.shared_b.values()), "peak": SHARED_B, "weight_decay": 0.0},
    ]
    shared = len(groups)
    if compiler.config.departures:
        bases = [*compiler.bases_a.values(), *compiler.bases_b.values()]
        groups.append({"params": bases, "peak": BASES, "weight_decay": 0.0})
        for layer, peak in ((compiler.trunk, TRUNK), (compiler.head, HEAD)):
            groups.append({"params": list(layer.parameters()), "peak": peak, "weight_decay": 0.01})
        if compiler.backbone is not None:
            backbone = list(compiler.backbone.parameters())
            groups.append({"params": backbone, "peak": BACKBONE, "weight_decay": 0.0})
    for number, group in enumerate(groups):
        group["peak"] *= rates.all * (rates.departures if number >= shared else 1.0)
    return groups


def schedule(done: float, step: int) -> float:
    """Warm-up by steps, then a cosine over the share of cases done, down to a tenth."""
    warm = min(1.0, (step + 1) / WARMUP_STEPS)
    return warm * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


ShareGradients = Callable[[Sequence[Tensor]], None]


def keep_gradients(parameters: Sequence[Tensor]) -> None:
    """What a single process does with its gradients before a step: nothing."""


class Learner:
    """A compiler in training: its optimiser, and how far it is. Counts of a step are tensors, so
    that a GPU need not wait for them."""

    def __init__(
        self,
        base: Base,
        compiler: Compiler,
        rates: Rates = AS_THEY_ARE,
        share_gradients: ShareGradients = keep_gradients,
    ):
        """share_gradients: sums them over processes."""
        self.base = base
        self.compiler = compiler
        self.share_gradients = share_gradients
        self.optimizer = torch.optim.AdamW(
            parameter_groups(compiler, rates), lr=0.0, betas=(0.9, 0.98)
        )
        self.step, self.seen = 0, 0

    def backward(self, batch: Batch, rows: int) -> tuple[Tensor, Tensor]:
        """Adds the gradients of one batch out of a step of so many rows; (loss, exact cases)."""
        loss, exact = batch_loss(self.base, self.compiler, batch)
        loss = loss / rows
        loss.backward()
        return loss.detach(), exact.sum()

    def learn(
        self, batches: Iterable[Batch], rows: int, cases: int, cases_to_see: int
    ) -> tuple[Tensor, Tensor]:
        """One step over some batches: (loss, exact cases). `rows` and `cases` count those of all
        processes: the loss is this process's share of the mean over all rows."""
        self.optimizer.zero_grad(set_to_none=True)
        results = [self.backward(batch, rows) for batch in batches]
        self.seen += cases
        for group in self.optimizer.param_groups:
            self.share_gradients(group["params"])
            nn.utils.clip_grad_norm_(group["params"], 1.0)
            done = self.seen / cases_to_see
            group["lr"] = group["peak"] * schedule(done, self.step)
        self.optimizer.step()
        self.step += 1
        losses, exact = zip(*results, strict=True)
        return torch.stack(losses).sum(), torch.stack(exact).sum()

    def state(self) -> dict:
        return {
            "config": self.compiler.config.as_dict(),
            "compiler": self.compiler.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seen": self.seen,
        }

    def load_state(self, state: dict) -> None:
        """Goes on where `state` was taken, with the peak rates of today."""
        peaks = [group["peak"] for group in self.optimizer.param_groups]
        self.compiler.load_state_dict(state["compiler"])
        self.optimizer.load_state_dict(state["optimizer"])
        for group, peak in zip(self.optimizer.param_groups, peaks, strict=True):
            group["peak"] = peak
        self.step, self.seen = state["step"], state["seen"]

    def start_from(self, state: dict) -> None:
        """Takes over the weights alone, as from the run of a shared adapter."""
        self.compiler.load_state_dict(state["compiler"])
        self.seen = state["seen"]

    @torch.no_grad()
    def measure_features(self, batches: Iterable[Batch]) -> None:
        """Sets mean and spread of the features, since single dimensions of hidden states are
        huge."""
        seen = torch.cat([read_task(self.base, self.compiler, batch)[1] for batch in batches])
        self.compiler.features_mean.copy_(seen.mean(0))
        self.compiler.features_std.copy_(seen.std(0).clamp_min(1e-3))


def save(path: Path, state: dict) -> None:
    """Writes a checkpoint whole or not at all."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def load_checkpoint(base: Base, run: Path, backbone: Base | None = None) -> tuple[Compiler, dict]:
    """The compiler of a run's last checkpoint, and the checkpoint."""
    state = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=False)
    compiler = Compiler(base, CompilerConfig(**state["config"]), backbone)
    compiler.load_state_dict(state["compiler"])
    return compiler, state
