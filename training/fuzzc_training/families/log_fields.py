"""Fields of log lines: pick one, mask some, write the line in another layout."""

import random
import re

from . import words
from .family import Case, Plan, family, make_plan
from .json_values import compact
from .log_lines import iso_date, month, time
from .log_messages import LEVELS, message
from .wording import Text

Record = dict[str, str]
PATTERNS: tuple[str, ...] = (
    "{date} {time} {host} {program}[{pid}]: {level}: {message}",
    "{time} {level} {program}@{host} {message}",
    "[{time}] [{level}] {host}/{program}: {message}",
    "{date}T{time} {program} ({level}) {message} host={host}",
    "{level} | {time} | {host} | {program} | {message}",
    "{host} {time} {program} {level} - {message}",
    "time={time} host={host} app={program} level={level} msg={message}",
    "{program}[{pid}] {time} <{level}> {message} ({host})",
    "{time} {host}: {program}: {message} [{level}]",
    "{date} {time} [{program}] {level} {message} on {host}",
)
SAID: dict[str, tuple[str, ...]] = {
    "time": ("the time of day", "the clock time"),
    "host": ("the host", "the name of the machine"),
    "program": ("the program", "the name of the program that wrote it"),
    "level": ("the level", "the severity word"),
    "message": ("the message", "the text of the message without the rest"),
}
GIVEN: tuple[str, ...] = ("a log line", "one line of a log", "a line from a log file of ours")


def plain_message(draw: random.Random) -> str:
    while True:
        text = "".join(text for _, text in message(draw))
        if ":" not in text:
            return text


def draw_record(draw: random.Random) -> Record:
    return {
        "date": iso_date(draw),
        "time": time(draw),
        "host": words.host(draw),
        "program": draw.choice(words.PROGRAMS),
        "pid": str(draw.randint(2, 9999)),
        "level": draw.choice(LEVELS),
        "message": plain_message(draw),
    }


@family("log-field", "extract", "text", weight=1.5)
def log_field(draw: random.Random) -> Plan:
    field = draw.choice(list(SAID))
    patterns = draw.sample(PATTERNS, draw.randint(2, 5))
    upper = field in ("level", "host") and draw.random() < 0.4

    def case(d: random.Random) -> Case:
        record = draw_record(d)
        answer = record[field].upper() if upper else record[field]
        return d.choice(patterns).format(**record), answer

    said = draw.choice(SAID[field])
    capitals: Text = ("write it in capitals", "in capital letters") if upper else "copy it as it is"
    return make_plan(
        draw,
        case,
        given=GIVEN,
        goal=(f"find {said} in a log line", f"cut {said} out of the line"),
        result=said,
        rules=[capitals, ("nothing else of the line", "drop the rest of the line")],
    )


@family("log-to-json", "structure", "json", weight=2.0)
def log_to_json(draw: random.Random) -> Plan:
    fields = draw.sample(list(SAID), draw.randint(2, 4))
    other = {"time": "at", "host": "machine", "program": "app", "level": "severity"}
    names = {f: other.get(f, "text") if draw.random() < 0.4 else f for f in fields}
    patterns = draw.sample(PATTERNS, draw.randint(1, 4))

    def case(d: random.Random) -> Case:
        record = draw_record(d)
        answer = compact({names[field]: record[field] for field in fields})
        return d.choice(patterns).format(**record), answer

    keys = tuple(names.values())
    return make_plan(
        draw,
        case,
        given=GIVEN,
        goal=f"write the log line as a JSON object with {', '.join(keys)}",
        result=f"an object with {', '.join(keys)}",
        rules=[
            *[
                (f"{names[f]} is {draw.choice(SAID[f])}", f"{names[f]}: {SAID[f][0]}")
                for f in fields
            ],
            ("all values are text, copied from the line", "copy the values as strings"),
        ],
        keys=keys,
    )


LAYOUTS: tuple[str, ...] = (
    "{time} {level} {host} {message}",
    "{level}: {message} ({host}, {time})",
    "{host} | {level} | {message}",
    "[{level}] {program}: {message}",
    "{program}@{host} {time} {message}",
    "{message} [{program}]",
    "{time} {program} {level}",
    "{host};{program};{level}",
    "{level} {program} {time}: {message}",
    "{time} - {host} - {message}",
)


@family("log-relayout", "transform", "text", weight=1.5)
def log_relayout(draw: random.Random) -> Plan:
    source, target = draw.choice(PATTERNS), draw.choice(LAYOUTS)
    upper = draw.random() < 0.4 and "{level}" in target

    def case(d: random.Random) -> Case:
        record = draw_record(d)
        shown = {**record, "level": record["level"].upper()} if upper else record
        return source.format(**record), target.format(**shown)

    before, after = (re.sub(r"[{}]", "", text) for text in (source, target))
    return make_plan(
        draw,
        case,
        given=(f"a log line of the form {before}", f"a line laid out as {before}"),
        goal=f"write the line in the layout {after}",
        result=f"the line as {after}",
        rules=[
            ("copy every field as it stands", "the fields themselves don't change"),
            "the level in capitals"
            if upper
            else ("the level as it is", "leave the level's letters"),
            ("fields that the new layout lacks are dropped", "leave out what has no place"),
        ],
    )


MASKS: dict[str, tuple[tuple[str, ...], str]] = {
    "ip": (("IP addresses", "every IP address"), r"\b\d{1,3}(\.\d{1,3}){3}\b"),
    "number": (("numbers", "every number of digits"), r"(?<![\w.:/-])\d+(?![\w.:/-])"),
    "time": (("the time", "times of day"), r"\b\d\d:\d\d:\d\d\b"),
    "path": (("file paths", "every path that starts with a slash"), r"/[\w./-]+"),
}


@family("log-mask", "transform", "text", weight=1.5)
def log_mask(draw: random.Random) -> Plan:
    kind = draw.choice(list(MASKS))
    mask = draw.choice(("*", "***", "X", "<hidden>", "[gone]", f"<{kind}>", f"{kind.upper()}", "#"))
    names, pattern = MASKS[kind]
    said = draw.choice(names)

    def case(d: random.Random) -> Case:
        line = f"{month(d)} {d.randint(10, 28)} {time(d)} {words.host(d)} "
        line = f"{time(d)} {words.host(d)} " if kind == "number" else line
        line += "".join(text for _, text in message(d))
        if d.random() < 0.5:
            line += d.choice((f" from {words.ip(d)}", f" (see /var/log/{d.choice(words.STEMS)})"))
        return line, re.sub(pattern, mask, line)

    return make_plan(
        draw,
        case,
        given=GIVEN,
        goal=(f"replace {said} in the line by {mask}", f"hide {said} behind {mask}"),
        result=f"the line with {mask} for {said}",
        rules=[
            ("copy all the rest", "nothing else changes"),
            ("a line without any stays as it is", "if there is none, copy the line"),
        ],
        why=("Logs leave the house only without private parts.", "We group lines that are alike."),
    )


@family("log-message-only", "extract", "text")
def log_message_only(draw: random.Random) -> Plan:
    """The message, with or without its level in front."""
    patterns = draw.sample([p for p in PATTERNS if "app=" not in p], draw.randint(2, 4))
    form = draw.choice(("{message}", "{level}: {message}", "{program}: {message}", "{message}."))
    capital = draw.random() < 0.4 and form.startswith("{message}")

    def case(d: random.Random) -> Case:
        record = draw_record(d)
        answer = form.format(**record)
        answer = answer[0].upper() + answer[1:] if capital else answer
        return d.choice(patterns).format(**record), answer

    shape = re.sub(r"[{}]", "", form)
    return make_plan(
        draw,
        case,
        given=GIVEN,
        goal=f"keep only {shape} of a log line"
        if form != "{message}."
        else "keep only the message",
        result=f"the line cut down to {shape}"
        if form != "{message}."
        else "the message, as sentence",
        rules=[
            ("drop date, time, host and process id", "no time, no host, no process number"),
            *(["end with a full stop"] if form.endswith(".") else []),
            *(
                [("start with a capital letter", "the first letter is a capital")]
                if capital
                else []
            ),
            ("don't change the words", "copy the words"),
        ],
    )
