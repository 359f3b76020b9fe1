"""Policies with thresholds: a figure in the text decides."""

import random

from .family import Case, Plan, family, telling
from .label_wording import word_labels
from .words import GIVEN, thing

# what, unit, low, high, texts
FIGURES: tuple[tuple[str, str, int, int, tuple[str, ...]], ...] = (
    ("order total", "EUR", 5, 2000, ("total {n} EUR", "cart of {n} EUR", "{g} buys for {n} EUR")),
    ("age", "years", 1, 95, ("{g}, {n} years", "age {n}", "{g} is {n} years old", "{n} y/o")),
    ("weight", "kg", 1, 80, ("parcel {n} kg", "{n} kg", "{t}, {n} kg", "weighs {n} kg")),
    ("delay", "minutes", 0, 240, ("{n} minutes late", "delay: {n} min", "runs {n} min late")),
    ("temperature", "degrees", -20, 60, ("{n} degrees", "sensor reads {n}", "now {n} degrees")),
    ("stock", "pieces", 0, 300, ("{n} left", "{t}: {n} pieces", "stock of {n}", "{n} in store")),
    (
        "distance",
        "km",
        1,
        900,
        ("{n} km away", "{g} lives {n} km off", "{n} km", "drive of {n} km"),
    ),
    ("speed", "km/h", 10, 160, ("{n} km/h", "measured {n} km/h", "car at {n} km/h")),
    ("score", "points", 0, 100, ("{g}: {n} points", "{n} points", "scored {n}", "result {n}/100")),
    ("load", "percent", 0, 100, ("load {n} %", "CPU at {n}%", "{n} percent busy", "uses {n}%")),
    ("waiting time", "days", 0, 120, ("waits {n} days", "{n} days open", "{g} asked {n} days ago")),
    ("number of guests", "guests", 1, 200, ("table for {n}", "{n} guests", "party of {n}")),
)
BANDS = (
    ("low", "middle", "high", "extreme"),
    ("green", "yellow", "orange", "red"),
    ("ok", "watch", "act", "stop"),
    ("A", "B", "C", "D"),
    ("none", "small", "big", "huge"),
    ("P4", "P3", "P2", "P1"),
    ("accept", "check", "escalate", "refuse"),
    ("0", "1", "2", "3"),
)


@family("threshold-bands", "judge", "labels", weight=1.5)
def bands(draw: random.Random) -> Plan:
    what, unit, low, high, texts = draw.choice(FIGURES)
    count = draw.randint(2, 4)
    labels = draw.choice(BANDS)[:count]
    step = 5 if high > 90 else 1
    cuts = sorted(draw.sample(range(low + step, high - step, step), count - 1))
    says = [f"{what} below {cuts[0]} {unit}"]
    says += [f"{a} to {b - 1} {unit}" for a, b in zip(cuts, cuts[1:], strict=False)]
    says.append(draw.choice((f"{cuts[-1]} {unit} or more", f"from {cuts[-1]} {unit} on")))
    edges = [low, *cuts, high + 1]

    def case(d: random.Random) -> Case:
        at = d.randrange(count)
        number = d.randint(edges[at], edges[at + 1] - 1)
        if d.random() < 0.25:
            number = d.choice((edges[at], edges[at + 1] - 1))
        text = d.choice(texts).format(n=number, g=d.choice(GIVEN), t=thing(d))
        return text, labels[at]

    wordings = word_labels(
        draw,
        (f"a text with one {what} in it", f"a short note that tells a {what}"),
        (f"in which band is the {what}?", f"what does the {what} call for?"),
        (f"put the {what} into its band", f"rate the {what}"),
        ("The limits come from our handbook.", "Staff must not decide by feeling."),
        labels,
        says,
        rules=[("a limit itself belongs to the band that starts there", "the limits are exact")],
        example=telling(case, draw),
    )
    return Plan(wordings, case, labels)
