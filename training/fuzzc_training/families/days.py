"""Durations, weekdays and opening hours in one form."""

import random
from collections.abc import Callable

from .family import Case, Plan, family, make_plan
from .wording import Text
from .words import DAYS

DURATIONS: tuple[tuple[str, Callable[[int, int], str]], ...] = (
    ("H:MM", lambda h, m: f"{h}:{m:02}"),
    ("HhMM, as in 1h05", lambda h, m: f"{h}h{m:02}"),
    ("HH:MM:00", lambda h, m: f"{h:02}:{m:02}:00"),
    ("PTnHnM, as in PT1H5M", lambda h, m: f"PT{h}H{m}M"),
    ("H h M min, as in 1 h 5 min", lambda h, m: f"{h} h {m} min"),
    ("HH.MM", lambda h, m: f"{h:02}.{m:02}"),
    ("H hrs MM mins, as in 1 hrs 05 mins", lambda h, m: f"{h} hrs {m:02} mins"),
)


def said_duration(hours: int, minutes: int, draw: random.Random) -> str:
    texts = [
        f"{hours} hours {minutes} minutes",
        f"{hours} h {minutes} min",
        f"{hours}h{minutes}m",
        f"{hours} hours and {minutes} minutes",
        f"{hours} hrs {minutes}",
    ]
    if hours == 1:
        texts = [text.replace("hours", "hour") for text in texts]
        texts.append(f"an hour and {minutes} minutes")
    if minutes == 30:
        texts.append("an hour and a half" if hours == 1 else f"{hours} and a half hours")
    if minutes == 0:
        texts = [f"{hours} hours" if hours > 1 else "one hour", f"{hours}h", f"{hours} h"]
    if hours == 0:
        texts = [f"{minutes} minutes", f"{minutes} min", f"{minutes}m"]
    return draw.choice(texts)


@family("duration-form", "normalise", "text")
def duration(draw: random.Random) -> Plan:
    said, form = draw.choice(DURATIONS)

    def case(d: random.Random) -> Case:
        hours, minutes = d.randint(0, 11), d.choice((0, 15, 30, d.randint(1, 59)))
        hours = hours or (minutes == 0)
        text = said_duration(int(hours), minutes, d)
        text = d.choice(("{}", "{}", "takes {}", "about {}", "{} long")).format(text)
        return text, form(int(hours), minutes)

    return make_plan(
        draw,
        case,
        given=("a length of time in words", "how long something takes"),
        goal=f"write the duration as {said}",
        result=f"the duration as {said}",
        rules=[
            ("half an hour is 30 minutes", "and a half means 30 minutes"),
            ("hours that are missing are 0, minutes too", "what is not said is zero"),
            ("MM and HH always have two digits", "a doubled letter means two digits"),
        ],
    )


@family("weekday-list", "normalise", "text")
def weekdays(draw: random.Random) -> Plan:
    size, join = draw.choice((2, 3)), draw.choice((", ", ",", " ", "/", "+"))
    style = draw.choice((str.lower, str.upper, str.capitalize))

    def case(d: random.Random) -> Case:
        kind = d.random()
        if kind < 0.4:
            first, last = sorted(d.sample(range(7), 2))
            chosen = list(range(first, last + 1))
            given = d.choice(("{} to {}", "{}-{}", "from {} till {}", "{} through {}"))
            given = given.format(DAYS[first], DAYS[last])
        elif kind < 0.5:
            chosen, given = d.choice(
                ((list(range(5)), "weekdays"), ([5, 6], "the weekend"), (list(range(7)), "daily"))
            )
        else:
            chosen = sorted(d.sample(range(7), d.randint(2, 3)))
            given = d.choice((" and ", ", ", " & ")).join(DAYS[at] for at in chosen)
        return given, join.join(style(DAYS[at][:size]) for at in chosen)

    sample = join.join(style(day[:size]) for day in DAYS[:2])
    return make_plan(
        draw,
        case,
        given=("the days on which a shop is open", "days of the week in words"),
        goal=f"write each day with {size} letters, like {sample}",
        result=f"the days like {sample}",
        rules=[
            ("a range stands for all its days", "write out every day of a range"),
            ("weekdays are Monday to Friday, daily is all seven", "the weekend has two days"),
            ("in the order of the week", "Monday comes first"),
        ],
    )


@family("opening-hours", "structure", "text")
def opening_hours(draw: random.Random) -> Plan:
    form = draw.choice(
        ("{d} {a}-{b}", "{d}: {a} to {b}", "{a}-{b} ({d})", "{d}|{a}|{b}", "{a}–{b}")
    )
    sign = draw.choice((":", ".", "h"))

    def case(d: random.Random) -> Case:
        day = d.choice(DAYS)
        opens, closes = d.randint(6, 11), d.randint(13, 22)
        half = d.choice((0, 0, 30))
        a = f"{opens}{':30' if half else ''} am" if d.random() < 0.5 else f"{opens}:{half:02}"
        b = f"{closes - 12} pm" if d.random() < 0.5 else f"{closes}:00"
        given = d.choice(
            (
                "on {d} we open at {a} and close at {b}",
                "{d}s {a} till {b}",
                "{d}: from {a} to {b}",
                "open {d} {a} - {b}",
            )
        ).format(d=day, a=a, b=b)
        times = (f"{opens:02}{sign}{half:02}", f"{closes:02}{sign}00")
        return given, form.format(d=day[:3], a=times[0], b=times[1])

    sample = form.format(d="Mon", a=f"08{sign}00", b=f"18{sign}30")
    rules: list[Text] = [
        f"hours like 08{sign}30 on the 24 hour clock",
        ("the day by three letters", "Mon for Monday") if "{d}" in form else "leave out the day",
    ]
    return make_plan(
        draw,
        case,
        given=("when a shop is open, in words", "opening hours for one day"),
        goal=f"write the opening hours like {sample}",
        result=f"the hours like {sample}",
        rules=[*rules, ("am and pm go away", "no am or pm in the answer")],
    )
