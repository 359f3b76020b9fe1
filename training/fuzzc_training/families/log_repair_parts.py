"""Repair one thing in a log line: known names, spaces, digits."""

import random

from . import words
from .family import Case, Plan, family, make_plan
from .log_lines import LAYOUTS
from .log_repair import KEEP, WHY
from .noise import misspell


@family("log-repair-named-programs", "repair", "text", weight=2.0)
def named_programs(draw: random.Random) -> Plan:
    """The spec lists the programs; only their names are mended."""
    programs = draw.sample(words.PROGRAMS, draw.randint(3, 6))
    names = ", ".join(programs)
    noun, layout = LAYOUTS[draw.choice(("syslog", "supervisor", "chat"))]

    def case(d: random.Random) -> Case:
        program = d.choice(programs)
        slip = misspell(program, d) if d.random() < 0.85 else program
        pieces = layout(d)
        texts = [[slip if k == "program" else t for k, t in pieces]]
        texts.append([program if k == "program" else t for k, t in pieces])
        return "".join(texts[0]), "".join(texts[1])

    return make_plan(
        draw,
        case,
        given=(noun, f"{noun} with a mistyped program"),
        goal=(
            f"correct the program's name in {noun}; it is one of {names}",
            "put the name of the program right",
        ),
        result=("the line with the right program name", "the corrected line"),
        rules=[
            (f"the programs are {names}", f"only these names occur: {names}"),
            ("take the one that was meant", "choose the name that looks closest"),
            KEEP,
        ],
        why=WHY,
    )


@family("log-repair-spacing", "repair", "text", weight=1.5)
def spacing(draw: random.Random) -> Plan:
    """Spaces lost after a mark, or doubled."""
    noun, layout = LAYOUTS[draw.choice(("syslog", "app", "pipe", "bracket", "supervisor"))]
    doubled = draw.random() < 0.6

    def case(d: random.Random) -> Case:
        answer = "".join(text for _, text in layout(d))
        given = answer
        marks = [mark for mark in (": ", "] ", " | ") if mark in answer]
        if marks and d.random() < 0.8:
            mark = d.choice(marks)
            at = answer.rindex(mark)
            given = answer[:at] + mark.strip() + answer[at + len(mark) :]
        if doubled and d.random() < 0.6:
            spaces = [at for at, letter in enumerate(given) if letter == " "]
            at = d.choice(spaces)
            given = given[:at] + " " * d.randint(1, 2) + given[at:]
        return given, answer

    return make_plan(
        draw,
        case,
        given=(noun, f"{noun} with broken spacing"),
        goal=("restore the spacing of the line", f"put the spaces in {noun} right"),
        result=("the line with single spaces where they belong", "the well spaced line"),
        rules=[
            (
                "a colon before the message, a closing bracket and a bar are followed by one space",
                "put one space after the colon before the message, after ] and around |",
            ),
            *([("make doubled spaces single", "no two spaces in a row")] if doubled else []),
            ("change no letter and no digit", "touch nothing but spaces"),
        ],
        why=WHY,
    )


@family("log-repair-digits", "repair", "text", weight=1.5)
def digits(draw: random.Random) -> Plan:
    """Letters typed for digits in addresses and numbers; words stay."""
    noun, layout = LAYOUTS[draw.choice(("syslog", "app", "nginx", "chat", "pipe"))]
    table = draw.choice(({"0": "o", "1": "l"}, {"0": "O", "1": "I"}, {"0": "O", "5": "S"}))
    said = " and ".join(f"{letter} for {digit}" for digit, letter in table.items())

    def case(d: random.Random) -> Case:
        pieces = [(kind, text) for kind, text in layout(d)]
        answer = "".join(text for _, text in pieces)
        hits = [at for at, letter in enumerate(answer) if letter in table and beside(answer, at)]
        given = list(answer)
        for at in d.sample(hits, min(len(hits), d.randint(0, 3))):
            given[at] = table[given[at]]
        return "".join(given), answer

    def beside(line: str, at: int) -> bool:
        """Next to another digit that stays one, so that it must be a digit itself."""
        around = line[max(0, at - 1) : at] + line[at + 1 : at + 2]
        return any(c.isdigit() and c not in table for c in around)

    return make_plan(
        draw,
        case,
        given=(noun, f"{noun} read by a scanner"),
        goal=("put the digits right that were read as letters", "undo letters read for digits"),
        result=("the line with its digits", "the corrected line"),
        rules=[
            (f"the scanner writes {said}", f"inside numbers you will find {said}"),
            ("letters in words stay letters", "leave words alone"),
            KEEP,
        ],
        why=WHY,
    )
