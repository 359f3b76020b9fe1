"""Clean log lines of many layouts, as pieces that say what they are.

A layout gives a list of (kind, text). Kinds that noise can touch: `time`, `day`, `level`,
`program`, `word`, `code` (a number); all else is `keep`.
"""

import random
from collections.abc import Callable

from . import words
from .log_messages import LEVELS, Piece, capitalised, message


def time(draw: random.Random) -> str:
    """Often with zeros, since these are what gets lost."""
    low = draw.random() < 0.5
    hour = draw.randint(0, 9) if low else draw.randint(0, 23)
    second = draw.randint(0, 9) if draw.random() < 0.5 else draw.randint(0, 59)
    return f"{hour:02}:{draw.randint(0, 59):02}:{second:02}"


def day(draw: random.Random) -> str:
    return f"{draw.randint(1, 28):02}"


def month(draw: random.Random) -> str:
    return draw.choice(words.MONTHS)[:3]


def iso_date(draw: random.Random) -> str:
    return f"20{draw.randint(19, 26)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"


def keep(text: str) -> Piece:
    return ("keep", text)


def syslog(draw: random.Random) -> list[Piece]:
    program = [("program", draw.choice(words.PROGRAMS)), keep(f"[{draw.randint(1, 9999)}]: ")]
    head = [keep(month(draw) + " "), ("day", day(draw)), keep(" "), ("time", time(draw))]
    return [*head, keep(f" {words.host(draw)} "), *program, *message(draw)]


def journal(draw: random.Random) -> list[Piece]:
    unit = draw.choice(words.PROGRAMS)
    verbs = ("Starting", "Started", "Stopping", "Stopped", "Restarting", "Reloading", "Failed")
    tail = [("word", draw.choice(verbs)), keep(" "), ("program", unit), keep(".service")]
    body = tail if draw.random() < 0.5 else capitalised(message(draw))
    head = [keep(month(draw) + " "), ("day", day(draw)), keep(" "), ("time", time(draw))]
    return [*head, keep(f" {words.host(draw)} "), ("program", "systemd"), keep("[1]: "), *body]


def nginx(draw: random.Random) -> list[Piece]:
    date = iso_date(draw).replace("-", "/")
    level = [keep(" ["), ("level", draw.choice(LEVELS)), keep(f"] {draw.randint(10, 999)}#0: ")]
    return [keep(date + " "), ("time", time(draw)), *level, *message(draw)]


def app(draw: random.Random) -> list[Piece]:
    level = [keep(" "), ("level", draw.choice(LEVELS).upper()), keep(" ")]
    where = keep(f"{draw.choice(words.SERVICES)}{draw.choice((': ', ' - '))}")
    return [keep(iso_date(draw) + " "), ("time", time(draw)), *level, where, *message(draw)]


def bracket(draw: random.Random) -> list[Piece]:
    level = [keep("] ["), ("level", draw.choice(LEVELS).upper()), keep("] ")]
    where = keep(f"[{draw.choice(words.SERVICES)}] ")
    return [keep("["), ("time", time(draw)), *level, where, *capitalised(message(draw))]


def pipe(draw: random.Random) -> list[Piece]:
    level = [keep(f" | {words.host(draw)} | "), ("level", draw.choice(LEVELS)), keep(" | ")]
    return [("time", time(draw)), *level, *message(draw)]


def logfmt(draw: random.Random) -> list[Piece]:
    level = [keep(" level="), ("level", draw.choice(LEVELS)), keep(" app=")]
    tail = [keep(draw.choice(words.SERVICES) + ' msg="'), *message(draw), keep('"')]
    return [keep("time="), ("time", time(draw)), *level, *tail]


def klog(draw: random.Random) -> list[Piece]:
    head = f"{draw.choice('EWI')}{draw.randint(1, 12):02}{day(draw)} "
    file = f"{draw.choice(words.STEMS)}.go:{draw.randint(10, 900)}"
    return [keep(head), ("time", time(draw)), keep(f" {file}] "), *message(draw)]


def compose(draw: random.Random) -> list[Piece]:
    head = keep(f"{draw.choice(words.SERVICES)}-{draw.randint(1, 4)}  | ")
    level = [keep(" "), ("level", draw.choice(LEVELS).upper()), keep(" ")]
    return [head, ("time", time(draw)), *level, *message(draw)]


def java(draw: random.Random) -> list[Piece]:
    owner = f"com.{draw.choice(words.SERVICES)}.{draw.choice(words.STEMS).title()}"
    level = [keep(f" [main] {''}"), ("level", draw.choice(LEVELS).upper()), keep(f" {owner} - ")]
    return [("time", time(draw)), *level, *capitalised(message(draw))]


def postgres(draw: random.Random) -> list[Piece]:
    level = ("level", draw.choice(LEVELS).upper())
    pid = keep(f" UTC [{draw.randint(10, 9999)}] ")
    return [
        keep(iso_date(draw) + " "),
        ("time", time(draw)),
        pid,
        level,
        keep(": "),
        *message(draw),
    ]


def supervisor(draw: random.Random) -> list[Piece]:
    program = [keep(" "), ("program", draw.choice(words.PROGRAMS)), keep(": ")]
    level = [("level", draw.choice(LEVELS)), keep(": ")]
    return [("time", time(draw)), *program, *level, *message(draw)]


def chat(draw: random.Random) -> list[Piece]:
    """A line as a colleague retypes it: host, program, time, message."""
    head = [keep(words.host(draw) + " "), ("program", draw.choice(words.PROGRAMS))]
    return [*head, keep(" at "), ("time", time(draw)), keep(": "), *message(draw)]


def ci(draw: random.Random) -> list[Piece]:
    step = f"step {draw.randint(1, 9)}/9 "
    return [keep("##["), ("time", time(draw)), keep(f"] {step}"), *message(draw)]


LAYOUTS: dict[str, tuple[str, Callable[[random.Random], list[Piece]]]] = {
    "syslog": ("a syslog line", syslog),
    "journal": ("a line from journalctl", journal),
    "nginx": ("a line of the web server's error log", nginx),
    "app": ("a line of an application log", app),
    "bracket": ("a log line with fields in square brackets", bracket),
    "pipe": ("a log line whose fields stand between bars", pipe),
    "logfmt": ("a key=value log line", logfmt),
    "klog": ("a log line of a Kubernetes component", klog),
    "compose": ("a line printed by docker compose", compose),
    "java": ("a line of a Java server's log", java),
    "postgres": ("a line of the database log", postgres),
    "supervisor": ("a line of the process supervisor's log", supervisor),
    "chat": ("a log line retyped into a chat", chat),
    "ci": ("a line of a build log", ci),
}
