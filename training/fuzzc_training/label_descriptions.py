"""Labels as vectors, exactly as packages/compiler makes them: a description of each label out of
the spec (describe-label.ts), mixed with examples into prototypes (mix-prototypes.ts)."""

import re

import torch
from torch import Tensor
from torch.nn.functional import normalize, one_hot

WEIGHT, CENTRING = 3.0, 0.5
"""How many examples a description counts as; how much of what all have in common is taken off."""


def describe_label(spec: str, label: str, labels: tuple[str, ...]) -> str:
    """What a spec says about one label, with the label before it."""
    start = find_word(spec, label, 0)
    if start < 0:
        return label
    end = start + len(label)
    if spec[start - 1 : start] == "(" and spec[end : end + 1] == ")":
        before = re.split(r"[,;:.?!\n]|\)", spec[: start - 1])[-1]
        return f"{label}: {trim_joints(before) or label}"
    others = (find_word(spec, other, end) for other in labels if other != label)
    stop = min([len(spec), *(index for index in others if index >= 0)])
    return f"{label}: {trim_joints(spec[start:stop])}"


def find_word(text: str, word: str, start: int) -> int:
    """Where a text stands as words of their own, whatever their case; -1: nowhere."""
    pattern = rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"
    found = re.compile(pattern, re.IGNORECASE).search(text, start)
    return found.start() if found else -1


def trim_joints(text: str) -> str:
    """Without what joins it to what comes before and after."""
    text = re.sub(r"^[\s,;:(]+(?:(?:or|and)\s)?", "", text, flags=re.IGNORECASE)
    end = r"[\s,;:(]+(?:or|and)?[\s,;:(\"'`]*$"
    return re.sub(end, "", text, flags=re.IGNORECASE).strip()


def mix_prototypes(descriptions: Tensor, examples: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """A vector and a bias for each label.

    descriptions: (labels, size); examples: (n, size); labels: (n,), the label of each example.
    """
    if len(labels) == 0:
        return descriptions, torch.zeros(len(descriptions))
    usual = CENTRING * examples.mean(0)
    own = one_hot(labels, len(descriptions)).float()
    described = WEIGHT * normalize(descriptions - CENTRING * descriptions.mean(0), dim=-1)
    shown = own.T @ normalize(examples - usual, dim=-1)
    vectors = (described + shown) / (WEIGHT + own.sum(0))[:, None]
    return vectors, -(vectors @ usual)
