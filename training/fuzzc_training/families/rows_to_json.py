"""Rows and lists as JSON."""

import random

from . import words
from .family import Case, Plan, family, make_plan
from .json_values import DOMAINS, compact
from .to_json import NUMBERS, TEXTS, plain, shown, strings
from .wording import Text


@family("row-to-json", "structure", "json", weight=1.5)
def row(draw: random.Random) -> Plan:
    """The spec names the columns."""
    domain = draw.choice(list(DOMAINS))
    maker = DOMAINS[domain]
    usable = [k for k in maker if all(plain(maker[k](random.Random(s))) for s in range(6))]
    columns = draw.sample(usable, draw.randint(2, 4))
    mark, said = draw.choice(
        (
            (",", "commas"),
            (";", "semicolons"),
            (" | ", "bars"),
            (", ", "commas"),
            (" / ", "slashes"),
        )
    )
    typed = draw.random() < 0.6

    def case(d: random.Random) -> Case:
        value = {key: maker[key](d) for key in columns}
        given = mark.join(shown(x) for x in value.values())
        return given, compact(value if typed else strings(value))

    names = ", ".join(columns)
    return make_plan(
        draw,
        case,
        given=(f"a row with {said} between the fields", "one row of a table"),
        goal=f"turn the row into an object with {names}",
        result=f"an object with the keys {names}",
        rules=[
            (f"the columns are {names}", f"fields in order: {names}"),
            NUMBERS if typed else TEXTS,
        ],
        keys=tuple(columns),
    )


@family("list-to-json", "structure", "json")
def listing(draw: random.Random) -> Plan:
    """A spoken or written list becomes an array."""
    kind = draw.choice(("things", "names", "numbers", "cities"))
    key = draw.choice((None, None, "items", "list", "all", "values"))
    order = draw.choice(("as said", "as said", "sorted", "reversed"))

    def maker(d: random.Random) -> list:
        count = d.randint(2, 5)
        if kind == "numbers":
            return d.sample(range(1, 99), count)
        pool = {"things": words.PLURAL, "names": words.GIVEN, "cities": words.CITIES}[kind]
        return d.sample(pool, count)

    def case(d: random.Random) -> Case:
        values = maker(d)
        shown_values = [str(v) for v in values]
        given = d.choice(
            (
                ", ".join(shown_values),
                f"{', '.join(shown_values[:-1])} and {shown_values[-1]}",
                "\n".join(f"- {v}" for v in shown_values),
                "; ".join(shown_values),
                " / ".join(shown_values),
                f"we have {', '.join(shown_values)}",
            )
        )
        if order == "sorted":
            values = sorted(values)
        if order == "reversed":
            values = values[::-1]
        return given, compact({key: values} if key else values)

    form = f"an object with the array under {key}" if key else "a JSON array"
    rules: list[Text] = [
        {
            "as said": ("in the order of the input", "keep the order"),
            "sorted": ("sorted, the smallest first", "in ascending order"),
            "reversed": ("in reversed order, last one first", "turn the order around"),
        }[order],
        "numbers without quotes"
        if kind == "numbers"
        else ("strings with quotes", "quote each one"),
        ("leave out and, bullets and other words", "only the things themselves"),
    ]
    return make_plan(
        draw,
        case,
        given=(f"a list of {kind}", f"some {kind} in a row"),
        goal=f"write the {kind} as {form}",
        result=form,
        rules=rules,
        keys=(key,) if key else (),
    )
