"""A base model in a file that torch alone reads: its blocks of Q8_0 or Q4_1 as they are."""

from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from .base import Base, BaseConfig

BLOCK = 32
"""Values that share a scale in Q8_0 and in Q4_1."""
Stored = Tensor | tuple[Tensor, ...]
"""float32 values; of Q8_0 (values: int8, rows × columns; scales: float16, rows × blocks); of Q4_1
(pairs of values: uint8, rows × half the columns, the low half-bytes the first half of a block;
scales and least values: float16, rows × blocks)."""


def write_portable_base(path: Path, config: BaseConfig, tensors: dict[str, Stored]) -> None:
    torch.save({"config": asdict(config), "tensors": tensors}, path)


def dequantise(stored: Stored) -> Tensor:
    """rows × columns, float32."""
    if isinstance(stored, Tensor):
        return stored
    values, scales, *least = stored
    if least:
        pairs = values.view(values.shape[0], -1, BLOCK // 2)
        blocks = torch.cat([pairs & 15, pairs >> 4], -1).float() * scales.float()[..., None]
        blocks = blocks + least[0].float()[..., None]
    else:
        blocks = values.float().view(values.shape[0], -1, BLOCK) * scales.float()[..., None]
    return blocks.view(values.shape[0], -1)


def read_portable_base(path: Path, dtype: torch.dtype, device: torch.device) -> Base:
    stored = torch.load(path, weights_only=True)
    tensors = {}
    for name, value in stored["tensors"].items():
        parts = value.to(device) if isinstance(value, Tensor) else [x.to(device) for x in value]
        tensors[name] = dequantise(parts if isinstance(parts, Tensor) else tuple(parts))
    return Base(BaseConfig(**stored["config"]), tensors, dtype).requires_grad_(False)
