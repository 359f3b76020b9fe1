"""Numbers in words, units, truth values."""

import random

from .family import Case, Plan, family, make_plan
from .wording import Text, listed
from .words import PLURAL

SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen""".replace("\n", " ").split(" ")
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spell(number: int) -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        rest = f"-{SMALL[number % 10]}" if number % 10 else ""
        return TENS[number // 10] + rest
    rest = f" and {spell(number % 100)}" if number % 100 else ""
    return f"{SMALL[number // 100]} hundred{rest}"


@family("number-words", "normalise", "text")
def number_words(draw: random.Random) -> Plan:
    """Numbers in a phrase from words to digits, or the other way."""
    to_digits = draw.random() < 0.6
    limit = draw.choice((20, 100, 1000))
    pad = draw.choice((0, 0, 3)) if to_digits else 0
    alone = draw.random() < 0.5

    def case(d: random.Random) -> Case:
        number = d.randint(2, limit - 1)
        said, figure = spell(number), f"{number:0{pad}}"
        thing = d.choice(PLURAL)
        given, answer = (said, figure) if to_digits else (str(number), said)
        if not alone:
            frame = d.choice(("{} {t}", "order {} {t}", "{} {t} left", "send {} {t} today"))
            return frame.format(given, t=thing), frame.format(answer, t=thing)
        return given, answer

    kind = "digits" if to_digits else "words"
    rules: list[Text] = [f"numbers are below {limit}"]
    if pad:
        rules.append(f"with at least {pad} digits, filled up with zeros")
    if not to_digits:
        rules.append("like twenty-one, and two hundred and five above a hundred")
    if not alone:
        rules.append(("copy the other words", "the rest stays"))
    noun = "a number" if alone else "a phrase with a number in it"
    return make_plan(
        draw,
        case,
        given=f"{noun} in {'words' if to_digits else 'digits'}",
        goal=f"write the number in {kind}",
        result=f"the {'number' if alone else 'phrase with its number'} in {kind}",
        rules=rules,
    )


UNITS: dict[str, tuple[str, ...]] = {
    "kg": ("kilograms", "kilos", "kilogram", "kgs"),
    "g": ("grams", "gram", "gr"),
    "m": ("metres", "meters", "mtr"),
    "cm": ("centimetres", "centimeters"),
    "km": ("kilometres", "kilometers", "kms"),
    "l": ("litres", "liters", "ltr"),
    "ml": ("millilitres", "milliliters"),
    "min": ("minutes", "mins"),
    "h": ("hours", "hrs"),
    "°C": ("degrees Celsius", "deg C", "celsius"),
    "MB": ("megabytes", "megs", "mb"),
    "GB": ("gigabytes", "gigs", "gb"),
    "%": ("percent", "per cent", "pct"),
    "V": ("volts", "volt"),
    "W": ("watts", "watt"),
}


@family("unit-symbols", "normalise", "text")
def unit_symbols(draw: random.Random) -> Plan:
    units = draw.sample(list(UNITS), draw.randint(3, 6))
    space, comma = draw.random() < 0.6, draw.random() < 0.3
    frames = ("{}", "{}", "about {}", "{} of it", "weighs in at {}", "max {}")
    bare = draw.random() < 0.5

    def case(d: random.Random) -> Case:
        unit = d.choice(units)
        number = d.choice((str(d.randint(1, 900)), f"{d.randint(0, 99)}.{d.randint(1, 9)}"))
        said = d.choice((*UNITS[unit], unit))
        answer = f"{number.replace('.', ',') if comma else number}{' ' if space else ''}{unit}"
        given = f"{number}{d.choice((' ', '', ' '))}{said}"
        return (given if bare else d.choice(frames).format(given)), answer

    table = listed([f"{UNITS[unit][0]} is {unit}" for unit in units])
    return make_plan(
        draw,
        case,
        given=("a measure in words", "a number with a unit"),
        goal="write the measure with the symbol of its unit",
        result=("the number with its symbol", "number and symbol"),
        rules=[
            table,
            "one space before the symbol" if space else "no space before the symbol",
            "a comma for the decimal point" if comma else ("keep the number", "the number stays"),
            *([] if bare else [("drop all other words", "nothing but the measure")]),
        ],
    )


YES = (
    "yes",
    "y",
    "true",
    "on",
    "sure",
    "1",
    "ok",
    "of course",
    "enabled",
    "yep",
    "right",
    "agreed",
)
NO = ("no", "n", "false", "off", "nope", "0", "never", "not at all", "disabled", "nah", "wrong")


@family("truth-value", "normalise", "labels")
def truth_value(draw: random.Random) -> Plan:
    pair = draw.choice(
        (("yes", "no"), ("true", "false"), ("1", "0"), ("on", "off"), ("Y", "N"), ("in", "out"))
    )
    unsure = draw.choice((None, "unknown", "?", "ask"))
    labels = pair + ((unsure,) if unsure else ())
    unclear = ("maybe", "not sure", "later", "perhaps", "who knows", "n/a", "depends", "hmm")

    def case(d: random.Random) -> Case:
        at = d.randrange(len(labels))
        text = d.choice((YES, NO, unclear)[at])
        text = d.choice((text, text.upper(), text.capitalize(), f"{text}!", f" {text}", f"{text}."))
        return text, labels[at]

    rules: list[Text] = [f"give {pair[0]} for consent, {pair[1]} for refusal"]
    if unsure:
        rules.append(f"say {unsure} if it is neither")
    return make_plan(
        draw,
        case,
        given=("a short reply", "what somebody put into a yes-or-no field"),
        goal=f"reduce the reply to {listed(labels, 'or')}",
        result=listed(labels, "or"),
        rules=rules,
        labels=labels,
    )
