"""JSON values of many shapes, from keys that go together."""

import json
import random
from collections.abc import Callable

from . import words

Maker = Callable[[random.Random], object]


def whole(low: int, high: int) -> Maker:
    return lambda d: d.randint(low, high)


def decimal(low: float, high: float) -> Maker:
    return lambda d: round(d.uniform(low, high), d.choice((1, 2)))


def one_of(*values: object) -> Maker:
    return lambda d: d.choice(values)


def flag(draw: random.Random) -> bool:
    return draw.random() < 0.5


def some(maker: Maker, low: int = 1, high: int = 4) -> Maker:
    return lambda d: [maker(d) for _ in range(d.randint(low, high))]


def given(draw: random.Random) -> str:
    return draw.choice(words.GIVEN)


def city(draw: random.Random) -> str:
    return draw.choice(words.CITIES)


def colour(draw: random.Random) -> str:
    return draw.choice(words.COLOURS)


def date(draw: random.Random) -> str:
    return f"20{draw.randint(18, 26)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"


def code(draw: random.Random) -> str:
    return (
        f"{draw.choice('ABCDEFGHKLMNPRSTW')}{draw.choice('ABCDEKLMNRST')}-{draw.randint(10, 999)}"
    )


DOMAINS: dict[str, dict[str, Maker]] = {
    "settings": {
        "port": one_of(80, 443, 3000, 5432, 8080, 9000),
        "host": one_of("localhost", "0.0.0.0", "db-2", "cache-1", "api.example.com"),
        "debug": flag,
        "level": one_of("info", "warn", "error", "trace"),
        "timeout": whole(1, 120),
        "retries": whole(0, 9),
        "ratio": decimal(0, 2),
        "path": lambda d: "/srv/" + words.path(d),
        "theme": one_of("dark", "light", "auto"),
        "proxy": one_of(None, "squid", "none"),
        "hosts": some(words.host),
        "workers": whole(1, 64),
        "secure": flag,
        "region": one_of("north", "south", "eu-west", "ap-2"),
    },
    "people": {
        "name": given,
        "surname": lambda d: d.choice(words.FAMILY),
        "age": whole(18, 90),
        "city": city,
        "email": words.email,
        "active": flag,
        "admin": flag,
        "id": whole(1, 9999),
        "role": one_of("editor", "owner", "guest", "nurse", "driver", "cook"),
        "phone": lambda d: f"0{d.randint(100, 999)} {d.randint(100000, 999999)}",
        "langs": some(one_of("en", "fr", "sw", "hi", "pt", "ja")),
        "manager": one_of(None, "Elena", "Kofi", "Mei"),
        "score": decimal(0, 10),
        "since": date,
    },
    "shop": {
        "item": lambda d: d.choice(words.SINGULAR),
        "sku": code,
        "price": decimal(1, 200),
        "stock": whole(0, 500),
        "colour": colour,
        "size": one_of("S", "M", "L", "XL", 36, 42),
        "tags": some(one_of("new", "sale", "eco", "gift", "kids", "home")),
        "sold": flag,
        "rating": decimal(1, 5),
        "weight": whole(10, 9000),
        "brand": lambda d: d.choice(words.FAMILY),
        "discount": one_of(None, 5, 10, 0.2),
        "total": decimal(5, 900),
        "currency": one_of("EUR", "USD", "INR", "KES"),
    },
    "events": {
        "event": one_of("login", "click", "upload", "refund", "signup", "alarm"),
        "user": lambda d: d.choice(words.GIVEN).lower(),
        "count": whole(0, 300),
        "ok": flag,
        "error": one_of(None, "timeout", "denied", "not found"),
        "status": one_of(200, 404, 500, "done", "open", "queued"),
        "ms": whole(1, 4000),
        "service": lambda d: d.choice(words.SERVICES),
        "day": date,
        "ip": words.ip,
        "codes": some(whole(100, 599)),
        "final": flag,
        "next": one_of(None, 2, 3, 14),
        "source": one_of("web", "app", "cron", "mail"),
    },
    "places": {
        "from": city,
        "to": city,
        "lat": decimal(-80, 80),
        "lon": decimal(-170, 170),
        "open": flag,
        "floor": whole(-2, 30),
        "room": code,
        "seats": whole(1, 80),
        "stops": some(city),
        "km": decimal(1, 900),
        "gate": one_of("A4", "B12", "C7", None),
        "temp": whole(-20, 40),
        "wind": decimal(0, 30),
        "zone": one_of("north", "harbour", "centre", "airport"),
    },
    "media": {
        "title": one_of("Dune", "Momo", "Tide", "Low Sun", "Salt Road", "Night Bus", "Ember"),
        "year": whole(1950, 2025),
        "pages": whole(40, 900),
        "author": words.name,
        "lang": one_of("ts", "en", "pt", "ar", "ko"),
        "width": whole(10, 1920),
        "height": whole(10, 1080),
        "seconds": whole(5, 7200),
        "draft": flag,
        "genre": one_of("jazz", "novel", "drama", "essay", "folk"),
        "likes": whole(0, 9000),
        "cover": one_of(None, "a.png", "front.jpg"),
        "parts": some(one_of("intro", "verse", "finale", "index", "notes")),
        "public": flag,
    },
}
INNER = ("owner", "meta", "user", "data", "job", "box", "config", "first", "item", "origin")


def draw_object(draw: random.Random, domain: str, low: int = 2, high: int = 4) -> dict:
    makers = DOMAINS[domain]
    keys = draw.sample(list(makers), draw.randint(low, high))
    return {key: makers[key](draw) for key in keys}


def draw_value(draw: random.Random, domain: str) -> object:
    """An object, flat or with one inside, or a list of scalars or of small objects."""
    shape = draw.random()
    if shape < 0.5:
        return draw_object(draw, domain, 1)
    if shape < 0.75:
        outer = draw_object(draw, domain, 1, 2)
        outer[draw.choice(INNER)] = draw_object(draw, domain, 1, 2)
        return outer
    if shape < 0.87:
        keys = draw.sample(list(DOMAINS[domain]), draw.randint(1, 2))
        rows = draw.randint(1, 3)
        return [{key: DOMAINS[domain][key](draw) for key in keys} for _ in range(rows)]
    maker = draw.choice((colour, city, whole(0, 99), flag, decimal(0, 9), given))
    return some(maker, 2, 5)(draw)


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
