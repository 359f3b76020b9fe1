"""A base model in a file that torch alone reads: its Q8_0 blocks as they are."""

from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from .base import Base, BaseConfig

BLOCK = 32
"""Values that share a scale in Q8_0."""


def write_portable_base(
    path: Path, config: BaseConfig, tensors: dict[str, Tensor | tuple[Tensor, Tensor]]
) -> None:
    """tensors: float32, or (values: int8, rows × columns; scales: float16, rows × blocks)."""
    torch.save({"config": asdict(config), "tensors": tensors}, path)


def dequantise(stored: Tensor | tuple[Tensor, Tensor]) -> Tensor:
    if isinstance(stored, Tensor):
        return stored
    values, scales = stored
    blocks = values.float().view(values.shape[0], -1, BLOCK) * scales.float()[..., None]
    return blocks.view(values.shape)


def read_portable_base(path: Path, dtype: torch.dtype, device: torch.device) -> Base:
    stored = torch.load(path, weights_only=True)
    tensors = {}
    for name, value in stored["tensors"].items():
        parts = value.to(device) if isinstance(value, Tensor) else [x.to(device) for x in value]
        tensors[name] = dequantise(parts if isinstance(parts, Tensor) else tuple(parts))
    return Base(BaseConfig(**stored["config"]), tensors, dtype).requires_grad_(False)
