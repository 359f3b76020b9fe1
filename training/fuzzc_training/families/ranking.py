"""Pick the one option that fits: snippets for an intent, items for a wish."""

import random

from . import words
from .family import Case, Plan, family, make_plan
from .snippets import LANGUAGES, POOLS
from .wording import Text

NAMES = (("a", "b", "c", "d"), ("A", "B", "C", "D"), ("1", "2", "3", "4"), ("i", "ii", "iii", "iv"))
MARKS = ("{n}) {t}", "{n}: {t}", "[{n}] {t}", "({n}) {t}")


def similar(pool: list, snippet: str, draw: random.Random, count: int) -> list[str]:
    """Wrong snippets, half of them with the same beginning as the right one."""
    others = [text for _, text in pool if text != snippet]
    near = [text for text in others if text.split()[0][:4] == snippet.split()[0][:4]]
    close = draw.sample(near, min(len(near), draw.randint(1, 2)))
    rest = [text for text in others if text not in close]
    return close + draw.sample(rest, count - len(close))


def options_text(names: tuple[str, ...], mark: str, texts: list[str], newline: bool) -> str:
    lines = [mark.format(n=name, t=text) for name, text in zip(names, texts, strict=True)]
    return ("\n" if newline else " ").join(lines)


def plan_snippet(draw: random.Random, letters: bool) -> Plan:
    language = draw.choice(list(POOLS))
    pool, note = POOLS[language], LANGUAGES[language][1]
    count = draw.choice((3, 4, 4, 4))
    names = draw.choice(NAMES)[:count]
    mark, newline = draw.choice(MARKS), draw.random() < 0.4
    glue = "\n" if newline else draw.choice((". ", " | ", ": ", "? "))

    def case(d: random.Random) -> Case:
        intents, snippet = d.choice(pool)
        texts = [snippet, *similar(pool, snippet, d, count - 1)]
        d.shuffle(texts)
        given = d.choice(intents) + glue + options_text(names, mark, texts, newline)
        return given, names[texts.index(snippet)] if letters else snippet

    asked: Text = (
        (
            f"answer with {', '.join(names[:-1])} or {names[-1]}",
            "answer with the name of the option alone",
            "just the letter or number before the right one",
        )
        if letters
        else ("copy the snippet without its letter", "answer with the snippet itself, unchanged")
    )
    return make_plan(
        draw,
        case,
        given=(f"an intent and {count} {language} snippets", "a need in words and some one-liners"),
        goal=(
            f"pick the {language} snippet that does what the intent says",
            "find the snippet for the need",
        ),
        result=("the option that does it", "the right option", "the snippet that fits"),
        rules=[
            note,
            asked,
            ("exactly one is right", "the others do something else"),
            (
                "a snippet that only shares words with the intent is wrong",
                "look at what the code does, not at its words",
            ),
        ],
        why=(
            "Our help finds the right one-liner for a need.",
            "Search returned a few snippets and only one is useful.",
        ),
        labels=names if letters else (),
    )


@family("rank-snippet", "rank", "labels", weight=2.0)
def snippet_letter(draw: random.Random) -> Plan:
    return plan_snippet(draw, letters=True)


@family("rank-snippet-text", "rank", "text", weight=1.5)
def snippet_text(draw: random.Random) -> Plan:
    return plan_snippet(draw, letters=False)


UNITS = (("price", "{} EUR"), ("distance", "{} km"), ("weight", "{} g"), ("time", "{} min"))
WISHES = {
    "lowest": ("the lowest {u}", "the smallest {u}", "the least {u}"),
    "highest": ("the highest {u}", "the largest {u}", "the most {u}"),
}


@family("rank-by-number", "rank", "text")
def by_number(draw: random.Random) -> Plan:
    """The option with the lowest or highest figure."""
    unit, form = draw.choice(UNITS)
    wish = draw.choice(list(WISHES))
    count = draw.randint(3, 4)
    names = draw.choice(NAMES)[:count]
    what = draw.choice(("name", "letter", "figure"))

    def case(d: random.Random) -> Case:
        items = [words.thing(d) for _ in range(count)]
        while len(set(items)) < count:
            items = [words.thing(d) for _ in range(count)]
        figures = d.sample(range(2, d.choice((20, 100, 900))), count)
        best = figures.index(min(figures) if wish == "lowest" else max(figures))
        texts = [f"{i} {form.format(n)}" for i, n in zip(items, figures, strict=True)]
        answers = {"name": items, "letter": names, "figure": [form.format(n) for n in figures]}
        return options_text(names, "{n}) {t}", texts, False), answers[what][best]

    said = {
        "name": "write only what it is called",
        "letter": f"write only its mark ({names[0]}, {names[1]} …)",
        "figure": f"write only its {unit}, with the unit",
    }[what]
    return make_plan(
        draw,
        case,
        given=(f"some options with their {unit}", f"a short list, each with a {unit}"),
        goal=f"pick the option with {draw.choice(WISHES[wish]).format(u=unit)}",
        result=f"the option with {draw.choice(WISHES[wish]).format(u=unit)}",
        rules=[said, ("exactly one option wins", "there are no ties")],
        why="A shopper wants one suggestion, no table.",
    )
