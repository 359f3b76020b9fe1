"""Parts of paths and web addresses."""

import random
from collections.abc import Callable

from . import words
from .family import Case, Plan, family, make_plan
from .wording import Text

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
