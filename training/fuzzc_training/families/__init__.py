"""Families of fuzzy functions that can be drawn without end.

    draw = random.Random(7)
    function = draw_function(draw)          # a corpus Function: spec, cases, near misses

A family draws its parameters (labels, formats, thresholds, layouts …), says them in one of many
differently built wordings, and makes cases whose outputs are right by construction.
"""

import random

from ..corpus import Function

# Importing a module registers its families.
from . import (  # noqa: F401
    addresses,
    calendar_forms,
    choosing,
    codes,
    commits,
    dates,
    days,
    error_location,
    extraction,
    identifiers,
    json_edit,
    json_read,
    json_repair,
    log_fields,
    log_repair,
    log_repair_parts,
    markup,
    money,
    orders,
    people,
    phones,
    policies,
    quantities,
    ranking,
    rows_to_json,
    rules_of_days,
    rules_of_two,
    speech,
    templates,
    text_repair,
    text_rows,
    to_json,
    topic_labels,
    transforms,
    versions,
    word_classes,
)
from .family import FAMILIES, Family

__all__ = ["FAMILIES", "Family", "draw_function", "split_families"]


def split_families() -> dict[str, list[Family]]:
    """Every family, under the name of its part."""
    parts: dict[str, list[Family]] = {"train": [], "validation": [], "heldout": []}
    for family in FAMILIES.values():
        parts[family.part].append(family)
    return parts


def draw_function(draw: random.Random, part: str = "train") -> Function:
    """One function of one family of that part."""
    families = split_families()[part]
    return draw.choices(families, [family.weight for family in families])[0].draw(draw)
