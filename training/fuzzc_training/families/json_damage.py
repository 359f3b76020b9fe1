"""Damage to JSON that can be undone in one way only.

A value becomes a list of tokens; a damage edits the list (or, last, the text).
"""

import json
import random
import re
from collections.abc import Callable

from .words import split

Tokens = list[str]
Damage = Callable[[Tokens, random.Random], Tokens]


def tokens_of(value: object) -> Tokens:
    return re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+', json_text(value))


def json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def text_of(tokens: Tokens, draw: random.Random) -> str:
    """With a space after commas and colons, or none where a token needs none."""
    tight = draw.random() < 0.2
    text = ""
    for at, token in enumerate(tokens):
        text += token
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        if token in {",", ":", ";"} or token.startswith(("/*", "#")):
            closed = tight or (after[:1] in set("}]") and draw.random() < 0.8)
            text += "" if closed and token in {",", ":"} and not after.startswith("/*") else " "
        elif after and not starts_closed(after) and token not in {"{", "["}:
            text += " "
    return text.replace("\n ", "\n").strip()


def starts_closed(token: str) -> bool:
    return token[0] in ",:;}]"


def is_key(tokens: Tokens, at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1] == ":" and tokens[at].startswith('"')


def is_string(tokens: Tokens, at: int) -> bool:
    return tokens[at].startswith('"')


def some_of(places: list[int], draw: random.Random, most: int = 2) -> set[int]:
    return set(draw.sample(places, min(len(places), draw.randint(1, most))))


def trailing_comma(tokens: Tokens, draw: random.Random) -> Tokens:
    ends = [at for at, t in enumerate(tokens) if t in "}]" and tokens[at - 1] not in "{["]
    chosen = some_of(ends, draw)
    return [x for at, t in enumerate(tokens) for x in ([",", t] if at in chosen else [t])]


def missing_comma(tokens: Tokens, draw: random.Random) -> Tokens:
    chosen = some_of([at for at, t in enumerate(tokens) if t == ","], draw, 1)
    return [t for at, t in enumerate(tokens) if at not in chosen]


def doubled_comma(tokens: Tokens, draw: random.Random) -> Tokens:
    chosen = some_of([at for at, t in enumerate(tokens) if t == ","], draw, 1)
    return [x for at, t in enumerate(tokens) for x in ([t, t] if at in chosen else [t])]


def semicolons(tokens: Tokens, draw: random.Random) -> Tokens:
    return [";" if t == "," else t for t in tokens]


def missing_end(tokens: Tokens, draw: random.Random) -> Tokens:
    """One or all of the brackets at the very end."""
    ends = 0
    while ends < len(tokens) - 1 and tokens[-1 - ends] in "}]":
        ends += 1
    return tokens[: -draw.randint(1, ends)] if ends else tokens


def missing_bracket(tokens: Tokens, draw: random.Random) -> Tokens:
    """The end of a list of scalars inside an object."""
    ends = [
        at
        for at, t in enumerate(tokens)
        if t == "]" and at + 1 < len(tokens) and tokens[at - 1] not in "]}["
    ]
    chosen = some_of(ends, draw, 1)
    return [t for at, t in enumerate(tokens) if at not in chosen]


def missing_start(tokens: Tokens, draw: random.Random) -> Tokens:
    return tokens[1:]


def requote(left: str, right: str) -> Damage:
    def damage(tokens: Tokens, draw: random.Random) -> Tokens:
        strings = [at for at in range(len(tokens)) if is_string(tokens, at)]
        chosen = set(strings) if draw.random() < 0.7 else some_of(strings, draw)
        return [left + t[1:-1] + right if at in chosen else t for at, t in enumerate(tokens)]

    return damage


def bare_keys(tokens: Tokens, draw: random.Random) -> Tokens:
    keys = [at for at in range(len(tokens)) if is_key(tokens, at)]
    chosen = set(keys) if draw.random() < 0.6 else some_of(keys, draw)
    return [t[1:-1] if at in chosen else t for at, t in enumerate(tokens)]


def bare_words(tokens: Tokens, draw: random.Random) -> Tokens:
    """Values of letters only; the words true, false and null never occur as text."""
    values = [
        at
        for at, t in enumerate(tokens)
        if re.fullmatch(r'"[A-Za-z]{2,}"', t) and not is_key(tokens, at) and t != '"none"'
    ]
    chosen = some_of(values, draw, 3)
    return [t[1:-1] if at in chosen else t for at, t in enumerate(tokens)]


def python_words(tokens: Tokens, draw: random.Random) -> Tokens:
    table = {"true": "True", "false": "False", "null": "None"}
    return [table.get(t, t) for t in tokens]


def other_null(tokens: Tokens, draw: random.Random) -> Tokens:
    name = draw.choice(("undefined", "NaN", "nil", "NULL"))
    return [name if t == "null" else t for t in tokens]


def comment(tokens: Tokens, draw: random.Random) -> Tokens:
    notes = split("""todo check old web local default later test new ms first was 3""")
    note = draw.choice(notes)
    commas = [at for at, t in enumerate(tokens) if t == ","]
    if not commas:
        return tokens
    at = draw.choice(commas) + 1
    mark = draw.choice((f"/* {note} */", f"// {note}\n", f"# {note}\n", f"/* {note} */"))
    return [*tokens[:at], mark, *tokens[at:]]


def lost_colon(tokens: Tokens, draw: random.Random) -> Tokens:
    chosen = some_of([at for at, t in enumerate(tokens) if t == ":"], draw, 1)
    return [t for at, t in enumerate(tokens) if at not in chosen]


def equals(tokens: Tokens, draw: random.Random) -> Tokens:
    sign = draw.choice(("=", "=>"))
    return [sign if t == ":" else t for t in tokens]


def lost_quote(tokens: Tokens, draw: random.Random) -> Tokens:
    """The second quote of a key."""
    chosen = some_of([at for at in range(len(tokens)) if is_key(tokens, at)], draw, 1)
    return [t[:-1] if at in chosen else t for at, t in enumerate(tokens)]


def bare_point(tokens: Tokens, draw: random.Random) -> Tokens:
    return [re.sub(r"^(-?)0\.", r"\1.", t) for t in tokens]


DAMAGES: dict[str, tuple[tuple[str, ...], Damage]] = {
    "trailing": (("trailing commas", "a comma before a closing bracket"), trailing_comma),
    "missing": (("missing commas", "a comma that was forgotten"), missing_comma),
    "doubled": (("doubled commas", "two commas in a row"), doubled_comma),
    "semicolons": (("semicolons in place of commas", "; between the pairs"), semicolons),
    "end": (("missing closing brackets at the end", "an end that was cut off"), missing_end),
    "bracket": (("a list that was never closed", "a lost ]"), missing_bracket),
    "start": (("a missing bracket at the start", "a lost opening bracket"), missing_start),
    "single": (("single quotes", "apostrophes for quotes"), requote("'", "'")),
    "smart": (("curly quotes", "typographic quotes"), requote("“", "”")),
    "backtick": (("backticks for quotes", "strings in backticks"), requote("`", "`")),
    "keys": (("keys without quotes", "bare keys"), bare_keys),
    "words": (("words without quotes", "bare words as values"), bare_words),
    "python": (
        ("True, False or None from Python", "Python's True, False and None"),
        python_words,
    ),
    "null": (("undefined, NaN, nil or NULL, which mean null", "other words for null"), other_null),
    "comments": (("comments", "notes that start with //, # or /*"), comment),
    "colon": (("missing colons", "a colon that was forgotten"), lost_colon),
    "equals": (("= or => in place of colons", "= signs after the keys"), equals),
    "quote": (("a quote missing after a key", "keys with only one quote"), lost_quote),
    "point": (("numbers that start with a point", "numbers such as .5"), bare_point),
}
