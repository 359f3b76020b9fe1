"""Names in code and on the web: case styles, slugs, branches."""

import random
import re
from collections.abc import Callable

from . import words
from .commits import draw_change
from .extraction import ticket
from .family import Case, Plan, family, make_plan
from .wording import Text, cap

Parts = list[str]
STYLES: dict[str, Callable[[Parts], str]] = {
    "snake_case": lambda p: "_".join(p),
    "camelCase": lambda p: p[0] + "".join(x.capitalize() for x in p[1:]),
    "PascalCase": lambda p: "".join(x.capitalize() for x in p),
    "kebab-case": lambda p: "-".join(p),
    "SCREAMING_SNAKE": lambda p: "_".join(p).upper(),
    "dot.case": lambda p: ".".join(p),
    "Train-Case": lambda p: "-".join(x.capitalize() for x in p),
    "Title Case": lambda p: " ".join(x.capitalize() for x in p),
    "flatcase": lambda p: "".join(p),
    "path/case": lambda p: "/".join(p),
}
HEADS = words.split("get set load save find make user last next total max has read parse send")
AFFIXES = ("", "", "m_", "app_", "x-", "my.")


def draw_parts(draw: random.Random) -> Parts:
    tail = draw.sample(words.STEMS + words.SERVICES + words.COLOURS, draw.randint(1, 3))
    return [draw.choice(HEADS), *tail]


@family("identifier-style", "transform", "text", weight=1.5)
def identifier_style(draw: random.Random) -> Plan:
    target = draw.choice(list(STYLES))
    sources = draw.sample([s for s in STYLES if s not in (target, "flatcase")], draw.randint(1, 3))
    prefix = draw.choice(("", "", "app", "my", "x"))

    def case(d: random.Random) -> Case:
        parts = draw_parts(d)
        answer = [prefix, *parts] if prefix else parts
        return STYLES[d.choice(sources)](parts), STYLES[target](answer)

    rules: list[Text] = [(f"the style is {target}", f"use {target}")]
    if prefix:
        rules.append((f"put the word {prefix} in front", f"the first word is {prefix}"))
    rules.append(("the words themselves don't change", "keep all words in their order"))
    return make_plan(
        draw,
        case,
        given=f"a name in {' or '.join(sources)}",
        goal=f"write the name in {target}",
        result=f"the name in {target}",
        rules=rules,
    )


@family("slug", "transform", "text", weight=1.5)
def slug(draw: random.Random) -> Plan:
    mark = draw.choice(("-", "-", "_", "."))
    drop = draw.choice(((), ("the", "a", "of", "and", "in"), ("the", "a")))
    most = draw.choice((None, None, 3, 4))
    suffix = draw.choice(("", "", ".html", "/", ".md"))

    def case(d: random.Random) -> Case:
        title = draw_title(d)
        parts = re.findall(r"[a-z0-9]+", title.lower().replace("'", ""))
        parts = [part for part in parts if part not in drop][:most]
        return title, mark.join(parts) + suffix

    rules: list[Text] = [
        ("small letters and digits only", "everything small, no other marks"),
        f"'{mark}' between the words",
        ("apostrophes vanish, other marks part words", "it's becomes its, a colon parts words"),
    ]
    if drop:
        rules.append(f"leave out {', '.join(drop)}")
    if most:
        rules.append(f"at most {most} words, the first ones")
    if suffix:
        rules.append(f"end with {suffix}")
    return make_plan(
        draw,
        case,
        given=("the title of a page", "a headline"),
        goal="make the slug of the page from its title",
        result=("the slug", "the part of the address that names the page"),
        rules=rules,
    )


def draw_title(draw: random.Random) -> str:
    city, item, things = draw.choice(words.CITIES), words.thing(draw), words.thing(draw, True)
    first, day = draw.choice(words.GIVEN), draw.choice(words.DAYS)
    return draw.choice(
        (
            f"{draw.randint(3, 12)} {things} for a {day} in {city}",
            f"The {item}: a review",
            f"{first}'s guide to the {city} market",
            f"How to clean {things}",
            f"What's new in {city}?",
            f"{cap(things)} & more: the {day} sale",
            f"Why {first} sold the {item}",
            f"A week of {things} (part {draw.randint(2, 5)})",
            f"The best of {city}, {draw.randint(2019, 2026)}",
            f"{city} and the art of {things}",
        )
    )


@family("branch-name", "transform", "text")
def branch_name(draw: random.Random) -> Plan:
    form = draw.choice(("{t}-{s}", "{t}/{s}", "feature/{t}-{s}", "{s}-{t}", "work/{s}", "{t}_{s}"))
    lower, most = draw.random() < 0.5, draw.choice((3, 4, 5))

    def case(d: random.Random) -> Case:
        forms, rest = draw_change(d)
        key = ticket(d)
        title = f"{forms[0]} {rest}"
        parts = re.findall(r"[a-z0-9]+", title.lower())[:most]
        given = d.choice((f"{key}: {cap(title)}", f"{key} {cap(title)}", f"[{key}] {title}"))
        return given, form.format(t=key.lower() if lower else key, s="-".join(parts))

    shape = form.format(t="KEY-1".lower() if lower else "KEY-1", s="some-words")
    return make_plan(
        draw,
        case,
        given=("a ticket with its title", "the key and title of a ticket"),
        goal=f"name the branch like {shape}",
        result=f"the branch name, like {shape}",
        rules=[
            (f"only the first {most} words of the title", f"cut the title after {most} words"),
            "words small, joined by hyphens",
            *(
                ["the key in small letters" if lower else "the key as it is"]
                if "{t}" in form
                else []
            ),
        ],
    )
