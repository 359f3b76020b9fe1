"""Phone numbers and other groups of digits."""

import random

from .family import Case, Plan, family, make_plan
from .wording import Text

COUNTRIES: dict[str, tuple[str, tuple[int, ...]]] = {
    "Germany": ("49", (3, 7)),
    "France": ("33", (1, 8)),
    "Kenya": ("254", (3, 6)),
    "India": ("91", (5, 5)),
    "Poland": ("48", (2, 7)),
    "Japan": ("81", (2, 8)),
    "Turkey": ("90", (3, 7)),
    "Nigeria": ("234", (3, 7)),
    "Spain": ("34", (3, 6)),
    "Sweden": ("46", (2, 7)),
    "Vietnam": ("84", (2, 7)),
    "Australia": ("61", (1, 8)),
}


def digits(draw: random.Random, count: int) -> str:
    return str(draw.randint(1, 9)) + "".join(str(draw.randint(0, 9)) for _ in range(count - 1))


def typed(code: str, area: str, rest: str, draw: random.Random, foreign: bool) -> str:
    local = draw.choice(
        (
            f"0{area} {rest}",
            f"0{area}/{rest}",
            f"0{area}-{rest[:3]}-{rest[3:]}",
            f"(0{area}) {rest[:3]} {rest[3:]}",
            f"0{area} {rest[:2]} {rest[2:]}",
            f"0{area}{rest}",
        )
    )
    if not foreign:
        return local
    return draw.choice(
        (
            f"+{code} {area} {rest}",
            f"00{code} {area} {rest}",
            f"+{code}-{area}-{rest[:3]}-{rest[3:]}",
        )
    )


FORMS: tuple[tuple[str, str], ...] = (
    ("+{c}{a}{r}", "+{c} and the digits without spaces"),
    ("+{c} {a} {r}", "+{c}, area code and number with spaces between"),
    ("00{c}{a}{r}", "00{c} and the digits without spaces"),
    ("0{a}{r}", "the national form 0… without spaces"),
    ("0{a} {r}", "the national form, one space after the area code"),
    ("0{a}/{r}", "the national form, a slash after the area code"),
    ("+{c}-{a}-{r}", "+{c}, area code and number with hyphens between"),
    ("{c}{a}{r}", "digits only, beginning with {c}"),
)


@family("phone-form", "normalise", "text", weight=1.5)
def phone_form(draw: random.Random) -> Plan:
    country = draw.choice(list(COUNTRIES))
    code, (area_size, size) = COUNTRIES[country]
    form, said = draw.choice(FORMS)
    target = said.format(c=code)

    def case(d: random.Random) -> Case:
        area, rest = digits(d, area_size), digits(d, size)
        given = typed(code, area, rest, d, d.random() < 0.3)
        if d.random() < 0.2:
            given = d.choice(("tel. {}", "{} (office)", "phone: {}", "call {}")).format(given)
        return given, form.format(c=code, a=area, r=rest)

    split: Text = ()
    if "{a}{r}" not in form:
        split = f"the area code has {area_size} digit{'s' if area_size > 1 else ''} after the 0"
    return make_plan(
        draw,
        case,
        given=(f"a phone number from {country}", f"a number in {country}, typed somehow"),
        goal=f"write the phone number as {target}",
        result=f"the number as {target}",
        rules=[
            f"the country code is {code}",
            ("+ or 00 before it and the leading 0 of the area mean the same number",
             f"a leading 0 stands for +{code}"),
            *([split] if split else []),
            ("leave out brackets, slashes and words", "no other marks and no words"),
        ],
    )  # fmt: skip


GROUPS: dict[str, tuple[int, ...]] = {
    "a card number": (16,),
    "an account number": (10, 12),
    "a customer number": (8, 9),
    "a parcel number": (12, 14),
    "a serial number": (9, 12),
    "a meter number": (8, 11),
}


@family("digit-groups", "normalise", "text")
def groups(draw: random.Random) -> Plan:
    noun = draw.choice(list(GROUPS))
    size, mark = draw.choice((2, 3, 4, 5)), draw.choice((" ", "-", ".", "/"))

    def case(d: random.Random) -> Case:
        number = digits(d, d.choice(GROUPS[noun]))
        at = d.randint(2, len(number) - 2)
        other = d.choice(" -./_")
        given = d.choice((number, number[:at] + other + number[at:], other.join(chunks(number, 3))))
        return given, mark.join(chunks(number, size))

    return make_plan(
        draw,
        case,
        given=(noun, f"{noun} with or without marks"),
        goal=f"write the number in groups of {size} with '{mark}' between",
        result=f"the digits in groups of {size}, joined by '{mark}'",
        rules=[
            ("count from the left; the last group may be shorter", "the rest is the last group"),
            ("marks of the input are dropped", "other marks go away"),
        ],
    )


def chunks(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@family("digit-mask", "transform", "text")
def mask(draw: random.Random) -> Plan:
    noun = draw.choice(list(GROUPS))
    shown, sign = draw.choice((2, 3, 4)), draw.choice("*x#.")
    front = draw.random() < 0.3
    fixed = draw.choice((None, 4, 6))

    def case(d: random.Random) -> Case:
        number = digits(d, d.choice(GROUPS[noun]))
        kept = number[:shown] if front else number[-shown:]
        hidden = sign * (fixed or len(number) - shown)
        return number, kept + hidden if front else hidden + kept

    which = f"the {'first' if front else 'last'} {shown} digits"
    return make_plan(
        draw,
        case,
        given=noun,
        goal=f"hide all but {which}",
        result=f"the number with only {which} to be seen",
        rules=[
            (f"put {fixed} times {sign} for all the hidden digits together")
            if fixed
            else f"each hidden digit becomes {sign}",
            f"{which} stay",
        ],
        why=("Nobody at the desk needs the whole number.",),
    )


@family("code-form", "normalise", "text")
def code_form(draw: random.Random) -> Plan:
    """Product codes: letters, mark, padded number."""
    prefixes = draw.sample(("AB", "KX", "ZN", "PR", "TR", "MO", "LU", "QA", "SE"), 3)
    size, mark = draw.choice((3, 4, 5)), draw.choice(("-", "", "_", "/", "."))
    lower = draw.random() < 0.3

    def case(d: random.Random) -> Case:
        prefix, number = d.choice(prefixes), d.choice((d.randint(1, 99), d.randint(1, 999)))
        given = d.choice((prefix, prefix.lower(), prefix.capitalize()))
        given += d.choice(("", " ", "-", "_", " no. ", "#")) + str(number)
        answer = f"{prefix}{mark}{number:0{size}}"
        return given, answer.lower() if lower else answer

    sample = f"{prefixes[0]}{mark}{7:0{size}}"
    sample = sample.lower() if lower else sample
    return make_plan(
        draw,
        case,
        given=("a product code as typed", "an article code in any form"),
        goal=f"write the code like {sample}",
        result=f"the code like {sample}",
        rules=[
            ("small letters" if lower else ("capital letters", "letters become capitals")),
            (f"fill the number up with zeros to {size} digits", f"always {size} digits"),
            f"'{mark}' between letters and number"
            if mark
            else "nothing between letters and number",
        ],
    )
