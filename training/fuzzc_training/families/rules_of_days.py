"""Policies about deadlines and days of the week."""

import random

from . import words
from .dates import draw_day
from .family import Case, Plan, family
from .rules_of_two import make_labels
from .wording import listed


@family("policy-deadline", "judge", "labels")
def deadline(draw: random.Random) -> Plan:
    day = draw_day(draw, 2023, 2026)
    labels = draw.choice(
        (("early", "late"), ("in time", "too late"), ("accept", "refuse"), ("1", "0"))
    )
    forms = ("%Y-%m-%d", "%d %B %Y", "%d.%m.%Y")
    form = draw.choice(forms)
    frames = ("{g}, {d}", "sent on {d}", "{d}: {g}", "received {d} from {g}", "{d}")

    def case(d: random.Random) -> Case:
        other = draw_day(d, day.year - 1, day.year + 1)
        text = d.choice(frames).format(g=d.choice(words.GIVEN), d=other.strftime(form))
        return text, labels[0 if other <= day else 1]

    said = day.strftime(draw.choice(forms[:2]))
    return make_labels(
        draw,
        case,
        "an entry with a date",
        f"was it there by {said}?",
        f"compare the date with the deadline of {said}",
        labels,
        [f"{said} or before", f"after {said}"],
    )


@family("policy-weekday", "judge", "labels")
def weekday(draw: random.Random) -> Plan:
    days = list(words.DAYS)
    draw.shuffle(days)
    size = draw.randint(1, 3)
    groups = [days[:size], days[size : size + 2], days[size + 2 :]]
    labels = draw.choice((("open", "short", "closed"), ("A", "B", "C"), ("us", "them", "nobody")))
    frames = (
        "{d}",
        "{d} at {n}",
        "can I come on {d}?",
        "next {d}",
        "{g} asks for {d}",
        "{d} {n}:30",
    )

    def case(d: random.Random) -> Case:
        at = d.randrange(3)
        day = d.choice(groups[at])
        day = d.choice((day, day.lower(), day[:3]))
        return d.choice(frames).format(d=day, n=d.randint(8, 19), g=d.choice(words.GIVEN)), labels[
            at
        ]

    ordered = [sorted(group, key=words.DAYS.index) for group in groups]
    return make_labels(
        draw,
        case,
        "a text with a day of the week",
        "what holds on that day?",
        "go by the day of the week",
        labels,
        [listed(group, "or") for group in ordered],
    )
