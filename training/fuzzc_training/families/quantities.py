"""Numbers in words, units, sizes, truth values, versions."""

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


@family("version-form", "normalise", "text")
def version_form(draw: random.Random) -> Plan:
    form, sample = draw.choice(
        (
            ("{a}.{b}.{c}", "1.4.2"),
            ("v{a}.{b}.{c}", "v1.4.2"),
            ("{a}.{b}", "1.4 (two parts)"),
            ("{a}.{b}.x", "1.4.x"),
            ("release-{a}.{b}.{c}", "release-1.4.2"),
            ("{a}", "1 (the first part alone)"),
            ("^{a}.{b}.{c}", "^1.4.2"),
            ("{a}_{b}_{c}", "1_4_2"),
            ("{a}.{b}.0", "1.4.0 (the last part always 0)"),
        )
    )

    def case(d: random.Random) -> Case:
        a, b, c = d.randint(0, 12), d.randint(0, 30), d.randint(0, 20)
        given = d.choice(
            (
                f"v{a}.{b}.{c}",
                f"{a}.{b}.{c}",
                f"version {a}.{b}.{c}",
                f"Release {a}.{b}.{c}",
                f"{a}.{b}.{c}-beta",
                f"={a}.{b}.{c}",
                f"{a}-{b}-{c}",
                f"{a}.{b}.{c} (stable)",
                f"~{a}.{b}.{c}",
                f"app {a}.{b}.{c} of {d.randint(2019, 2026)}",
            )
        )
        return given, form.format(a=a, b=b, c=c)

    return make_plan(
        draw,
        case,
        given=("a version in any spelling", "the version of a program as written somewhere"),
        goal=f"write the version like {sample}",
        result=f"the version like {sample}",
        rules=[("words, signs and suffixes go away", "no beta, no brackets, no words")],
    )


@family("version-next", "transform", "text")
def version_next(draw: random.Random) -> Plan:
    """The next version by the kind of change; the spec says which words mean what."""
    kinds = draw.choice(
        (("breaking", "feature", "fix"), ("major", "minor", "patch"), ("big", "medium", "small"))
    )
    prefix, suffix = (
        draw.choice(("", "v", "app-", "r")),
        draw.choice(("", "", "-rc1", ".0", "+dev")),
    )

    def case(d: random.Random) -> Case:
        parts = [d.randint(0, 8), d.randint(0, 8), d.randint(0, 8)]
        at = d.randrange(3)
        given = ".".join(map(str, parts))
        after = [*parts[:at], parts[at] + 1, *[0] * (2 - at)]
        frame = d.choice(("{v} {k}", "{k}: {v}", "{v}, {k} change", "{k} change after {v}"))
        return frame.format(v=given, k=kinds[at]), prefix + ".".join(map(str, after)) + suffix

    return make_plan(
        draw,
        case,
        given=("a version and the kind of change", "the last version with what has changed"),
        goal=(
            f"tell the next version, written like {prefix}1.2.3{suffix}",
            f"raise the version; the answer looks like {prefix}1.2.3{suffix}",
        ),
        result=f"the next version, like {prefix}1.2.3{suffix}",
        rules=[
            f"{kinds[0]} raises the first number and sets the others to 0",
            f"{kinds[1]} raises the second and sets the third to 0",
            f"{kinds[2]} raises the third",
        ],
        ordered=True,
    )
