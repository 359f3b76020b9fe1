"""Copy one thing out of a text, exactly as it stands there."""

import random
from collections.abc import Callable

from . import words
from .family import Case, Plan, family, make_plan
from .json_values import compact
from .wording import Text


def ticket(draw: random.Random) -> str:
    return f"{draw.choice(('OPS', 'WEB', 'APP', 'FIN', 'HR', 'BUG'))}-{draw.randint(10, 9999)}"


def order_number(draw: random.Random) -> str:
    return f"{draw.choice('ABKRT')}{draw.randint(10000, 99999)}"


def version(draw: random.Random) -> str:
    return ".".join(str(draw.randint(0, 20)) for _ in range(3))


def url(draw: random.Random) -> str:
    return f"https://{draw.choice(words.DOMAINS)}/{draw.choice(words.STEMS)}/{draw.randint(1, 99)}"


def phone(draw: random.Random) -> str:
    return f"0{draw.randint(20, 99)} {draw.randint(200, 999)} {draw.randint(1000, 9999)}"


def clock(draw: random.Random) -> str:
    return f"{draw.randint(7, 21)}:{draw.choice(('00', '15', '30', '45'))}"


THINGS: dict[str, tuple[tuple[str, ...], Callable[[random.Random], str]]] = {
    "ticket": (
        ("the ticket key (capitals, hyphen, number)", "the ticket id such as OPS-12"),
        ticket,
    ),
    "order": (("the order number (a letter and five digits)", "the order number"), order_number),
    "email": (("the e-mail address", "the address with the @"), words.email),
    "version": (("the version (three numbers with dots)", "the version number"), version),
    "url": (("the link", "the web address"), url),
    "ip": (("the IP address", "the address made of four numbers"), words.ip),
    "phone": (("the phone number", "the telephone number as written"), phone),
    "time": (("the time of day", "the clock time"), clock),
    "name": (("the full name of the person", "the person's first and last name"), words.name),
    "city": (("the city", "the name of the town"), lambda d: d.choice(words.CITIES)),
    "amount": (("the amount of money, without the currency", "the sum, digits only"), words.amount),
    "host": (("the host name", "the name of the machine, like web-3"), words.host),
    "path": (("the file path", "the path of the file"), words.path),
    "item": (("the item", "the thing that is talked about"), words.thing),
}
PARTS: dict[str, tuple[str, ...]] = {
    "ticket": ("see {x}", "filed as {x}", "{x} is still open", "ticket {x}"),
    "order": ("order {x}", "my order was {x}", "ref {x}", "no. {x}"),
    "email": ("write to {x}", "mail {x}", "{x} has the details", "copy {x}"),
    "version": ("running {x}", "since {x}", "upgraded to {x}", "version {x}"),
    "url": ("see {x}", "docs at {x}", "it's on {x}", "opened {x}"),
    "ip": ("from {x}", "server {x} answered", "blocked {x}", "ping {x}"),
    "phone": ("call {x}", "tel. {x}", "my number is {x}", "ring {x}"),
    "time": ("at {x}", "around {x}", "not before {x}", "since {x}"),
    "name": ("{x} asked", "thanks to {x}", "spoke with {x}", "{x} confirmed it"),
    "city": ("in {x}", "near {x}", "the {x} office knows", "shipped from {x}"),
    "amount": ("{x} EUR paid", "costs {x} USD", "total {x} EUR", "owed {x} USD"),
    "host": ("on {x}", "{x} is slow", "rebooted {x}", "moved to {x}"),
    "path": ("in {x}", "edited {x}", "{x} is missing", "look at {x}"),
    "item": ("about the {x}", "the {x} broke", "wants the {x} back", "the {x} is fine"),
}
# Not side by side: their wording would make one pass for the other.
CLASHES = ({"url", "email"}, {"url", "path"}, {"version", "ip"}, {"time", "version"})


def draw_note(draw: random.Random, wanted: list[str]) -> tuple[str, dict[str, str]]:
    """A note that holds the wanted things and one or two others."""
    rest = [
        k for k in THINGS if k not in wanted and not any(k in c and c & {*wanted} for c in CLASHES)
    ]
    kinds = [*wanted, *draw.sample(rest, draw.randint(1, 2))]
    draw.shuffle(kinds)
    values = {kind: THINGS[kind][1](draw) for kind in kinds}
    parts = [draw.choice(PARTS[kind]).format(x=values[kind]) for kind in kinds]
    joined = draw.choice((", ", "; ", " - ", ". ", " / ")).join(parts)
    if not parts[0].startswith(values[kinds[0]]) and draw.random() < 0.5:
        joined = joined[0].upper() + joined[1:]
    return joined, values


WHY = (
    "We file notes by this.",
    "Somebody would have to search the text for it otherwise.",
    "The form has one field to fill.",
)


@family("extract-one", "extract", "text", weight=2.0)
def extract_one(draw: random.Random) -> Plan:
    kind = draw.choice(list(THINGS))
    absent = draw.choice((None, None, "none", "-", "n/a", "missing"))

    def case(d: random.Random) -> Case:
        if absent and d.random() < 0.25:
            return without(d), absent
        text, values = draw_note(d, [kind])
        return text, values[kind]

    def without(d: random.Random) -> str:
        while True:
            text, values = draw_note(d, d.sample([k for k in THINGS if k != kind], 1))
            if kind not in values:
                return text

    said = draw.choice(THINGS[kind][0])
    rules: list[Text] = [("copy it letter by letter", "exactly as written", "change nothing in it")]
    if absent:
        rules.append((f"write {absent} when there is none", f"nothing there: {absent}"))
    rules.append(("no other words", "nothing before it and nothing behind it"))
    return make_plan(
        draw,
        case,
        given=("a short note", "a line from a chat", "a remark in a ticket"),
        goal=(f"find {said}", f"copy {said} out of the text"),
        result=said,
        rules=rules,
        why=WHY,
    )


@family("extract-json", "structure", "json", weight=2.0)
def extract_json(draw: random.Random) -> Plan:
    while True:
        kinds = draw.sample(list(THINGS), draw.randint(2, 3))
        if not any(clash <= set(kinds) for clash in CLASHES):
            break
    optional = draw.random() < 0.4
    says = [draw.choice(THINGS[kind][0]) for kind in kinds]

    def case(d: random.Random) -> Case:
        shown = d.sample(kinds, len(kinds) - 1) if optional and d.random() < 0.4 else kinds
        while True:
            text, values = draw_note(d, shown)
            if set(values) & set(kinds) == set(shown):
                return text, compact({kind: values.get(kind) for kind in kinds})

    names = ", ".join(kinds)
    return make_plan(
        draw,
        case,
        given=("a short note", "a line from a chat", "a remark in a ticket"),
        goal=f"write what the note says as JSON with {names}",
        result=f"an object with the keys {names}",
        rules=[
            *[(f"{k} is {s}", f"{k}: {s}") for k, s in zip(kinds, says, strict=True)],
            ("all values are strings, copied as written", "copy the values as text"),
            *([("null for what is not there", "missing things are null")] if optional else []),
        ],
        why=WHY,
        keys=tuple(kinds),
    )
