"""Repair garbled log lines; which faults are mended and which stay depends on the spec."""

import random
from collections.abc import Callable, Sequence

from . import words
from .family import Case, Plan, family, make_plan
from .log_lines import LAYOUTS, Piece
from .noise import garble_time, misspell, misspell_cased
from .wording import Text

RULES: dict[str, Text] = {
    "time": (
        "write the time with two digits each for hours, minutes and seconds, and with digits "
        "where a letter o or l was typed",
        "make the time HH:MM:SS again: missing zeros come back, a letter o is 0, a letter l is 1",
        "the time needs two digits in every part, and 0 and 1 instead of o and l",
        "restore the time of day to hh:mm:ss, where o stands for 0 and l for 1",
    ),
    "day": (
        "give the day of the month two digits",
        "pad the day to two digits",
        "a day below ten gets a leading zero",
    ),
    "word": (
        "correct misspelled words",
        "fix typing mistakes in the words of the message",
        "spell the words of the message properly",
        "put letters that were lost, doubled or swapped in a word right",
    ),
    "program": (
        "correct misspelled program names",
        "spell the name of the program as it is really called",
        "put the program's name right when it is mistyped (ngnix is nginx)",
    ),
    "level": (
        "correct the level when it is misspelled",
        "spell the severity right, in the capitals it has",
        "a mistyped level such as eror or wraning becomes error or warning",
    ),
}
LEAVE: dict[str, Text] = {
    "time": ("leave the time as it was typed", "don't touch the time"),
    "day": ("leave the date alone", "copy the date as it stands"),
    "word": ("leave spelling mistakes in the message", "don't correct the words of the message"),
    "program": ("leave program names as typed", "copy the program name, even if it looks wrong"),
    "level": ("copy the level as typed", "leave the severity word alone"),
}
KEEP: tuple[str, ...] = (
    "keep everything else as it is",
    "change nothing else",
    "copy the rest letter by letter",
    "leave host, numbers, punctuation and order of the words as they are",
    "whatever is right already stays",
)
WHY: tuple[str, ...] = (
    "These lines were read from a photo of a screen.",
    "Colleagues retype lines from a console that can't copy, and make mistakes.",
    "Our log search only finds lines that are spelled right.",
    "An old terminal loses and swaps characters.",
    "We compare log lines with a list of known faults, so they must be exact.",
    "The lines come from a scanned printout.",
)


def garble(kind: str, text: str, draw: random.Random) -> str:
    if kind == "time":
        return garble_time(text, draw)
    if kind == "day":
        return text.lstrip("0")
    if kind == "level":
        return misspell_cased(text, draw)
    return misspell_cased(text, draw) if kind == "word" else misspell(text, draw)


def garbled_line(
    pieces: Sequence[Piece], mended: set[str], left: set[str], draw: random.Random
) -> Case:
    """The line with one to four faults in it, and the line with the `mended` ones undone."""
    touchable = [at for at, piece in enumerate(pieces) if piece[0] in mended | left]
    few = draw.choice((0, 1, 1, 2, 2, 2, 3, 3, 4))
    chosen = set(draw.sample(touchable, min(few, len(touchable))))
    given, answer = "", ""
    for at, (kind, text) in enumerate(pieces):
        noisy = garble(kind, text, draw) if at in chosen else text
        given += noisy
        answer += text if kind in mended else noisy
    return given, answer


def kinds_of(layout: Callable[[random.Random], list[Piece]]) -> list[str]:
    seen = {kind for seed in range(6) for kind, _ in layout(random.Random(seed))}
    return [kind for kind in RULES if kind in seen]


def plan_layout(draw: random.Random, layout_name: str) -> Plan:
    noun, layout = LAYOUTS[layout_name]
    kinds = kinds_of(layout)
    mended = {kind for kind in kinds if draw.random() < 0.75} or {"word", "time"}
    rest = [kind for kind in kinds if kind not in mended]
    left = set(draw.sample(rest, draw.randint(0, len(rest))))
    rules: list[Text] = [RULES[kind] for kind in kinds if kind in mended]
    rules += [LEAVE[kind] for kind in kinds if kind in left]
    rules.append(KEEP)
    bad = draw.choice(("garbled", "badly typed", "damaged", "mistyped", "misread"))
    article, bare = noun.split(" ", 1)
    adjective_noun = f"a {bad} {bare}"

    def case(d: random.Random) -> Case:
        return garbled_line(layout(d), mended, left, d)

    return make_plan(
        draw,
        case,
        given=(adjective_noun, f"{noun} that is {bad}", f"{noun} with mistakes in it"),
        goal=(
            f"repair {article} {bare} that was typed or scanned badly",
            f"undo the faults in {adjective_noun}",
            f"write {noun} as the program wrote it",
        ),
        result=("the repaired line", "the clean line", "the line as it should be"),
        rules=rules,
        why=WHY,
    )


def add_layout(layout: str) -> None:
    family(f"log-repair-{layout}", "repair", "text", weight=2.0)(
        lambda draw: plan_layout(draw, layout)
    )


for _layout in LAYOUTS:
    add_layout(_layout)


@family("log-repair-any-layout", "repair", "text", weight=4.0)
def any_layout(draw: random.Random) -> Plan:
    """Lines of several layouts in one function."""
    names = draw.sample(list(LAYOUTS), draw.randint(3, 6))
    mended = {"word", "time", "program", "level"}
    if draw.random() < 0.3:
        mended.add("day")

    def case(d: random.Random) -> Case:
        return garbled_line(LAYOUTS[d.choice(names)][1](d), mended, set(), d)

    return make_plan(
        draw,
        case,
        given=("a garbled log line of any program", "a log line with slips in it"),
        goal=("repair a log line that was typed badly", "clean up a mistyped log line"),
        result=("the repaired line", "the line without its faults"),
        rules=[
            (
                "correct misspelled words, levels and program names",
                "put the spelling of words, severities and programs right",
            ),
            RULES["time"],
            *([RULES["day"]] if "day" in mended else []),
            KEEP,
        ],
        why=WHY,
    )


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
