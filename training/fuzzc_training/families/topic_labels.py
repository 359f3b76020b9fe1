"""Label functions over topics: subsets, renamed and described labels, one against the rest."""

import random

from .family import Case, Plan, family, telling
from .label_wording import word_labels
from .topics import POOLS, Topic, fill

CODES = ("A B C D E F", "1 2 3 4 5 6", "red blue green grey pink gold", "K1 K2 K3 K4 K5 K6")
WHY = (
    "Messages go to different people.",
    "We count what people write about.",
    "Each kind has its own inbox.",
    "The right team should see it first.",
    "A rule sorts the queue before anybody reads it.",
)


def label_names(topics: list[Topic], draw: random.Random) -> tuple[str, ...]:
    """Usually names that mean something, sometimes codes that only the spec explains."""
    if draw.random() < 0.2:
        return tuple(draw.choice(CODES).split()[: len(topics)])
    style = draw.choice((str.lower, str.upper, str.capitalize, str.lower))
    while True:
        names = tuple(style(draw.choice(topic.names)) for topic in topics)
        if len(set(names)) == len(names):
            return names


def plan_topics(draw: random.Random, pool: str) -> Plan:
    noun, topics = POOLS[pool]
    chosen = draw.sample(topics, draw.randint(3, min(6, len(topics))))
    rest = [topic for topic in topics if topic not in chosen]
    labels = label_names(chosen, draw)
    says = [draw.choice(topic.says) for topic in chosen]
    other = draw.random() < 0.4 and bool(rest)
    if other:
        labels += (draw.choice(("other", "none", "rest", "misc")),)
        says.append(draw.choice(("everything else", "whatever fits nowhere", "all other texts")))

    def case(d: random.Random) -> Case:
        at = d.randrange(len(labels))
        topic = d.choice(rest) if at == len(chosen) else chosen[at]
        return fill(d.choice(topic.texts), d), labels[at]

    wordings = word_labels(
        draw,
        noun,
        ("what is it about?", "which of these does it belong to?", "what does the writer mean?"),
        (f"sort {noun} by what it is about", f"give the topic of {noun}", "choose one label"),
        WHY,
        labels,
        says,
        rules=[("go by what is meant", "what is wanted counts, not single words")],
        example=telling(case, draw),
    )
    return Plan(wordings, case, labels)


def add_pool(pool: str) -> None:
    family(f"topic-{pool}", "classify", "labels", weight=1.5)(lambda draw: plan_topics(draw, pool))


for _pool in POOLS:
    add_pool(_pool)


@family("topic-yes-no", "judge", "labels")
def yes_no(draw: random.Random) -> Plan:
    """Is the text about one or two given topics?"""
    noun, topics = POOLS[draw.choice(list(POOLS))]
    wanted = draw.sample(topics, draw.choice((1, 1, 2)))
    rest = [topic for topic in topics if topic not in wanted]
    labels = draw.choice((("yes", "no"), ("true", "false"), ("keep", "skip"), ("in", "out")))
    said = " or ".join(draw.choice(topic.says) for topic in wanted)
    says = [said, draw.choice(("all else", "any other subject", "everything else"))]

    def case(d: random.Random) -> Case:
        hit = d.random() < 0.5
        return fill(d.choice(d.choice(wanted if hit else rest).texts), d), labels[0 if hit else 1]

    wordings = word_labels(
        draw,
        noun,
        (f"is it about {said}?", f"does it concern {said}?"),
        (f"decide whether {noun} is about {said}", f"check for {said}"),
        WHY,
        labels,
        says,
        example=telling(case, draw),
    )
    return Plan(wordings, case, labels)
