"""Repair sentences: spelling, capitals, doubled words."""

import random
import re

from . import words
from .family import Case, Plan, family, make_plan
from .noise import misspell_cased
from .wording import Text, cap

SENTENCES = """
{g} sent the {t} to {c} on {d}
the {t} from {c} arrived this morning
please return the {t} before {d}
we expect {n} visitors in {c} next month
{g} and {h} finished the report yesterday
the library in {c} closes early on {d}
nobody answered the telephone at the station
the garden behind the school needs water
{g} bought {n} {ts} at the market
our neighbours painted their kitchen yellow
the train to {c} leaves from another platform
children under seven travel without a ticket
the museum shows pictures from {c} until {d}
{g} forgot the umbrella in the restaurant
fresh bread is delivered every morning
the meeting about the {t} was moved to {d}
remember to switch off the lights upstairs
the doctor from {c} visits us every {d}
several windows were broken during the storm
{g} wrote a friendly letter to the council
""".strip().split("\n")
WHY = (
    "The texts were typed in a hurry.",
    "A scanner read these sentences.",
    "The notes come from a phone with a broken screen.",
)


def sentence(draw: random.Random) -> str:
    first, second = draw.sample(words.GIVEN, 2)
    return draw.choice(SENTENCES).format(
        g=first,
        h=second,
        t=words.thing(draw),
        ts=words.thing(draw, True),
        c=draw.choice(words.CITIES),
        d=draw.choice(words.DAYS),
        n=draw.randint(3, 90),
    )


def slip(text: str, draw: random.Random, most: int) -> str:
    """Misspells some long words that are not names."""
    parts = text.split(" ")
    places = [at for at, part in enumerate(parts) if re.fullmatch(r"[a-z]{5,}", part)]
    for at in draw.sample(places, min(len(places), draw.randint(0, most))):
        parts[at] = misspell_cased(parts[at], draw)
    return " ".join(parts)


@family("text-spelling", "repair", "text", weight=1.5)
def spelling(draw: random.Random) -> Plan:
    most = draw.choice((1, 2, 3))
    capital, stop = draw.random() < 0.5, draw.choice(("", "", "."))

    def case(d: random.Random) -> Case:
        clean = sentence(d)
        answer = (cap(clean) if capital else clean) + stop
        return slip(clean, d, most) + d.choice(("", stop)), answer

    rules: list[Text] = [("correct misspelled words", "mend lost, doubled and swapped letters")]
    if capital:
        rules.append(("start with a capital letter", "the first letter becomes a capital"))
    if stop:
        rules.append(("end with a full stop", "one full stop at the end"))
    rules.append(("names and all else stay", "change nothing else", "keep names as they are"))
    return make_plan(
        draw,
        case,
        given=("a sentence with typing mistakes", "a badly typed sentence"),
        goal=("correct the spelling of a sentence", "mend the sentence"),
        result=("the corrected sentence", "the sentence without mistakes"),
        rules=rules,
        why=WHY,
    )


@family("text-capitals", "repair", "text")
def capitals(draw: random.Random) -> Plan:
    """Sentence case, names and weekdays with capitals."""
    stop = draw.choice((".", "!", ""))
    style = draw.choice(("lower", "upper"))

    def case(d: random.Random) -> Case:
        clean = cap(sentence(d))
        return (clean.lower() if style == "lower" else clean.upper()), clean + stop

    was = "in small letters only" if style == "lower" else "in capitals only"
    return make_plan(
        draw,
        case,
        given=f"a sentence {was}",
        goal="write the sentence with proper capitals",
        result=("the sentence as it should look", "the sentence in normal letters"),
        rules=[
            ("a capital at the start, for people, cities and days", "names get their capitals"),
            f"end with {stop}" if stop else ("no mark at the end", "add no full stop"),
        ],
        why=WHY,
    )


@family("text-doubled-words", "repair", "text")
def doubled(draw: random.Random) -> Plan:
    mark = draw.choice((None, None, "(x2)"))

    def case(d: random.Random) -> Case:
        parts = sentence(d).split(" ")
        at = d.randrange(len(parts))
        hit = d.random() < 0.85
        given = [*parts[:at], *([parts[at]] * (2 if hit else 1)), *parts[at + 1 :]]
        answer = " ".join(parts) + (f" {mark}" if mark and hit else "")
        return " ".join(given), answer

    rules: list[Text] = [
        ("keep one of two equal words in a row", "a word stands only once in a row")
    ]
    if mark:
        rules.append(f"add {mark} at the end when something was dropped")
    rules.append(("no other change", "the rest stays"))
    return make_plan(
        draw,
        case,
        given=("a sentence that may stutter", "a sentence with a doubled word"),
        goal="take out words that were typed twice",
        result=("the sentence without the doubled word", "the cleaned sentence"),
        rules=rules,
        why=WHY,
    )
