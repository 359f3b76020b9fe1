"""Amounts and currencies in one form."""

import random

from .family import Case, Plan, family, make_plan
from .json_values import compact
from .wording import Text

CURRENCIES: dict[str, tuple[str, ...]] = {
    "EUR": ("€", "euro", "euros"),
    "USD": ("$", "dollars", "US dollars"),
    "GBP": ("£", "pounds", "quid"),
    "INR": ("₹", "rupees", "Rs"),
    "JPY": ("¥", "yen"),
    "KES": ("KSh", "shillings"),
    "PLN": ("zł", "zloty"),
    "BRL": ("R$", "reais"),
    "TRY": ("₺", "lira"),
    "CHF": ("Fr.", "francs"),
}


def draw_sum(draw: random.Random) -> tuple[int, int]:
    whole = draw.choice((draw.randint(1, 99), draw.randint(100, 999), draw.randint(1000, 99999)))
    return whole, draw.choice((0, 0, 50, 99, draw.randint(1, 99)))


def grouped(whole: int, mark: str) -> str:
    return f"{whole:,}".replace(",", mark)


def figure(whole: int, cents: int, draw: random.Random, comma: bool) -> str:
    """1.234,50 or 1,234.50, with or without the marks of thousands."""
    group, point = (".", ",") if comma else (",", ".")
    text = draw.choice((str(whole), grouped(whole, group), grouped(whole, group)))
    return text if cents == 0 and draw.random() < 0.5 else f"{text}{point}{cents:02}"


FORMS: tuple[tuple[str, str], ...] = (
    ("{w}.{c:02} {k}", "1234.50 EUR"),
    ("{k} {w}.{c:02}", "EUR 1234.50"),
    ("{w},{c:02} {k}", "1234,50 EUR"),
    ("{k}{w}.{c:02}", "EUR1234.50"),
    ("{g}.{c:02} {k}", "1,234.50 EUR"),
    ("{w}.{c:02}", "1234.50 (without the currency)"),
    ("{w},{c:02}", "1234,50 (without the currency)"),
    ("{k}", "EUR (the code alone)"),
    ("{k};{w}.{c:02}", "EUR;1234.50"),
)


def draw_money(draw: random.Random, codes: list[str], comma: bool) -> tuple[str, str, int, int]:
    code = draw.choice(codes)
    whole, cents = draw_sum(draw)
    number = figure(whole, cents, draw, comma)
    name = draw.choice((*CURRENCIES[code], code))
    before = not name.isalpha() or name in (code, "KSh", "Rs")
    text = f"{name}{draw.choice(('', ' '))}{number}" if before else f"{number} {name}"
    return text, code, whole, cents


def plan_money(draw: random.Random, json: bool) -> Plan:
    codes = draw.sample(list(CURRENCIES), draw.randint(3, 6))
    comma = draw.random() < 0.4
    form, sample = draw.choice(FORMS)
    keys = draw.choice((("amount", "currency"), ("value", "code"), ("sum", "unit")))

    def case(d: random.Random) -> Case:
        text, code, whole, cents = draw_money(d, codes, comma)
        if d.random() < 0.3:
            text = d.choice(("about {}", "total {}", "{} please", "price: {}")).format(text)
        if json:
            amount = whole if cents == 0 else float(f"{whole}.{cents:02}")
            return text, compact({keys[0]: amount, keys[1]: code})
        return text, form.format(w=whole, c=cents, k=code, g=grouped(whole, ","))

    signs = ", ".join(f"{CURRENCIES[code][0]} is {code}" for code in codes)
    mark: Text = (
        ("the comma is the decimal mark, the point groups thousands", "1.234,50 is 1234 and a half")
        if comma
        else (
            "the point is the decimal mark, the comma groups thousands",
            "1,234.50 is 1234 and a half",
        )
    )
    target = f"an object with {keys[0]} and {keys[1]}" if json else f"the amount like {sample}"
    rules: list[Text] = [mark, f"currency codes: {signs}"]
    if json:
        rules.append(
            f"{keys[0]} is a number without needless zeros, {keys[1]} the code of three letters"
        )
    else:
        rules.append(("always two digits after the mark", "two decimals, zeros too"))
    return make_plan(
        draw,
        case,
        given=("an amount of money as people write it", "a price with its currency"),
        goal=f"write the amount like {sample}" if not json else "write the amount as JSON",
        result=target,
        rules=rules,
        keys=keys if json else (),
    )


@family("money-form", "normalise", "text", weight=1.5)
def money_form(draw: random.Random) -> Plan:
    return plan_money(draw, json=False)


@family("money-json", "structure", "json")
def money_json(draw: random.Random) -> Plan:
    return plan_money(draw, json=True)


@family("number-marks", "normalise", "text")
def number_marks(draw: random.Random) -> Plan:
    """Marks of thousands and decimals change, digits stay."""
    comma = draw.random() < 0.5
    group, point = draw.choice(
        ((",", "."), (".", ","), (" ", ","), (" ", "."), ("'", "."), ("", "."))
    )

    def case(d: random.Random) -> Case:
        whole, cents = d.randint(1000, 9999999), d.randint(1, 99)
        source = (".", ",") if comma else (",", ".")
        given = f"{grouped(whole, source[0])}{source[1]}{cents:02}"
        return given, f"{grouped(whole, group)}{point}{cents:02}"

    sample = f"1{group}234{point}50"
    return make_plan(
        draw,
        case,
        given=f"a number written like {'1.234,50' if comma else '1,234.50'}",
        goal=f"write the number like {sample}",
        result=f"the number like {sample}",
        rules=[
            ("change only the marks, no digit", "digits stay as they are"),
            ("no mark between thousands" if not group else f"{group!r} between thousands"),
            f"{point!r} before the decimals",
        ],
    )


@family("money-words", "normalise", "text")
def money_words(draw: random.Random) -> Plan:
    """Short forms such as 3k, 2.5m or 40 cents."""
    code = draw.choice(list(CURRENCIES))
    suffix = draw.choice(
        (f" {code}", "", f" {CURRENCIES[code][-1]}", ".00", f".00 {code}", f"/{code}")
    )

    def case(d: random.Random) -> Case:
        whole, tenth = d.randint(1, 99), d.choice((0, 0, 5, d.randint(1, 9)))
        size, names = d.choice(((3, ("k", " thousand", "K")), (6, ("m", " million", "M", " mn"))))
        number = f"{whole}.{tenth}" if tenth else str(whole)
        return number + d.choice(names), f"{whole}{tenth}{'0' * (size - 1)}{suffix}"

    return make_plan(
        draw,
        case,
        given=("a shortened amount", "a sum such as 3k or 2.5 million"),
        goal=(
            f"write the amount out in digits, then '{suffix}'"
            if suffix
            else "write out the amount",
            f"turn the short form into digits followed by '{suffix}'"
            if suffix
            else "turn the short form into plain digits",
        ),
        result=f"the full number followed by '{suffix}'" if suffix else "the full number alone",
        rules=[
            ("k and thousand add three zeros, m and million six", "k is 1000, m is 1000000"),
            ("no marks between thousands", "digits without commas or points"),
        ],
    )
