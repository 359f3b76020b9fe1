"""Find file, line or column in messages of compilers, test runners and stack traces."""

import random

from . import words
from .family import Case, Plan, family, make_plan
from .wording import Text
from .words import split

WITH_COLUMN = """
{p}({l},{c}): error TS{e}: {m}
at {f} ({p}:{l}:{c})
at async {f} ({p}:{l}:{c})
{p}:{l}:{c} - {m}
{p}:{l}:{c}: {m}
--> {p}:{l}:{c}
{p}:{l}:{c}: warning: {m}
FAIL {p}:{l}:{c}
[vite] {p}:{l}:{c} {m}
{p}: {m} at line {l}, column {c}
{p}:{l}:{c}: error: {m}
ERROR in ./{p} {l}:{c} {m}
{p}: line {l}, col {c}, Error - {m}
  {l}:{c}  error  {m}  ({p})
❯ {p}:{l}:{c}
{p}:{l},{c} {m}
panic at '{m}', {p}:{l}:{c}
""".strip("\n").split("\n")
WITHOUT_COLUMN = """
File "{p}", line {l}, in {f}
Error in {p} on line {l}
{m}, {p} line {l}
{m} near line {l} of {p}
  from {p}:{l}:in `{f}'
PHP Warning: {m} in {p} on line {l}
{p}:{l}: {m}
at {f}({p}:{l})
{p}({l}): {m}
{p}, line {l}: {m}
#1 0x00005581 in {f} () at {p}:{l}
{f} failed: {m} [{p}:{l}]
E   {m}, raised at {p}:{l}
goroutine 1: {p}:{l} +0x1d
""".strip("\n").split("\n")
MESSAGES = """cannot find name 'total'|undefined variable|missing return|unexpected token
|expected ';'|unused import|null value|index out of range|type mismatch|division by zero
|unreachable code|expected 4, got 5|bad indentation|missing end tag|duplicate key
|unknown option|no such method|stack overflow|invalid escape|not callable""".replace(
    "\n", ""
).split("|")
CALLS = split(
    """main load parse run render start save handle_row fetchUser __init__ next test_total"""
)


def draw_message(draw: random.Random, formats: list[str]) -> tuple[str, str, int, int]:
    path = words.path(draw)
    line = draw.choice((draw.randint(1, 99), draw.randint(1, 1200)))
    column = draw.randint(1, 80)
    text = draw.choice(formats).format(
        p=path,
        l=line,
        c=column,
        e=draw.randint(1000, 2999),
        m=draw.choice(MESSAGES),
        f=draw.choice(CALLS),
    )
    return text, path, line, column


SOURCES: tuple[str, ...] = (
    "one line from a compiler, a test runner or a stack trace",
    "an error message of any program",
    "a line of build output",
    "a message from a linter, compiler or debugger",
    "one line of a traceback",
)
WHY: tuple[str, ...] = (
    "Our editor jumps to the place of an error.",
    "A click on the message should open the file.",
    "We count errors by place.",
    "The dashboard links every failure to its source.",
)


def plan_location(draw: random.Random, form: str, said: str, column: bool) -> Plan:
    formats = WITH_COLUMN if column else WITH_COLUMN + WITHOUT_COLUMN
    formats = draw.sample(formats, draw.randint(7, len(formats)))

    def case(d: random.Random) -> Case:
        text, path, line, col = draw_message(d, formats)
        base = path.rsplit("/", 1)[-1]
        return text, form.format(p=path, l=line, c=col, b=base)

    rules: list[Text] = [
        (f"answer with {said}", f"write {said}", f"the form is {said}"),
        ("leave out the message", "no message and no function names", "drop everything else"),
    ]
    if not column:
        rules.append(("the column is not wanted", "leave out a column", "skip columns"))
    return make_plan(
        draw,
        case,
        given=SOURCES,
        goal=("find where the error happened", "tell the place of the error", "locate the error"),
        result=("the place of the error", f"the place, as {said}"),
        rules=rules,
        why=WHY,
    )


@family("error-location", "extract", "text", weight=3.0)
def location(draw: random.Random) -> Plan:
    said = draw.choice(
        (
            "the file path, a colon and the line number",
            "path:line",
            "file and line with a colon between them",
        )
    )
    return plan_location(draw, "{p}:{l}", said, False)


FORMS: tuple[tuple[str, str, bool], ...] = (
    ("{p}#L{l}", "the path, #L and the line, like src/a.ts#L7", False),
    ("{p} {l}", "the path, a space and the line", False),
    ("{l} {p}", "the line number, a space and the path", False),
    ("{p}({l})", "the path with the line in brackets behind it", False),
    ("line {l} of {p}", 'words like "line 7 of src/a.ts"', False),
    ("{b}:{l}", "the bare file name without folders, a colon and the line", False),
    ("{b}", "the bare file name without its folders", False),
    ("{p}", "the file path alone", False),
    ("{l}", "the line number alone", False),
    ("{l}:{c}", "line and column with a colon between, without the file", True),
    ("{c}", "the column alone", True),
    ("{p}:{l}:{c}", "path:line:column", True),
    ("+{l} {p}", "a plus sign and the line, then the path, as vim takes it", False),
    ("{p}@{l}", "the path, an at sign and the line", False),
    ("L{l}", "a capital L with the line number", False),
)


@family("error-location-forms", "extract", "text", weight=1.5)
def location_forms(draw: random.Random) -> Plan:
    return plan_location(draw, *draw.choice(FORMS))


@family("error-location-json", "extract", "json")
def location_json(draw: random.Random) -> Plan:
    file, line = draw.choice((("file", "line"), ("path", "row"), ("source", "lineno")))

    def case(d: random.Random) -> Case:
        text, path, number, _ = draw_message(d, WITH_COLUMN + WITHOUT_COLUMN)
        return text, f'{{"{file}":"{path}","{line}":{number}}}'

    return make_plan(
        draw,
        case,
        given=SOURCES,
        goal="give the place of the error as a JSON object",
        result=f"an object with {file} and {line}",
        rules=[
            (f"{file} is the path as written", f"put the path into {file}"),
            (f"{line} is the line as a number", f"put the line number into {line}, without quotes"),
            ("no column and no message", "nothing else belongs into the object"),
        ],
        why=WHY,
        keys=(file, line),
    )
