"""Take the details out of an order: as JSON or as one field."""

import random

from . import words
from .family import Case, Plan, family, make_plan
from .json_values import compact
from .wording import Text
from .words import split

NUMBERS = split("""one two three four five six seven eight nine ten eleven twelve""")
TEXTS = """
Please send {q} to {c}
hi, I'd like {q}, delivered to {c}
{Q} for {c}, thanks!
need {q} in {c} by {d}
Could you ship {q} to {c}?
ship to {lc}: {q}
We want {q}. Address is in {c}.
{q} to {c} please
Order: {q}, city {c}
{q} should go to {c}
{g} in {c} ordered {q}
hello! {q} to {c} if possible
Can I get {q} sent to {c}?
our shop in {c} wants {q}
{c}: {q}
{q} ({c}), as discussed with {g}
Put me down for {q}, I live in {c}
Is it possible to have {q} in {c} on {d}?
""".strip().split("\n")
KEYS: dict[str, tuple[str, ...]] = {
    "item": ("item", "product", "what", "article", "name"),
    "quantity": ("quantity", "count", "qty", "pieces", "n"),
    "city": ("city", "place", "to", "destination", "town"),
    "day": ("day", "by", "when", "deadline"),
    "person": ("person", "who", "customer", "contact"),
}
SAYS: dict[str, tuple[str, ...]] = {
    "item": (
        "{k} is what is ordered, without the number and without a or an",
        "{k}: the thing itself as written, no number, no article",
    ),
    "quantity": (
        "{k} is how many, as a number; a or an means 1",
        "{k}: the number of pieces in digits, 1 for a or an",
    ),
    "city": (
        "{k} is the city it goes to, with a capital letter",
        "{k}: the city, capitalised",
    ),
    "day": ("{k} is the weekday it is wanted on, null if there is none", "{k}: weekday or null"),
    "person": ("{k} is the person named, null if nobody is", "{k}: the name in the text or null"),
}


def quantity(draw: random.Random) -> tuple[str, int, str]:
    """How it is said, the number, the item."""
    number = draw.choice((1, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 40, 60, 100))
    item = words.thing(draw, plural=number > 1)
    if number == 1 and draw.random() < 0.7:
        return ("an" if item[0] in "aeiou" else "a") + f" {item}", 1, item
    if number <= 12 and draw.random() < 0.4:
        return f"{NUMBERS[number - 1]} {item}", number, item
    return f"{number} {item}", number, item


def draw_order(draw: random.Random) -> tuple[str, dict[str, object]]:
    said, number, item = quantity(draw)
    city, day, person = (draw.choice(pool) for pool in (words.CITIES, words.DAYS, words.GIVEN))
    template = draw.choice(TEXTS)
    text = template.format(
        q=said, Q=said[0].upper() + said[1:], c=city, lc=city.lower(), d=day, g=person
    )
    facts: dict[str, object] = {"item": item, "quantity": number, "city": city}
    facts["day"] = day if "{d}" in template else None
    facts["person"] = person if "{g}" in template else None
    return text, facts


WHY = ("Orders reach us by chat.", "The warehouse needs them in a fixed form.")


@family("order-json", "structure", "json", weight=2.5)
def order_json(draw: random.Random) -> Plan:
    fields = ["item", "quantity", "city"]
    if draw.random() < 0.5:
        fields = draw.sample(list(KEYS), draw.randint(2, 4))
    draw.shuffle(fields)
    keys = {field: draw.choice(KEYS[field]) for field in fields}

    def case(d: random.Random) -> Case:
        text, facts = draw_order(d)
        return text, compact({keys[field]: facts[field] for field in fields})

    rules: list[Text] = [
        tuple(said.format(k=keys[field]) for said in SAYS[field]) for field in fields
    ]
    names = ", ".join(keys.values())
    return make_plan(
        draw,
        case,
        given=("an order from a chat", "what a customer wrote", "a short order"),
        goal=(
            f"take the details out of an order as JSON with {names}",
            f"turn the order into an object with the keys {names}",
        ),
        result=(f"a JSON object with {names}", f"JSON: {names}"),
        rules=rules,
        why=WHY,
        keys=tuple(keys.values()),
    )


@family("order-line", "structure", "text", weight=1.5)
def order_line(draw: random.Random) -> Plan:
    """One line in a form that the spec shows."""
    form = draw.choice(
        (
            "{quantity} x {item} -> {city}",
            "{city}: {quantity} {item}",
            "{item} ({quantity}), {city}",
            "{quantity};{item};{city}",
            "{item} | {city} | {quantity}",
            "{quantity}x {item} @ {city}",
            "{city}/{item}/{quantity}",
            "item={item} n={quantity} to={city}",
        )
    )
    capital = draw.random() < 0.3

    def case(d: random.Random) -> Case:
        text, facts = draw_order(d)
        if capital:
            facts["city"] = str(facts["city"]).upper()
        return text, form.format(**facts)

    pattern = form.replace("{", "").replace("}", "").replace("quantity", "number")
    return make_plan(
        draw,
        case,
        given=("an order from a chat", "what a customer wrote"),
        goal=f"write the order as {pattern}",
        result=f"a line of the form {pattern}",
        rules=[
            ("number in digits, 1 for a or an", "write the number in digits; a and an are 1"),
            ("the item without number and article", "the item as the customer calls it"),
            "the city in capitals"
            if capital
            else ("the city with a capital", "capitalise the city"),
            ("leave out greetings, days and names of people", "drop all the rest"),
        ],
        why=WHY,
    )
