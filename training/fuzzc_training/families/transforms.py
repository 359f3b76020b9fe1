"""Texts changed step by step; the spec names the steps and their order."""

import random
from collections.abc import Callable

from . import words
from .family import Case, Plan, family, make_plan
from .wording import Text

Step = Callable[[list[str]], list[str]]

STEPS: dict[str, tuple[Text, Step]] = {
    "upper": (("write everything in capitals", "all letters become capitals"), lambda w: up(w)),
    "lower": (
        ("write everything in small letters", "no capitals"),
        lambda w: [x.lower() for x in w],
    ),
    "title": (
        ("start every word with a capital, the rest small", "give each word a capital"),
        lambda w: [x.capitalize() for x in w],
    ),
    "reverse": (("reverse the order of the words", "last word first"), lambda w: w[::-1]),
    "no-first": (("drop the first word", "leave out the word at the start"), lambda w: w[1:]),
    "no-last": (("drop the last word", "leave out the final word"), lambda w: w[:-1]),
    "swap": (
        ("swap the first word and the last one", "first and last word change places"),
        lambda w: [w[-1], *w[1:-1], w[0]],
    ),
    "first-three": (("keep only the first three words", "cut after three words"), lambda w: w[:3]),
    "last-two": (("keep only the last two words", "only the final two stay"), lambda w: w[-2:]),
    "sort": (
        ("put the words in alphabetical order", "sort the words from a to z"),
        lambda w: sorted(w, key=str.lower),
    ),
    "double": (("write the last word twice", "repeat the final word"), lambda w: [*w, w[-1]]),
    "initials": (("shorten every word to its first letter", "only the first letter of each word"),
                 lambda w: [x[0] for x in w]),
}  # fmt: skip
JOINS: tuple[tuple[str, Text], ...] = (
    (" ", ("with single spaces between the words", "words stand one space apart")),
    ("-", ("join the words with hyphens", "a hyphen between the words")),
    ("_", ("join the words with underscores", "an underscore between the words")),
    (", ", ("put a comma and a space between the words", "separate the words by commas")),
    ("/", ("put slashes between the words", "a slash between the words")),
    ("", ("join the words without a space", "no space between the words")),
    (" | ", ("put a bar with spaces between the words", "separate the words by ' | '")),
    (".", ("put dots between the words", "a dot between the words")),
    ("+", ("join the words with plus signs", "a plus between the words")),
)
WRAPS: tuple[tuple[str, str], ...] = (
    ("", ""),
    ("", ""),
    ("[", "]"),
    ("(", ")"),
    ('"', '"'),
    ("<", ">"),
    ("", "!"),
    ("> ", ""),
    ("#", ""),
    ("**", "**"),
    ("", "?"),
    ("{", "}"),
)


def up(parts: list[str]) -> list[str]:
    return [part.upper() for part in parts]


def draw_phrase(draw: random.Random, low: int = 3, high: int = 6) -> list[str]:
    """Different words, some with a capital."""
    pool = [
        *draw.sample(words.ADJECTIVES, 2),
        *draw.sample(words.PLURAL, 2),
        *draw.sample(words.CITIES, 1),
        *draw.sample(words.GIVEN, 1),
        *draw.sample(words.STEMS, 2),
        *draw.sample(words.COLOURS, 1),
        draw.choice(words.DAYS),
    ]
    return draw.sample(list(dict.fromkeys(pool)), draw.randint(low, high))


def wrap_said(wrap: tuple[str, str]) -> Text:
    left, right = wrap
    if left and right:
        return (
            f"wrap the result in {left} and {right}",
            f"put {left} before and {right} behind it",
        )
    if left:
        return (f"put {left.strip()} in front of the result", f"begin with {left.strip()}")
    return (f"end with {right}", f"put {right} behind the result")


def plan_steps(draw: random.Random, names: list[str]) -> Plan:
    join, join_said = draw.choice(JOINS)
    wrap = draw.choice(WRAPS)
    low = 4 if {"first-three", "no-first", "no-last"} & set(names) else 3
    messy = draw.random() < 0.3

    def case(d: random.Random) -> Case:
        parts = draw_phrase(d, low, 6)
        given = " ".join(parts)
        if messy:
            given = (
                (" " * d.randint(0, 2))
                + (" " * d.randint(1, 2)).join(parts)
                + " " * d.randint(0, 2)
            )
        for name in names:
            parts = STEPS[name][1](parts)
        return given, wrap[0] + join.join(parts) + wrap[1]

    rules: list[Text] = [STEPS[name][0] for name in names]
    rules.append(join_said)
    if wrap != ("", ""):
        rules.append(wrap_said(wrap))
    if messy:
        rules.append(("spaces at the ends and doubled spaces don't count", "ignore extra spaces"))
    # The order of the steps matters, so the rules are never shuffled.
    return make_plan(
        draw,
        case,
        given=("a few words", "a short phrase", "some words in a row", "a phrase"),
        goal=("change the phrase step by step", "rewrite the words", "transform the phrase"),
        result=("the changed words", "the new phrase", "the rewritten phrase"),
        rules=rules,
        why=("A label printer wants its own form.", "Old tools expect the words like this."),
        ordered=True,
        near_misses=(),
    )


@family("words-one-step", "transform", "text")
def one_step(draw: random.Random) -> Plan:
    return plan_steps(draw, [draw.choice(list(STEPS))])


CASING = ("upper", "lower", "title")
MOVING = ("reverse", "no-first", "no-last", "swap", "first-three", "last-two", "sort", "double")


@family("words-two-steps", "transform", "text", weight=1.5)
def two_steps(draw: random.Random) -> Plan:
    return plan_steps(draw, [draw.choice(MOVING), draw.choice(CASING)])


@family("words-three-steps", "transform", "text", weight=1.5)
def three_steps(draw: random.Random) -> Plan:
    first, second = draw.sample([step for step in MOVING if step != "first-three"], 2)
    if {first, second} <= {"no-first", "no-last", "last-two"}:
        second = "swap"
    return plan_steps(draw, [first, second, draw.choice(CASING)])
