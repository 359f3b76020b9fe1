"""A model that reads the task for the compiler in a pass of its own, with an adapter it learns.

As in the official compilers, learned prefix tokens may stand behind the task; its hidden states
are then read there, else at the task's tokens. Their backbone is trained whole; ours keeps its
weights and learns a LoRA adapter, which needs a hundredth of the memory.
"""

import torch
from torch import Tensor, nn

from .base import MODULES, Base, LayerAdapter
from .rows import Batch

LENGTHS = 64
"""Tasks are padded to a multiple of this, so that a compiled block meets few shapes."""


class Backbone(nn.Module):
    def __init__(self, base: Base, layers: tuple[int, ...], rank: int, prefix_tokens: int):
        """layers: indices into hidden_states, where the layer count means the last output."""
        super().__init__()
        self.base = base
        self.layers = layers
        self.rank = rank
        shape = base.config
        self.prefix = nn.Parameter(torch.randn(prefix_tokens, shape.hidden) * 0.02)
        self.a, self.b = nn.ParameterDict(), nn.ParameterDict()
        for layer in range(max(layers)):
            for module in MODULES:
                d_in, d_out = shape.dims(module)
                self.a[f"{layer}_{module}"] = nn.Parameter(torch.randn(rank, d_in) / d_in**0.5)
                self.b[f"{layer}_{module}"] = nn.Parameter(torch.zeros(d_out, rank))

    def adapter(self, layer: int) -> LayerAdapter:
        return {
            module: (self.a[f"{layer}_{module}"], self.b[f"{layer}_{module}"]) for module in MODULES
        }

    def forward(self, batch: Batch) -> list[Tensor]:
        """The mean hidden state, rows × d, of each feature layer."""
        count = len(self.prefix)
        length = -(-(int(batch.task_ends.max()) + count) // LENGTHS) * LENGTHS
        ids = nn.functional.pad(batch.ids, (0, max(0, length - batch.ids.shape[1])))[:, :length]
        x = self.base.embed(ids)
        if count:
            places = batch.task_ends[:, None] + torch.arange(count, device=ids.device)
            rows = torch.arange(len(ids), device=ids.device)[:, None]
            x = x.index_put((rows, places), self.prefix.expand(len(ids), -1, -1))
            read = torch.zeros(len(ids), length, device=ids.device)
            read.scatter_(1, places, 1 / count)
        else:
            short = max(0, length - batch.task.shape[1])
            read = nn.functional.pad(batch.task, (0, short))[:, :length]
        # What follows a row's last token read can't be seen from it: no padding mask is needed.
        mask = torch.ones(length, length, dtype=torch.bool, device=ids.device).tril()
        rotary = self.base.rotary(torch.arange(length, device=ids.device))
        means = []
        for layer in range(max(self.layers) + 1):
            if layer in self.layers:
                means.append((read[:, None] @ x)[:, 0])
            if layer < max(self.layers):
                x = self.base.layer(x, layer, rotary, mask, self.adapter(layer))
        return means
