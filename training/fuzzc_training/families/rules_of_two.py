"""Policies with two conditions, lists of who is allowed, stocks, points."""

import random

from . import words
from .family import Case, Plan, family, telling
from .label_wording import word_labels
from .wording import Text, listed

WHY = (
    "The rule stands in our handbook.",
    "Everybody should be treated alike.",
    "A clerk used to decide this.",
    "No exceptions are made.",
)


def make_labels(
    draw: random.Random,
    case,
    given: Text,
    question: Text,
    goal: Text,
    labels: tuple[str, ...],
    says: list[str],
    rules: list[Text] | None = None,
) -> Plan:
    example = telling(case, draw)
    texts = word_labels(draw, given, question, goal, WHY, labels, says, rules or [], example)
    return Plan(texts, case, labels)


@family("policy-two-limits", "judge", "labels", weight=1.5)
def two_limits(draw: random.Random) -> Plan:
    """Both within their limits, one, or none."""
    first, second = draw.sample(
        (("price", "EUR", 20, 900), ("weight", "kg", 2, 60), ("length", "cm", 20, 300),
         ("age", "days", 5, 90), ("distance", "km", 3, 400), ("number", "pieces", 2, 80)), 2
    )  # fmt: skip
    cuts = [draw.randint(low + 1, high // 2) for _, _, low, high in (first, second)]
    labels = draw.choice(
        (("pass", "check", "reject"), ("green", "yellow", "red"), ("A", "B", "C"),
         ("free", "half", "full"), ("2", "1", "0"))
    )  # fmt: skip
    a, b = (
        f"{what} up to {cut} {unit}"
        for (what, unit, _, _), cut in zip((first, second), cuts, strict=True)
    )

    def number(at: int, fits: bool, d: random.Random) -> int:
        _, _, _, high = (first, second)[at]
        return d.randint(1, cuts[at]) if fits else d.randint(cuts[at] + 1, high)

    def case(d: random.Random) -> Case:
        at = d.randrange(3)
        fits = {0: (True, True), 1: d.choice(((True, False), (False, True))), 2: (False, False)}[at]
        parts = [
            f"{what} {number(n, fits[n], d)} {unit}"
            for n, (what, unit, _, _) in enumerate((first, second))
        ]
        if d.random() < 0.3:
            parts.reverse()
        return f"{words.thing(d)}: {', '.join(parts)}", labels[at]

    return make_labels(
        draw,
        case,
        "a line with two figures",
        "how many of the two limits are kept?",
        "apply the two limits",
        labels,
        [f"{a} and {b}", "only one of the two kept", "neither of them kept"],
        ["the limits themselves are still fine"],
    )  # fmt: skip


@family("policy-allowed-list", "judge", "labels")
def allowed(draw: random.Random) -> Plan:
    """Names in the spec decide."""
    noun, pool = draw.choice(
        (("city", words.CITIES), ("person", words.GIVEN), ("service", words.SERVICES))
    )
    chosen = draw.sample(pool, 7)
    size = draw.randint(2, 3)
    groups = [chosen[:size], chosen[size : size + 2]]
    labels = draw.choice(
        (("allow", "ask", "deny"), ("yes", "maybe", "no"), ("in", "wait", "out"), ("1", "2", "3"))
    )
    frames = ("{} wants in", "request from {}", "{}", "{} again", "ticket for {}", "it's about {}")
    others = [name for name in pool if name not in chosen[: size + 2]]

    def case(d: random.Random) -> Case:
        at = d.randrange(3)
        return d.choice(frames).format(d.choice([*groups, others][at])), labels[at]

    return make_labels(
        draw,
        case,
        f"a request that names a {noun}",
        f"what does the list say about the {noun}?",
        f"look the {noun} up in the list",
        labels,
        [listed(groups[0], "or"), listed(groups[1], "or"), f"any other {noun}"],
    )


@family("policy-stock", "judge", "labels")
def stock(draw: random.Random) -> Plan:
    """Ordered against in stock, with a reserve that must stay."""
    reserve = draw.choice((0, 0, 5, 10, 20))
    labels = draw.choice((("ship", "wait"), ("ok", "short"), ("yes", "no"), ("full", "part")))
    form = draw.choice(("{t}: want {a}, have {b}", "{a} of {b} {t}", "order {a} {t}, stock {b}"))

    def case(d: random.Random) -> Case:
        have = d.randint(reserve + 2, 200)
        room = have - reserve
        fits = d.random() < 0.5
        want = d.randint(1, room) if fits else d.randint(room + 1, room + 60)
        text = form.format(t=words.thing(d, True), a=want, b=have)
        return text, labels[0 if fits else 1]

    keep = f", with {reserve} left over" if reserve else ""
    return make_labels(
        draw,
        case,
        "a line with what is wanted and what is there",
        "is there enough?",
        "check whether the stock will do",
        labels,
        [f"the stock covers the order{keep}", "not enough for that"],
        [f"{form.format(t='things', a='A', b='B')} means A wanted and B in stock"],
    )


@family("policy-points", "judge", "labels")
def points(draw: random.Random) -> Plan:
    """Features count points; the sum decides."""
    pool = {
        "new customer": 1, "paid late": 2, "abroad": 1, "large order": 2, "no address": 3,
        "cash": 1, "gift": 0, "complaint": 2, "loyal": 0, "fragile": 1,
    }  # fmt: skip
    features = draw.sample(list(pool), 4)
    worth = {name: draw.choice((1, 1, 2, 3)) for name in features}
    cut = draw.choice((2, 3, 4))
    labels = draw.choice((("go", "stop"), ("low", "high"), ("pass", "review"), ("fine", "risk")))
    join = draw.choice((", ", " + ", "; "))

    def case(d: random.Random) -> Case:
        marks = d.sample(features, d.randint(1, 4))
        total = sum(worth[mark] for mark in marks)
        return f"{d.choice(words.GIVEN)}: {join.join(marks)}", labels[0 if total < cut else 1]

    table = ", ".join(f"{name} {count}" for name, count in worth.items())
    return make_labels(
        draw,
        case,
        "a person with some marks",
        "how do the points add up?",
        "add up the points",
        labels,
        [f"less than {cut} points", f"{cut} points or more"],
        [f"points: {table}"],
    )
