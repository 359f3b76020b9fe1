"""Turn pairs, queries, settings and tags into JSON."""

import random

from .family import Case, Plan, family, make_plan
from .json_values import DOMAINS, compact, draw_object
from .wording import Text

NUMBERS: tuple[str, ...] = (
    "numbers without quotes, words with quotes",
    "what looks like a number is a number, the rest is text",
)
TEXTS: tuple[str, ...] = ("all values are strings", "quote every value, numbers too")


def scalar_object(draw: random.Random, domain: str, low: int = 1, high: int = 4) -> dict:
    """Only words, numbers and flags: no lists, no nulls, nothing with marks in it."""
    while True:
        value = draw_object(draw, domain, low, high)
        if all(plain(x) for x in value.values()):
            return value


def plain(value: object) -> bool:
    return not isinstance(value, list | type(None)) and not set(str(value)) & set(",;=&:|\n#?")


def shown(value: object) -> str:
    return value if isinstance(value, str) else compact(value)


def strings(value: dict) -> dict:
    return {key: shown(x) for key, x in value.items()}


def plan_notation(
    draw: random.Random,
    pair: str,
    join: str,
    before: str,
    after: str,
    given: Text,
    goal: Text,
    typed: bool | None = None,
) -> Plan:
    domain = draw.choice(list(DOMAINS))
    typed = draw.random() < 0.6 if typed is None else typed

    def case(d: random.Random) -> Case:
        value = scalar_object(d, domain)
        text = join.join(pair.format(k=key, v=shown(x)) for key, x in value.items())
        return before + text + after, compact(value if typed else strings(value))

    return make_plan(
        draw,
        case,
        given=given,
        goal=goal,
        result=("one flat JSON object", "a compact JSON object"),
        rules=[
            NUMBERS if typed else TEXTS,
            *([("true and false are booleans", "true and false need no quotes")] if typed else []),
            ("keys in the order of the input", "keep the order"),
        ],
    )


@family("pairs-to-json", "structure", "json", weight=1.5)
def pairs(draw: random.Random) -> Plan:
    pair = draw.choice(("{k}={v}", "{k}: {v}", "{k} = {v}", "{k}:{v}", "{k} -> {v}", "{k} is {v}"))
    join = draw.choice((", ", "; ", " | ", ";", "\n", " / "))
    sample = join.join(pair.format(k=k, v=v) for k, v in (("key", "value"), ("key", "value")))
    given = f"pairs written like {sample!r}" if "\n" not in sample else "pairs, one on each line"
    return plan_notation(draw, pair, join, "", "", given, f"make JSON of {given}")


@family("query-to-json", "structure", "json")
def query(draw: random.Random) -> Plan:
    before = draw.choice(("?", "", "/search?", "https://example.com/?", "/api/items?"))
    given = ("the query part of a web address", "an address with a query")
    goal = "turn the query into JSON"
    return plan_notation(draw, "{k}={v}", "&", before, "", given, goal)


@family("settings-to-json", "structure", "json")
def settings(draw: random.Random) -> Plan:
    pair, noun = draw.choice(
        (
            ("{k}: {v}", "a few lines of YAML"),
            ("{k} = {v}", "lines of an INI file"),
            ("export {k}={v}", "export lines of a shell script"),
            ("set {k} {v}", "set commands"),
            ("--{k} {v}", "command line options, one a line"),
            ("- {k}: {v}", "a bullet list of settings"),
            ("{k} {v};", "lines of a server config"),
        )
    )
    return plan_notation(draw, pair, "\n", "", "", noun, f"turn {noun} into a JSON object")


@family("tag-to-json", "structure", "json")
def tag(draw: random.Random) -> Plan:
    name = draw.choice(("item", "user", "box", "row", "job", "img", "input"))
    given = f"an XML tag <{name} …> with attributes"
    return plan_notation(
        draw, '{k}="{v}"', " ", f"<{name} ", "/>", given, "write the attributes as JSON"
    )
