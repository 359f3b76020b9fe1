"""Dates and times of day in one form."""

import datetime
import random

from .family import Case, Plan, family, make_plan
from .wording import Text
from .words import DAYS, MONTHS

FORMS: tuple[tuple[str, str, str], ...] = (
    ("%Y-%m-%d", "YYYY-MM-DD", "ISO form"),
    ("%d.%m.%Y", "DD.MM.YYYY", "the German form with dots"),
    ("%d/%m/%Y", "DD/MM/YYYY", "day, month and year with slashes"),
    ("%m/%d/%Y", "MM/DD/YYYY", "American form, the month first"),
    ("%Y/%m/%d", "YYYY/MM/DD", "year, month, day with slashes"),
    ("%Y%m%d", "YYYYMMDD", "eight digits without separators"),
    ("%d %b %Y", "DD Mon YYYY (Mon = first three letters of the month)", "day, short month, year"),
    ("%b %d, %Y", "Mon DD, YYYY (Mon = first three letters)", "short month, day, comma, year"),
    ("%d-%b-%Y", "DD-Mon-YYYY (three letters for the month)", "day, short month, year, hyphens"),
    ("%Y.%m.%d", "YYYY.MM.DD", "year, month, day with dots"),
    ("%y%m%d", "YYMMDD", "six digits, the year first"),
)


def ordinal(number: int) -> str:
    if 10 <= number % 100 <= 13:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def draw_day(draw: random.Random, low: int = 2001, high: int = 2029) -> datetime.date:
    return datetime.date(draw.randint(low, high), draw.randint(1, 12), draw.randint(1, 28))


def typed(day: datetime.date, draw: random.Random, day_first: bool) -> str:
    """The date as people type it."""
    d, m, y = day.day, day.month, day.year
    month = MONTHS[m - 1]
    short = month[:3]
    weekday = DAYS[day.weekday()]
    sep = draw.choice("/.-")
    pair = (d, m) if day_first else (m, d)
    texts = [
        f"{d} {month} {y}",
        f"{month} {ordinal(d)}, {y}",
        f"{month} {d} {y}",
        f"{pair[0]:02}{sep}{pair[1]:02}{sep}{y}",
        f"{pair[0]}{sep}{pair[1]}{sep}{y}",
        f"{pair[0]}{sep}{pair[1]}{sep}{y % 100:02}",
        f"{weekday[:3]} {d} {short} {y}",
        f"the {ordinal(d)} of {month} {y}",
        f"{weekday}, {month} {d}, {y}",
        f"{d} {short} '{y % 100:02}",
        f"{short} {d}, {y}",
        f"{ordinal(d)} {month} {y}",
        f"{y}{draw.choice('/.')}{m:02}{draw.choice('/.')}{d:02}",
        f"{short.lower()} {d} {y}",
        f"{d}-{short}-{y}",
        f"{weekday} the {ordinal(d)} of {month}, {y}",
        f"{d} {month.upper()} {y}",
    ]
    text = draw.choice(texts)
    if draw.random() < 0.12:
        text += draw.choice((" at {}:{:02}", ", {}:{:02}")).format(
            draw.randint(7, 21), draw.choice((0, 15, 30, 45))
        )
    return text


def plan_date(draw: random.Random, form: tuple[str, str, str]) -> Plan:
    pattern, letters, name = form
    day_first = draw.random() < 0.6

    def case(d: random.Random) -> Case:
        day = draw_day(d)
        return typed(day, d, day_first), day.strftime(pattern)

    order: Text = (
        (
            "in numbers the day comes before the month, unless the year is first",
            "03/04 means the third of April; a leading year stays a year",
        )
        if day_first
        else (
            "in numbers the month comes before the day, unless the year is first",
            "03/04 means the fourth of March; a leading year stays a year",
        )
    )
    return make_plan(
        draw,
        case,
        given=("a date as people type it", "one date, in words or numbers", "a date in any form"),
        goal=(f"write a date as {letters}", f"give the date in {name}: {letters}"),
        result=(f"the date as {letters}", f"{letters}"),
        rules=[
            order,
            ("a year of two digits is in the 2000s", "'19 is 2019"),
            ("leave out the day of the week and the time of day", "no weekday and no clock time"),
        ],
        why=("Forms reach us with dates in every shape.", "Dates are typed by hand by visitors."),
    )


@family("date-to-iso", "normalise", "text", weight=2.5)
def iso(draw: random.Random) -> Plan:
    return plan_date(draw, FORMS[0])


@family("date-to-form", "normalise", "text", weight=1.5)
def any_form(draw: random.Random) -> Plan:
    return plan_date(draw, draw.choice(FORMS[1:]))


def typed_time(hour: int, minute: int, draw: random.Random) -> str:
    twelve = hour % 12 or 12
    half = "am" if hour < 12 else "pm"
    texts = [
        f"{twelve}:{minute:02} {half}",
        f"{twelve}:{minute:02}{half}",
        f"{twelve}.{minute:02} {half[0]}.m.",
        f"{hour}:{minute:02}",
        f"{hour:02}{minute:02} hrs",
        f"{hour}h{minute:02}",
        f"{hour}.{minute:02}",
    ]
    part = "in the morning" if hour < 12 else "in the afternoon" if hour < 18 else "in the evening"
    if 5 <= hour <= 22:
        texts.append(f"{twelve}:{minute:02} {part}")
        if minute == 0:
            texts += [f"{twelve} o'clock {part}", f"{twelve} {half}", f"{twelve}{half}"]
        if minute == 30:
            texts.append(f"half past {twelve} {part}")
        if minute == 15:
            texts.append(f"quarter past {twelve} {part}")
    return draw.choice(texts)


@family("time-of-day", "normalise", "text", weight=1.5)
def time_of_day(draw: random.Random) -> Plan:
    form, said = draw.choice(
        (
            ("{h:02}:{m:02}", "HH:MM on the 24 hour clock"),
            ("{h:02}{m:02}", "four digits, 24 hours, without a colon"),
            ("{h:02}h{m:02}", "HHhMM, as in 08h30"),
            ("{t}:{m:02} {a}", "the 12 hour clock with a space and am or pm, like 3:05 pm"),
            ("{t}:{m:02}{a}", "12 hours with am or pm attached, like 3:05pm"),
            ("{h:02}:{m:02}:00", "HH:MM:SS with zero seconds"),
            ("{t}.{m:02} {b}", "12 hours with a dot and a.m. or p.m., like 3.05 p.m."),
        )
    )

    def case(d: random.Random) -> Case:
        hour, minute = d.randint(0, 23), d.choice((0, 0, 15, 30, 30, d.randint(1, 59)))
        half = "am" if hour < 12 else "pm"
        answer = form.format(h=hour, m=minute, t=hour % 12 or 12, a=half, b=f"{half[0]}.m.")
        return typed_time(hour, minute, d), answer

    return make_plan(
        draw,
        case,
        given=("a time of day as people say it", "a clock time in any form"),
        goal=f"write the time as {said}",
        result=f"the time as {said}",
        rules=[
            ("afternoon and evening mean pm", "in the evening is pm, in the morning is am"),
            ("half past is 30 and quarter past is 15 minutes", "o'clock has no minutes"),
            ("without am or pm the input counts 24 hours", "a bare time is on the 24 hour clock"),
        ],
        why="Opening hours come in from many shops.",
    )
