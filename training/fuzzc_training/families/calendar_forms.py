"""Ranges of dates, months and the parts of a date."""

import random

from .dates import FORMS as DATE_FORMS
from .dates import draw_day, typed
from .family import Case, Plan, family, make_plan
from .json_values import compact
from .words import MONTHS

RANGES: tuple[tuple[str, str], ...] = (
    ("A/B", "{a}/{b}"),
    ("A to B", "{a} to {b}"),
    ("A..B", "{a}..{b}"),
    ("A - B", "{a} - {b}"),
    ("from=A until=B", "from={a} until={b}"),
    ("[A, B]", "[{a}, {b}]"),
)


@family("date-range", "normalise", "text")
def date_range(draw: random.Random) -> Plan:
    shape, form = draw.choice(RANGES)
    pattern, letters, _ = draw.choice(DATE_FORMS[:6])
    day_first = draw.random() < 0.6

    def case(d: random.Random) -> Case:
        first, second = sorted((draw_day(d), draw_day(d)))
        a, b = (typed(day, d, day_first).split(" at ")[0] for day in (first, second))
        given = d.choice(("from {a} to {b}", "{a} until {b}", "{a} – {b}", "between {a} and {b}"))
        answer = form.format(a=first.strftime(pattern), b=second.strftime(pattern))
        return given.format(a=a, b=b), answer

    order = "day before month" if day_first else "month before day"
    return make_plan(
        draw,
        case,
        given=("two dates that bound a stay", "a range of dates in words or numbers"),
        goal=f"write the range as {shape}, each date as {letters}",
        result=f"{shape} with dates as {letters}",
        rules=[
            f"in numbers {order}, unless the year is first",
            ("a year of two digits is in the 2000s", "'19 is 2019"),
            ("no weekdays and no clock times", "leave out weekdays"),
        ],
    )


@family("date-parts", "structure", "json")
def date_parts(draw: random.Random) -> Plan:
    keys = draw.choice((("day", "month", "year"), ("d", "m", "y"), ("year", "month", "day")))
    spelled = draw.random() < 0.4
    day_first = draw.random() < 0.6

    def case(d: random.Random) -> Case:
        day = draw_day(d)
        month = MONTHS[day.month - 1] if spelled else day.month
        parts = {"d": day.day, "m": month, "y": day.year}
        return typed(day, d, day_first), compact({key: parts[key[0]] for key in keys})

    order = "the day first" if day_first else "the month first"
    return make_plan(
        draw,
        case,
        given=("a date as people type it", "one date"),
        goal=f"split the date into an object with {', '.join(keys)}",
        result=f"an object with {', '.join(keys)}",
        rules=[
            f"numbers have {order}, unless the year leads",
            "the month by its English name" if spelled else "the month as a number",
            ("the year with four digits", "'19 is 2019"),
        ],
        keys=keys,
    )


@family("month-form", "normalise", "text")
def month_form(draw: random.Random) -> Plan:
    form, sample = draw.choice(
        (
            ("{y}-{n:02}", "2024-03"),
            ("{n:02}/{y}", "03/2024"),
            ("{s} {y}", "Mar 2024"),
            ("{y}/{n}", "2024/3"),
            ("{f} {y}", "March 2024"),
            ("{s}-{z:02}", "Mar-24"),
            ("{n:02}.{y}", "03.2024"),
            ("{y}{n:02}", "202403"),
            ("{y} {u}", "2024 MAR"),
        )
    )

    def case(d: random.Random) -> Case:
        number, year = d.randint(1, 12), d.randint(2000, 2030)
        full = MONTHS[number - 1]
        given = d.choice(
            (
                f"{full} {year}",
                f"{full[:3]} {year}",
                f"{number}/{year}",
                f"{number:02}.{year}",
                f"{year}-{number:02}",
                f"{full} '{year % 100:02}",
                f"in {full} of {year}",
                f"{full.lower()} {year}",
                f"{full[:3]}. {year}",
            )
        )
        values = {"y": year, "n": number, "f": full, "s": full[:3], "z": year % 100}
        return given, form.format(u=full[:3].upper(), **values)

    return make_plan(
        draw,
        case,
        given=("a month with its year", "a month as typed"),
        goal=f"write the month like {sample} (for March 2024)",
        result=f"the month like {sample} (that is March 2024)",
        rules=[("a short year is in the 2000s", "'24 means 2024"), "no day and no other words"],
    )
