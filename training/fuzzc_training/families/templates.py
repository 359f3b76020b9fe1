"""Fill patterns that the spec gives with what the input says."""

import random
import re

from . import words
from .extraction import clock, order_number, version
from .family import Case, Plan, family, make_plan

EVENTS: dict[str, tuple[str, ...]] = {
    "deploy": (
        "{who} deployed {svc} {ver} to {host}",
        "{svc} {ver} is live on {host}, done by {who}",
        "deployed by {who}: {svc} {ver} ({host})",
    ),
    "booking": (
        "{who} booked a table for {n} on {day} at {time}",
        "{day} {time}, {n} people, name {who}",
        "table for {n}, {who}, {day}, {time}",
        "on {day} at {time} {who} comes with a party of {n}",
    ),
    "payment": (
        "{who} paid {sum} EUR for order {order}",
        "order {order}: {sum} EUR from {who}",
        "got {sum} EUR, order {order}, paid by {who}",
        "{sum} EUR arrived from {who} for {order}",
    ),
    "parcel": (
        "parcel {order} for {who} is now in {city}",
        "{city}: parcel {order} scanned, goes to {who}",
        "{order} reached {city} (to {who})",
        "now at {city}, number {order}, addressed to {who}",
    ),
    "call": (
        "{who} called at {time} about the {item}",
        "at {time} {who} rang: question on the {item}",
        "the {item}: {who} phoned, {time}",
        "{time} call from {who}, it's about the {item}",
    ),
    "repair": (
        "{who} fixed the {item} in {city} for {sum} EUR",
        "{item} repaired in {city}: {sum} EUR, by {who}",
        "in {city} {who} took {sum} EUR to mend the {item}",
    ),
    "trip": (
        "{who} flies from {city} to {town} on {day}",
        "on {day} {who} takes the plane {city} to {town}",
        "{city} to {town}, {day}, passenger {who}",
    ),
}
PATTERNS: dict[str, tuple[str, ...]] = {
    "deploy": (
        "[{host}] {svc}={ver}",
        "{svc}@{ver} ({who})",
        "{who}: {svc} -> {host}",
        "{svc} {ver}",
    ),
    "booking": (
        "{day} {time} {who} x{n}",
        "{who} ({n}), {day}",
        "{n}p {time} {who}",
        "{time}/{n}/{who}",
    ),
    "payment": (
        "{order}: {sum}",
        "PAID {sum} by {who}",
        "{who} | {order} | {sum}",
        "#{order} +{sum}",
    ),
    "parcel": ("{order}@{city}", "To {who}: {city}", "{city} > {who} [{order}]", "{order} {who}"),
    "call": ("{time} {who}: {item}", "Call back {who} ({item})", "{item} - {who}", "@{time} {who}"),
    "repair": (
        "{city}: {item} {sum}",
        "{who}/{item}",
        "{sum} EUR, {item}",
        "{item} done in {city}",
    ),
    "trip": (
        "{day}: {city}-{town}",
        "{who} {city}>{town}",
        "{town} ({day})",
        "{who} off to {town}",
    ),
}
FIELDS = {
    "who": "NAME",
    "svc": "SERVICE",
    "ver": "VERSION",
    "host": "HOST",
    "n": "NUMBER",
    "day": "DAY",
    "time": "TIME",
    "sum": "SUM",
    "order": "ORDER",
    "city": "CITY",
    "item": "ITEM",
    "town": "TOWN",
}
MEANS = {
    "city": "CITY is the city that is named",
    "town": "TOWN is where it goes to",
    "who": "NAME is the person",
    "order": "ORDER is the number of letter and digits",
    "sum": "SUM is the amount without the currency",
    "n": "NUMBER is the count of people",
}


def draw_facts(draw: random.Random) -> dict[str, str]:
    city, town = draw.sample(words.CITIES, 2)
    return {
        "who": draw.choice(words.GIVEN),
        "svc": draw.choice(words.SERVICES),
        "ver": version(draw),
        "host": words.host(draw),
        "n": str(draw.randint(2, 14)),
        "day": draw.choice(words.DAYS),
        "time": clock(draw),
        "sum": words.amount(draw),
        "order": order_number(draw),
        "city": city,
        "town": town,
        "item": words.thing(draw),
    }


def plan_template(draw: random.Random, event: str) -> Plan:
    pattern = draw.choice(PATTERNS[event])
    upper = draw.random() < 0.25
    ending = draw.choice(("", "", "!", " (new)", " ✓"))

    def case(d: random.Random) -> Case:
        facts = draw_facts(d)
        shown = {**facts, "who": facts["who"].upper()} if upper else facts
        return d.choice(EVENTS[event]).format(**facts), pattern.format(**shown) + ending

    names = re.findall(r"\{(\w+)\}", pattern)
    shape = pattern.format(**FIELDS) + ending
    rules = [MEANS[name] for name in names if name in MEANS]
    if event == "trip":
        rules = [rule.replace("the city that is named", "where it starts") for rule in rules]
    if upper and "who" in names:
        rules.append("the person in capitals")
    return make_plan(
        draw,
        case,
        given=(f"a sentence about a {event}", f"a note on a {event}"),
        goal=f"write it in the pattern {shape}",
        result=f"one line in the pattern {shape}",
        rules=[
            *rules,
            ("copy the parts as they stand", "the parts themselves don't change"),
            ("leave out what the pattern lacks", "nothing beyond the pattern"),
        ],
    )


def add_event(event: str) -> None:
    family(f"template-{event}", "structure", "text")(lambda draw: plan_template(draw, event))


for _event in EVENTS:
    add_event(_event)


@family("glossary", "transform", "text", weight=1.5)
def glossary(draw: random.Random) -> Plan:
    """Words are swapped by a table in the spec."""
    pairs = {
        "street": "St",
        "north": "N",
        "south": "S",
        "building": "bldg",
        "floor": "fl",
        "number": "no",
        "manager": "mgr",
        "department": "dept",
        "without": "w/o",
        "with": "w/",
        "minutes": "min",
        "please": "pls",
        "tomorrow": "tmrw",
        "customer": "cust",
        "delivery": "dlv",
        "appointment": "appt",
        "received": "rcvd",
        "and": "&",
    }
    table = {word: pairs[word] for word in draw.sample(list(pairs), draw.randint(3, 5))}
    back = draw.random() < 0.3
    others = ["the", "our", "new", "old", "two", "six", "late", "big", *words.PLURAL[:20]]

    def case(d: random.Random) -> Case:
        count = d.randint(1, min(3, len(table)))
        parts = d.sample(list(table), count) + d.sample(others, d.randint(2, 3))
        d.shuffle(parts)
        short = [table.get(part, part) for part in parts]
        return (" ".join(short), " ".join(parts)) if back else (" ".join(parts), " ".join(short))

    said = ", ".join(f"{b} -> {a}" if back else f"{a} -> {b}" for a, b in table.items())
    return make_plan(
        draw,
        case,
        given=("a few words with short forms" if back else "a few words"),
        goal=("write out the short forms" if back else "use our short forms"),
        result=("the words written out" if back else "the shortened words"),
        rules=[
            f"the table: {said}",
            ("all other words stay", "words that are not in the table don't change"),
        ],
    )
