"""Names of people: order, initials, addresses, greetings, lists."""

import random
from collections.abc import Callable

from . import words
from .family import Case, Plan, family, make_plan
from .wording import Text, listed

TITLES = ("Dr", "Prof", "Ms", "Mr", "Mrs", "Mx")
FORMS: dict[str, Callable[[str, str], str]] = {
    "Last, First": lambda f, s: f"{s}, {f}",
    "LAST, First": lambda f, s: f"{s.upper()}, {f}",
    "LAST First": lambda f, s: f"{s.upper()} {f}",
    "F. Last": lambda f, s: f"{f[0]}. {s}",
    "Last, F.": lambda f, s: f"{s}, {f[0]}.",
    "First L.": lambda f, s: f"{f} {s[0]}.",
    "FL (initials without dots)": lambda f, s: f[0] + s[0],
    "F.L. (initials with dots)": lambda f, s: f"{f[0]}.{s[0]}.",
    "Last (family name alone)": lambda f, s: s,
    "First (given name alone)": lambda f, s: f,
    "Last/First": lambda f, s: f"{s}/{f}",
    "first.last in small letters": lambda f, s: f"{f}.{s}".lower(),
}


def both(draw: random.Random) -> tuple[str, str]:
    return draw.choice(words.GIVEN), draw.choice(words.FAMILY)


def typed_name(first: str, last: str, draw: random.Random, messy: bool) -> str:
    name = draw.choice((f"{first} {last}",) * 3 + (f"{last}, {first}",))
    if not messy:
        return name
    title = f"{draw.choice(TITLES)}{draw.choice(('.', ''))} " if draw.random() < 0.3 else ""
    name = title + name if "," not in name else name
    return draw.choice((name, name.lower(), name.upper(), name.replace(" ", "  ")))


@family("name-form", "normalise", "text", weight=1.5)
def name_form(draw: random.Random) -> Plan:
    form = draw.choice(list(FORMS))
    messy = draw.random() < 0.5

    def case(d: random.Random) -> Case:
        first, last = both(d)
        return typed_name(first, last, d, messy), FORMS[form](first, last)

    rules: list[Text] = [
        (f"the form is {form}", f"write {form}"),
        ("with a comma in the input, the family name comes first", "Tanaka, Mei is Mei Tanaka"),
    ]
    if messy:
        rules += [
            ("drop titles such as Dr or Ms", "no titles"),
            ("mend capitals: each name starts with one", "undo shouting and small initials"),
        ]
    return make_plan(
        draw,
        case,
        given=("the name of a person", "a person's name as typed"),
        goal=f"write the name as {form}",
        result=f"the name as {form}",
        rules=rules,
    )


@family("name-to-address", "transform", "text")
def name_to_address(draw: random.Random) -> Plan:
    domain = draw.choice(words.DOMAINS + ["firm.example", "uni.example", "team.example"])
    pattern = draw.choice(
        (
            "first.last",
            "flast",
            "f.last",
            "last.first",
            "first_last",
            "lastf",
            "first",
            "last-first",
        )
    )
    shapes: dict[str, Callable[[str, str], str]] = {
        "first.last": lambda f, s: f"{f}.{s}",
        "flast": lambda f, s: f[0] + s,
        "f.last": lambda f, s: f"{f[0]}.{s}",
        "last.first": lambda f, s: f"{s}.{f}",
        "first_last": lambda f, s: f"{f}_{s}",
        "lastf": lambda f, s: s + f[0],
        "first": lambda f, s: f,
        "last-first": lambda f, s: f"{s}-{f}",
    }

    def case(d: random.Random) -> Case:
        first, last = both(d)
        given = d.choice((f"{first} {last}", f"{last}, {first}", f"{first} {last.upper()}"))
        return given, f"{shapes[pattern](first, last).lower()}@{domain}"

    return make_plan(
        draw,
        case,
        given=("a person's name", "the name of a new colleague"),
        goal=f"make the e-mail address {pattern}@{domain}",
        result=f"the address {pattern}@{domain} in small letters",
        rules=[
            ("f is the first letter of the given name", "f means the given name's initial"),
            ("everything in small letters", "no capitals"),
            ("before a comma stands the family name", "Last, First has the family name first"),
        ],
    )


OPENINGS = ("Dear {n},", "Hello {n}!", "Hi {n},", "Good morning {n},", "{n}, welcome!", "To {n}:")


@family("name-greeting", "transform", "text")
def greeting(draw: random.Random) -> Plan:
    opening = draw.choice(OPENINGS)
    use = draw.choice(("given", "title"))

    def case(d: random.Random) -> Case:
        first, last = both(d)
        title = d.choice(TITLES[:5])
        shown = f"{title} {last}" if use == "title" else first
        return f"{title} {first} {last}", opening.format(n=shown)

    what = "title and family name" if use == "title" else "the given name alone"
    return make_plan(
        draw,
        case,
        given="a full name with its title",
        goal="write the opening of a letter",
        result=("the opening line", "the greeting"),
        rules=[
            (f"the form is {opening.format(n='NAME')}", f"write {opening.format(n='NAME')}"),
            (f"NAME is {what}", f"for NAME take {what}"),
        ],
    )


@family("names-joined", "transform", "text")
def joined(draw: random.Random) -> Plan:
    """A list of names in one form: separators, order, a limit."""
    last = draw.choice((" and ", " & ", ", ", ", and ", " or "))
    first_only, ordered = draw.random() < 0.5, draw.random() < 0.4
    limit = draw.choice((None, None, 2, 3))

    def case(d: random.Random) -> Case:
        people = [both(d) for _ in range(d.randint(2, 4))]
        texts = [f"{f} {s}" for f, s in people]
        given = d.choice(("; ", "\n", " / ", ", ", " + ")).join(texts)
        shown = [f if first_only else f"{f} {s}" for f, s in people]
        shown = sorted(shown) if ordered else shown
        if limit and len(shown) > limit:
            return given, ", ".join(shown[:limit]) + f" +{len(shown) - limit}"
        return given, ", ".join(shown[:-1]) + last + shown[-1]

    rules: list[Text] = [f"commas between them, {last!r} before the last one"]
    rules.append("given names only" if first_only else "full names")
    rules.append("in alphabetical order" if ordered else ("keep the order", "order as given"))
    if limit:
        rules.append(f"with more than {limit}, show {limit} with commas and +N for the other N")
    return make_plan(
        draw,
        case,
        given=("several names", "a list of people"),
        goal="join the names to one line",
        result=("one line with the names", "the names in one line"),
        rules=rules,
    )


@family("name-badge", "structure", "text")
def badge(draw: random.Random) -> Plan:
    """Name, role and place out of a sentence, in a pattern."""
    roles = ["nurse", "driver", "grocer", "baker", "welder", "teacher", "pilot", "cook", "judge"]
    form = draw.choice(
        (
            "{n} ({r})",
            "{n}, {r}, {c}",
            "{r}: {n}",
            "{c} - {n}",
            "{n} | {r} | {c}",
            "{r} {n} from {c}",
            "{n}/{c}",
        )
    )
    upper = draw.random() < 0.4

    def case(d: random.Random) -> Case:
        person, role, city = words.name(d), d.choice(roles), d.choice(words.CITIES)
        given = d.choice(
            (
                f"{person} works as a {role} in {city}",
                f"In {city} we met {person}, a {role}.",
                f"the {role} {person} comes from {city}",
                f"{person}, {role}, lives in {city} now",
                f"Our guest: {person} ({role} in {city})",
            )
        )
        return given, form.format(n=person.upper() if upper else person, r=role, c=city)

    shape = form.format(n="NAME", r="role", c="city")
    return make_plan(
        draw,
        case,
        given=("a sentence that introduces somebody", "an introduction"),
        goal=f"print a badge of the form {shape}",
        result=f"a badge: {shape}",
        rules=[
            "the name in capitals" if upper else ("the name as it is", "names keep their letters"),
            ("nothing else from the sentence", "drop all other words"),
            f"use only these parts: {listed(['name', 'role', 'city'])}, where the form has them",
        ],
    )
