"""Choose from a list in the input: by wish, by time, by spelling; put lists in order."""

import random

from . import words
from .family import Case, Plan, family, make_plan
from .log_lines import time
from .noise import misspell_cased
from .ranking import MARKS, NAMES, options_text
from .wording import Text

FEATURES = ("balcony", "garden", "lift", "parking", "sauna", "kitchen", "sea view", "quiet", "pool")


@family("choose-by-wish", "rank", "text", weight=1.5)
def by_wish(draw: random.Random) -> Plan:
    """Exactly one option has the feature and keeps the limit."""
    limit = draw.randint(5, 30) * 10
    names, mark = draw.choice(NAMES)[:3], draw.choice(MARKS)
    what = draw.choice(("mark", "city", "price"))

    def case(d: random.Random) -> Case:
        wish = d.choice(FEATURES)
        other = [feature for feature in FEATURES if feature != wish]
        cities = d.sample(words.CITIES, 3)
        low, low2 = d.sample(range(20, limit + 1), 2)
        prices = [low, d.randint(limit + 1, limit + 90), low2]
        features = [wish, wish, d.choice(other)]
        rows = list(zip(cities, features, prices, strict=True))
        d.shuffle(rows)
        best = next(n for n, row in enumerate(rows) if row[1] == wish and row[2] <= limit)
        texts = [f"{city}, {feature}, {price}" for city, feature, price in rows]
        answers = {"mark": names[best], "city": rows[best][0], "price": str(rows[best][2])}
        return f"{wish}: {options_text(names, mark, texts, False)}", answers[what]

    said = {
        "mark": f"answer with its mark ({', '.join(names)})",
        "city": "answer with its city",
        "price": "answer with its price, the number alone",
    }[what]
    return make_plan(
        draw,
        case,
        given=("a wish and three flats with city, feature and price", "a wish, then three offers"),
        goal=f"find the offer that has what is wished for and costs {limit} at most",
        result=f"the offer that fits, at most {limit}",
        rules=[said, ("only one fits", "exactly one offer is right")],
    )


@family("choose-by-time", "rank", "text")
def by_time(draw: random.Random) -> Plan:
    last = draw.random() < 0.5
    what = draw.choice(("name", "time"))
    left, right = draw.choice(
        (("", ""), ("", ""), ("[", "]"), ("-> ", ""), ("", "!"), ("first: ", ""))
    )
    if last:
        left = left.replace("first", "last")
    join = draw.choice(("; ", ", ", "\n", " | "))

    def case(d: random.Random) -> Case:
        people = d.sample(words.GIVEN, d.randint(3, 4))
        times = [time(d)[:5] for _ in people]
        while len(set(times)) < len(times):
            times = [time(d)[:5] for _ in people]
        form = d.choice(("{p} {t}", "{t} {p}", "{p} at {t}", "{p} ({t})"))
        given = join.join(form.format(p=p, t=t) for p, t in zip(people, times, strict=True))
        hit = times.index(max(times) if last else min(times))
        return given, left + (people if what == "name" else times)[hit] + right

    which = "latest" if last else "earliest"
    return make_plan(
        draw,
        case,
        given=("people with times", "who came when", "a list of arrivals", "names and clock times"),
        goal=f"find the {which} entry",
        result=f"the {what} of the {which} entry",
        rules=[
            f"answer with the {what} alone"
            if not left + right
            else f"answer with the {what}, written as {left}…{right}",
            ("times run from 00:00 to 23:59", "all on the same day"),
        ],
    )


@family("choose-did-you-mean", "rank", "text", weight=1.5)
def did_you_mean(draw: random.Random) -> Plan:
    """The nearest spelling among the options of the input."""
    pool = draw.choice((words.PROGRAMS, words.CITIES, words.SERVICES, words.GIVEN, words.STEMS))
    pool = [name for name in pool if len(name) > 4]
    frame = draw.choice(
        (
            "{}",
            "did you mean {}?",
            "-> {}",
            "{}!",
            "try {}",
            "[{}]",
            "{}?",
            "use {} instead",
            "= {}",
        )
    )
    join = draw.choice((", ", " | ", " / ", "\n"))
    size = draw.choice((3, 4, 5))

    def case(d: random.Random) -> Case:
        options = d.sample(pool, size)
        name = d.choice(options)
        wrong = misspell_cased(name, d)
        head = d.choice(("{}: ", "{} ? ", "{} not found; have ", "unknown {}, known: "))
        return head.format(wrong) + join.join(options), frame.format(name)

    return make_plan(
        draw,
        case,
        given=("a mistyped name and the names that exist", "a wrong name, then the known ones"),
        goal=f"tell which of the known names was meant, as {frame.format('NAME')}",
        result=f"the name that was meant, as {frame.format('NAME')}",
        rules=[
            ("take the closest spelling", "a letter was lost, doubled or swapped"),
            ("spell it as in the list", "copy it from the list"),
        ],
    )


@family("order-by-number", "rank", "text")
def order_numbers(draw: random.Random) -> Plan:
    down = draw.random() < 0.5
    show = draw.choice(("names", "both", "top two"))
    join = draw.choice((", ", " > ", " ", "/", "\n"))

    def case(d: random.Random) -> Case:
        names = d.sample(words.GIVEN, d.randint(3, 4))
        figures = d.sample(range(1, d.choice((10, 100))), len(names))
        pairs = list(zip(names, figures, strict=True))
        given = d.choice((", ", "; ", "\n")).join(f"{name} {figure}" for name, figure in pairs)
        pairs.sort(key=lambda pair: pair[1], reverse=down)
        pairs = pairs[:2] if show == "top two" else pairs
        return given, join.join(f"{n} {f}" if show == "both" else n for n, f in pairs)

    said: Text = {
        "names": ("names without figures", "only the names"),
        "both": ("each with its figure", "keep the figures"),
        "top two": ("the first two names only", "only two names, without figures"),
    }[show]
    return make_plan(
        draw,
        case,
        given=("names with figures", "a list of scores"),
        goal=f"put the list in order, {'the highest' if down else 'the lowest'} first",
        result=f"the list in order, {'highest' if down else 'lowest'} first",
        rules=[said, f"{join!r} between the entries" if join != "\n" else "one entry a line"],
    )


@family("choose-with-words", "rank", "labels")
def with_words(draw: random.Random) -> Plan:
    """The note that holds everything that is asked for."""
    names, mark = draw.choice(NAMES)[:3], draw.choice(MARKS)

    def case(d: random.Random) -> Case:
        wanted = [d.choice(words.CITIES), d.choice(words.DAYS)]
        item = words.thing(d)
        full = f"{item} to {wanted[0]} on {wanted[1]}"
        half = f"{item} to {wanted[0]} on {d.choice([x for x in words.DAYS if x != wanted[1]])}"
        other = f"{words.thing(d)} to {d.choice([x for x in words.CITIES if x != wanted[0]])}"
        texts = [full, half, f"{other} on {wanted[1]}"]
        d.shuffle(texts)
        given = f"{wanted[0]}, {wanted[1]}: {options_text(names, mark, texts, False)}"
        return given, names[texts.index(full)]

    return make_plan(
        draw,
        case,
        given=("a place and a day, then three notes", "what is looked for and three notes"),
        goal="find the note in which both place and day are right",
        result=f"the mark of the note that fits: {', '.join(names)}",
        rules=[
            ("a note with only one of them is wrong", "both have to be right"),
            ("answer with the mark alone", "only the mark"),
        ],
        labels=names,
    )
