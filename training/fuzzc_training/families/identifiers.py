"""Names in code and on the web: case styles, slugs, branches, paths, addresses."""

import random
import re
from collections.abc import Callable

from . import words
from .commits import draw_change
from .extraction import ticket
from .family import Case, Plan, family, make_plan
from .wording import Text, cap

Parts = list[str]
STYLES: dict[str, Callable[[Parts], str]] = {
    "snake_case": lambda p: "_".join(p),
    "camelCase": lambda p: p[0] + "".join(x.capitalize() for x in p[1:]),
    "PascalCase": lambda p: "".join(x.capitalize() for x in p),
    "kebab-case": lambda p: "-".join(p),
    "SCREAMING_SNAKE": lambda p: "_".join(p).upper(),
    "dot.case": lambda p: ".".join(p),
    "Train-Case": lambda p: "-".join(x.capitalize() for x in p),
    "Title Case": lambda p: " ".join(x.capitalize() for x in p),
    "flatcase": lambda p: "".join(p),
    "path/case": lambda p: "/".join(p),
}
HEADS = words.split("get set load save find make user last next total max has read parse send")
AFFIXES = ("", "", "m_", "app_", "x-", "my.")


def draw_parts(draw: random.Random) -> Parts:
    tail = draw.sample(words.STEMS + words.SERVICES + words.COLOURS, draw.randint(1, 3))
    return [draw.choice(HEADS), *tail]


@family("identifier-style", "transform", "text", weight=1.5)
def identifier_style(draw: random.Random) -> Plan:
    target = draw.choice(list(STYLES))
    sources = draw.sample([s for s in STYLES if s not in (target, "flatcase")], draw.randint(1, 3))
    prefix = draw.choice(("", "", "app", "my", "x"))

    def case(d: random.Random) -> Case:
        parts = draw_parts(d)
        answer = [prefix, *parts] if prefix else parts
        return STYLES[d.choice(sources)](parts), STYLES[target](answer)

    rules: list[Text] = [(f"the style is {target}", f"use {target}")]
    if prefix:
        rules.append((f"put the word {prefix} in front", f"the first word is {prefix}"))
    rules.append(("the words themselves don't change", "keep all words in their order"))
    return make_plan(
        draw,
        case,
        given=f"a name in {' or '.join(sources)}",
        goal=f"write the name in {target}",
        result=f"the name in {target}",
        rules=rules,
    )


@family("slug", "transform", "text", weight=1.5)
def slug(draw: random.Random) -> Plan:
    mark = draw.choice(("-", "-", "_", "."))
    drop = draw.choice(((), ("the", "a", "of", "and", "in"), ("the", "a")))
    most = draw.choice((None, None, 3, 4))
    suffix = draw.choice(("", "", ".html", "/", ".md"))

    def case(d: random.Random) -> Case:
        title = draw_title(d)
        parts = re.findall(r"[a-z0-9]+", title.lower().replace("'", ""))
        parts = [part for part in parts if part not in drop][:most]
        return title, mark.join(parts) + suffix

    rules: list[Text] = [
        ("small letters and digits only", "everything small, no other marks"),
        f"'{mark}' between the words",
        ("apostrophes vanish, other marks part words", "it's becomes its, a colon parts words"),
    ]
    if drop:
        rules.append(f"leave out {', '.join(drop)}")
    if most:
        rules.append(f"at most {most} words, the first ones")
    if suffix:
        rules.append(f"end with {suffix}")
    return make_plan(
        draw,
        case,
        given=("the title of a page", "a headline"),
        goal="make the slug of the page from its title",
        result=("the slug", "the part of the address that names the page"),
        rules=rules,
    )


def draw_title(draw: random.Random) -> str:
    city, item, things = draw.choice(words.CITIES), words.thing(draw), words.thing(draw, True)
    first, day = draw.choice(words.GIVEN), draw.choice(words.DAYS)
    return draw.choice(
        (
            f"{draw.randint(3, 12)} {things} for a {day} in {city}",
            f"The {item}: a review",
            f"{first}'s guide to the {city} market",
            f"How to clean {things}",
            f"What's new in {city}?",
            f"{cap(things)} & more: the {day} sale",
            f"Why {first} sold the {item}",
            f"A week of {things} (part {draw.randint(2, 5)})",
            f"The best of {city}, {draw.randint(2019, 2026)}",
            f"{city} and the art of {things}",
        )
    )


@family("branch-name", "transform", "text")
def branch_name(draw: random.Random) -> Plan:
    form = draw.choice(("{t}-{s}", "{t}/{s}", "feature/{t}-{s}", "{s}-{t}", "work/{s}", "{t}_{s}"))
    lower, most = draw.random() < 0.5, draw.choice((3, 4, 5))

    def case(d: random.Random) -> Case:
        forms, rest = draw_change(d)
        key = ticket(d)
        title = f"{forms[0]} {rest}"
        parts = re.findall(r"[a-z0-9]+", title.lower())[:most]
        given = d.choice((f"{key}: {cap(title)}", f"{key} {cap(title)}", f"[{key}] {title}"))
        return given, form.format(t=key.lower() if lower else key, s="-".join(parts))

    shape = form.format(t="KEY-1".lower() if lower else "KEY-1", s="some-words")
    return make_plan(
        draw,
        case,
        given=("a ticket with its title", "the key and title of a ticket"),
        goal=f"name the branch like {shape}",
        result=f"the branch name, like {shape}",
        rules=[
            (f"only the first {most} words of the title", f"cut the title after {most} words"),
            "words small, joined by hyphens",
            *(
                ["the key in small letters" if lower else "the key as it is"]
                if "{t}" in form
                else []
            ),
        ],
    )


PATHS: dict[str, tuple[tuple[str, ...], Callable[[str], str]]] = {
    "name": (("the file name without folders",), lambda p: p.rsplit("/", 1)[-1]),
    "stem": (
        ("the file name without folders and extension",),
        lambda p: p.rsplit("/", 1)[-1].rsplit(".", 1)[0],
    ),
    "extension": (("the extension without its dot",), lambda p: p.rsplit(".", 1)[-1]),
    "folder": (("the folder, without the file",), lambda p: p.rsplit("/", 1)[0]),
    "first": (("the first folder of the path",), lambda p: p.lstrip("/").split("/")[0]),
    "parent": (("the name of the folder that holds the file",), lambda p: p.split("/")[-2]),
}


def deep_path(draw: random.Random) -> str:
    folders = draw.sample(words.FOLDERS + words.SERVICES, draw.randint(1, 3))
    file = f"{draw.choice(words.STEMS)}{draw.choice(('', '_old', '2', '-test'))}"
    root = draw.choice(("", "/", "/srv/", "/home/"))
    return f"{root}{'/'.join(folders)}/{file}.{draw.choice(words.EXTENSIONS)}"


@family("path-part", "extract", "text")
def path_part(draw: random.Random) -> Plan:
    part = draw.choice(list(PATHS))
    said, cut = draw.choice(PATHS[part][0]), PATHS[part][1]
    upper = draw.random() < 0.25

    def case(d: random.Random) -> Case:
        path = deep_path(d)
        return path, cut(path).upper() if upper else cut(path)

    return make_plan(
        draw,
        case,
        given=("the path of a file", "a file path"),
        goal=f"give {said}",
        result=said,
        rules=["in capital letters" if upper else ("as it is written", "letters stay as they are")],
    )


@family("path-change", "transform", "text")
def path_change(draw: random.Random) -> Plan:
    """Another extension, root or suffix; the rest of the path stays."""
    extension = draw.choice((None, *words.EXTENSIONS))
    root = draw.choice((None, "backup", "dist", "out", "/mnt/new", "old"))
    mark = draw.choice((None, ".test", "-copy", "_v2", ".min"))
    if not (extension or root or mark):
        extension = "bak"

    def case(d: random.Random) -> Case:
        path = deep_path(d).lstrip("/")
        head, tail = path.rsplit(".", 1)
        answer = f"{head}{mark or ''}.{extension or tail}"
        return path, f"{root}/{answer}" if root else answer

    rules: list[Text] = []
    if extension:
        rules.append((f"the extension becomes .{extension}", f"it ends in .{extension}"))
    if root:
        rules.append((f"put {root}/ in front", f"it now lies below {root}/"))
    if mark:
        rules.append(f"add {mark} to the name, before the extension")
    rules.append(("keep the folders and the name", "the rest of the path stays"))
    return make_plan(
        draw,
        case,
        given=("the path of a file", "a file path"),
        goal="change the path",
        result=("the new path", "the changed path"),
        rules=rules,
    )


@family("url-part", "extract", "text")
def url_part(draw: random.Random) -> Plan:
    part, said = draw.choice(
        (
            ("host", "the host"),
            ("path", "the path with its slash at the start, without the query"),
            ("query", "the query without the question mark, or none"),
            ("scheme", "the scheme, before ://"),
            ("page", "the last piece of the path, without the query"),
            ("base", "scheme and host, without the path"),
        )
    )

    frame = draw.choice(("{}", "{}", "<{}>", f"{part}={{}}", "[{}]", "-> {}"))

    def case(d: random.Random) -> Case:
        scheme, host = d.choice(("https", "http", "ftp", "ws")), d.choice(words.DOMAINS)
        host = d.choice((host, f"{d.choice(words.SERVICES)}.{host}"))
        pieces = d.sample(words.STEMS, d.randint(1, 3))
        query = f"{d.choice('abcpqst')}={d.randint(1, 99)}" if d.random() < 0.6 else ""
        path = "/" + "/".join(pieces)
        values = {"host": host, "path": path, "query": query or "none", "scheme": scheme}
        values |= {"page": pieces[-1], "base": f"{scheme}://{host}"}
        given = f"{scheme}://{host}{path}{'?' if query else ''}{query}"
        return given, frame.format(values[part])

    return make_plan(
        draw,
        case,
        given=("a web address", "a URL"),
        goal=f"give {said}",
        result=said,
        rules=[
            ("copy it as it stands", "no change of letters"),
            *([f"written as {frame.format('…')}"] if frame != "{}" else []),
        ],
    )
