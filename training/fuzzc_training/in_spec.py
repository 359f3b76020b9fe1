"""What tells a function's own inputs from others: the vector of its spec lies near theirs."""

import random
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from .corpus import Function

OWN = 8
"""Inputs of its own that a function is asked about at a step."""
NEAR_SHARE = 0.3
"""How much near misses count among the inputs outside."""


def spec_text(spec: str) -> str:
    """A spec as the encoder reads it, told apart from an input; so does packages/compiler."""
    return f"task: {spec}"


@dataclass(frozen=True)
class Membership:
    """A function as it is asked for what belongs to it."""

    spec: str
    own: list[str]
    near_misses: list[str]

    @property
    def texts(self) -> list[str]:
        return [spec_text(self.spec), *self.own, *self.near_misses]


def draw_membership(function: Function, draw: random.Random) -> Membership:
    inputs = [given for given, _ in function.cases]
    return Membership(
        draw.choice(function.variants).spec,
        draw.sample(inputs, min(OWN, len(inputs))),
        list(function.near_misses),
    )


class MembershipLoss(nn.Module):
    """Tells own inputs from others by one line over the likeness to the spec, for all functions."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(10.0))
        self.middle = nn.Parameter(torch.tensor(0.2))

    def forward(self, memberships: list[Membership], vector: dict[str, Tensor]) -> Tensor:
        """Half of a function's loss is on its own inputs, half on those outside."""
        inputs = [torch.stack([vector[text] for text in one.own]) for one in memberships]
        losses = []
        for number, one in enumerate(memberships):
            spec = vector[spec_text(one.spec)]
            others = torch.cat([rows for at, rows in enumerate(inputs) if at != number])
            outside = self.loss(others @ spec, 0.0)
            if one.near_misses:
                near = torch.stack([vector[text] for text in one.near_misses])
                outside = outside.lerp(self.loss(near @ spec, 0.0), NEAR_SHARE)
            losses.append((self.loss(inputs[number] @ spec, 1.0) + outside) / 2)
        return torch.stack(losses).mean()

    def loss(self, likeness: Tensor, belongs: float) -> Tensor:
        logits = self.slope * (likeness - self.middle)
        return binary_cross_entropy_with_logits(logits, torch.full_like(logits, belongs))


@torch.no_grad()
def measure_in_spec(encoder, functions: list[Function]) -> float:
    """ROC area of the likeness to the spec, the mean over functions: 8 own inputs against 8 of
    other functions and the near misses."""
    areas = []
    draw = random.Random(1)
    for number, function in enumerate(functions):
        spec = function.variants[number % len(function.variants)].spec
        own = [given for given, _ in draw.sample(function.cases, 8)]
        others = [one for one in functions if one.id != function.id]
        outside = [draw.choice(one.cases)[0] for one in draw.choices(others, k=8)]
        outside += function.near_misses
        vectors = encoder.embed([spec_text(spec), *own, *outside])
        likeness = vectors[1:] @ vectors[0]
        inside, beyond = likeness[: len(own), None], likeness[None, len(own) :]
        areas.append(((inside > beyond).float() + 0.5 * (inside == beyond).float()).mean())
    return torch.stack(areas).mean().item()
