"""Small edits of JSON: rename, drop, add, wrap."""

import json
import random
from collections.abc import Callable

from .family import Case, Plan, family, make_plan
from .json_values import DOMAINS, compact, draw_object, flag
from .wording import Text, listed
from .words import split

Edit = Callable[[dict, random.Random], object]
KEEP: tuple[str, ...] = (
    "everything else stays as it is, in its order",
    "copy the other keys and values",
    "leave the rest and the order alone",
)
SPARE = split("note extra label kind state target origin value field part code ref")


def loose(value: object, draw: random.Random) -> str:
    """With spaces or without."""
    return json.dumps(value, ensure_ascii=False) if draw.random() < 0.6 else compact(value)


def plan_edit(
    draw: random.Random,
    edit: Callable[[dict], object],
    domain: str,
    must: list[str],
    rules: list[Text],
    goal: Text,
    text: bool = False,
    most: int = 3,
) -> Plan:
    """`must`: keys of which most inputs have some."""
    makers = DOMAINS[domain]

    def case(d: random.Random) -> Case:
        others = draw_object(d, domain, 1, most)
        shown = [key for key in must if d.random() < 0.75] or must[:1]
        value = {**{key: makers[key](d) for key in shown}, **others}
        keys = list(value)
        d.shuffle(keys)
        value = {key: value[key] for key in keys}
        answer = edit(value)
        return loose(value, d), str(answer) if text else compact(answer)

    return make_plan(
        draw,
        case,
        given=("a JSON object", "an object in JSON", "a small JSON text"),
        goal=goal,
        result=("the answer as text",) if text else ("the changed JSON", "the new object, compact"),
        rules=rules,
    )


def domain_keys(draw: random.Random, low: int, high: int) -> tuple[str, list[str]]:
    domain = draw.choice(list(DOMAINS))
    return domain, draw.sample(list(DOMAINS[domain]), draw.randint(low, high))


@family("json-rename-keys", "transform", "json")
def rename_keys(draw: random.Random) -> Plan:
    domain, keys = domain_keys(draw, 1, 3)
    table = dict(zip(keys, draw.sample(SPARE, len(keys)), strict=True))
    said = listed([f"{old} to {new}" for old, new in table.items()])
    return plan_edit(
        draw,
        lambda v: {table.get(k, k): x for k, x in v.items()},
        domain,
        keys,
        [(f"rename {said}", f"new key names: {said}"), KEEP],
        "give some keys of the object another name",
    )


@family("json-drop-keys", "transform", "json")
def drop_keys(draw: random.Random) -> Plan:
    domain, keys = domain_keys(draw, 1, 3)
    names = listed(keys)
    return plan_edit(
        draw,
        lambda v: {k: x for k, x in v.items() if k not in keys},
        domain,
        keys,
        [(f"take out {names}", f"remove the keys {names}", f"drop {names} if present"), KEEP],
        "remove what we may not store",
        most=4,
    )


@family("json-keep-keys", "transform", "json")
def keep_keys(draw: random.Random) -> Plan:
    domain, keys = domain_keys(draw, 1, 3)
    names = listed(keys)
    return plan_edit(
        draw,
        lambda v: {k: x for k, x in v.items() if k in keys},
        domain,
        keys,
        [
            (f"keep only {names}", f"only the keys {names} survive"),
            ("in the order of the input", "don't change their order"),
        ],
        "cut the object down",
    )


@family("json-add-key", "transform", "json")
def add_key(draw: random.Random) -> Plan:
    domain, keys = domain_keys(draw, 1, 1)
    key = draw.choice(SPARE)
    value = draw.choice((True, False, None, 1, 0, "new", "web", "v2", draw.randint(2, 99)))
    first = draw.random() < 0.5
    shown = compact(value)
    where = "at the front" if first else "at the end"
    return plan_edit(
        draw,
        lambda v: {key: value, **v} if first else {**v, key: value},
        domain,
        keys,
        [(f"add {key} with the value {shown} {where}", f"put {key}: {shown} {where}"), KEEP],
        f"add {key} to the object",
    )


@family("json-drop-empty", "transform", "json")
def drop_empty(draw: random.Random) -> Plan:
    domain = draw.choice(("settings", "people", "shop", "events", "places", "media"))
    nullable = [k for k, m in DOMAINS[domain].items() if m(random.Random(3)) is None]
    keys = [*nullable, *draw.sample(list(DOMAINS[domain]), 2)]
    gone, said = draw.choice(
        (
            ((None,), "null"),
            ((None, False), "null or false"),
            ((None, 0), "null or 0"),
            ((False,), "false"),
            ((True,), "true"),
        )
    )

    def edit(value: dict) -> dict:
        return {k: x for k, x in value.items() if not any(x is g or (x == 0 == g) for g in gone)}

    def case(d: random.Random) -> Case:
        value = draw_object(d, domain, 2, 4)
        for key in d.sample(list(value), d.randint(0, len(value) - 1)):
            value[key] = d.choice((*gone, flag(d), *gone))
        return loose(value, d), compact({k: x for k, x in edit(value).items()})

    assert keys
    return make_plan(
        draw,
        case,
        given=("a JSON object", "an object in JSON"),
        goal=f"drop every key whose value is {said}",
        result=f"the object without values that are {said}",
        rules=[KEEP, ("compact, without spaces", "write it without spaces")],
    )


@family("json-wrap", "transform", "json")
def wrap(draw: random.Random) -> Plan:
    domain, keys = domain_keys(draw, 1, 2)
    key = draw.choice(SPARE + ["data", "result", "payload", "body"])
    extra = draw.choice((None, ("ok", True), ("version", draw.randint(1, 9)), ("error", None)))
    listing = draw.random() < 0.4

    def edit(value: dict) -> dict:
        outer: dict = {key: [value] if listing else value}
        return {**outer, extra[0]: extra[1]} if extra else outer

    inner = "a list with the object" if listing else "the object"
    rules: list[Text] = [(f"put {inner} under the key {key}", f"{key} holds {inner}")]
    if extra:
        rules.append(f"then add {extra[0]} with the value {compact(extra[1])}")
    return plan_edit(draw, edit, domain, keys, [*rules, KEEP], "wrap the object in another one")
