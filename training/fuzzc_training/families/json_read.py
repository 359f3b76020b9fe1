"""Read JSON: look up, list the keys, write it as plain text or in other keys."""

import json
import random
import re
from collections.abc import Callable

from .family import Case, Plan, family, make_plan
from .json_edit import domain_keys, loose, plan_edit
from .json_values import DOMAINS, compact, draw_object


@family("json-look-up", "extract", "text")
def look_up(draw: random.Random) -> Plan:
    domain, keys = domain_keys(draw, 1, 1)
    key, absent = keys[0], draw.choice(("none", "-", "missing", "n/a", "?"))

    def edit(value: dict) -> str:
        found = value.get(key, absent)
        return found if isinstance(found, str) else compact(found)

    plan = plan_edit(
        draw,
        edit,
        domain,
        keys,
        [
            (f"give the value of {key}", f"only the value that stands at {key}"),
            ("text without its quotes", "no quotes around text"),
            (f"{absent} when there is no {key}", f"write {absent} if the key is missing"),
        ],
        f"look up {key}",
        text=True,
    )

    def case(d: random.Random) -> Case:
        given, answer = plan.case(d)
        if d.random() < 0.8:
            return given, answer
        value = {k: x for k, x in json.loads(given).items() if k != key} or {"id": d.randint(1, 99)}
        return loose(value, d), absent

    return Plan(plan.wordings, case)


@family("json-key-list", "extract", "text")
def key_list(draw: random.Random) -> Plan:
    domain, keys = domain_keys(draw, 2, 2)
    join = draw.choice((", ", ",", " ", "; ", "|", "/", " > ", "-"))
    order = draw.choice(("as they come", "a to z"))

    def edit(value: dict) -> str:
        return join.join(sorted(value) if order == "a to z" else value)

    return plan_edit(
        draw,
        edit,
        domain,
        keys,
        [
            (f"join them with '{join}'", f"'{join}' stands between them"),
            ("in alphabetical order", "sorted from a to z")
            if order == "a to z"
            else ("in the order of the input", "as they come"),
            ("only the keys, no values", "no values"),
        ],
        "list the keys of the object",
        text=True,
        most=4,
    )


def camel(key: str) -> str:
    return re.sub(r"_(\w)", lambda m: m[1].upper(), key)


STYLES: dict[str, Callable[[str], str]] = {
    "camelCase": camel,
    "kebab-case": lambda key: key.replace("_", "-"),
    "CAPITALS": lambda key: key.upper(),
    "PascalCase": lambda key: camel(key)[0].upper() + camel(key)[1:],
    "words without a separator": lambda key: key.replace("_", ""),
}


@family("json-key-style", "transform", "json")
def key_style(draw: random.Random) -> Plan:
    style = draw.choice(list(STYLES))
    domain = draw.choice(list(DOMAINS))
    prefixes = ("user", "max", "last", "new", "total", "my", "old", "main")

    def case(d: random.Random) -> Case:
        value = {}
        for key, x in draw_object(d, domain, 1, 3).items():
            value[f"{d.choice(prefixes)}_{key}" if d.random() < 0.7 else key] = x
        return loose(value, d), compact({STYLES[style](k): x for k, x in value.items()})

    return make_plan(
        draw,
        case,
        given="a JSON object with snake_case keys",
        goal=f"turn its keys into {style}",
        result=f"the object with keys in {style}",
        rules=[("values stay", "don't touch the values"), ("same order", "keep the order")],
    )


@family("json-to-lines", "transform", "text")
def to_lines(draw: random.Random) -> Plan:
    domain, keys = domain_keys(draw, 1, 2)
    sign = draw.choice((": ", "=", " = ", " -> ", ":"))
    join, said = draw.choice(
        (("\n", "one pair a line"), ("; ", "pairs joined by '; '"), (", ", "pairs joined by ', '"))
    )
    upper = draw.random() < 0.3

    def edit(value: dict) -> str:
        pairs = []
        for k, x in value.items():
            shown = x if isinstance(x, str) else compact(x)
            pairs.append(f"{k.upper() if upper else k}{sign}{shown}")
        return join.join(pairs)

    return plan_edit(
        draw,
        edit,
        domain,
        keys,
        [
            (f"'{sign}' between key and value", f"write key, then '{sign}', then the value"),
            said,
            ("no quotes around text", "text loses its quotes"),
            *(["keys in capitals"] if upper else []),
        ],
        "write the object as plain text",
        text=True,
    )
