"""Repair garbled log lines; which faults are mended and which stay depends on the spec."""

import random
from collections.abc import Callable, Sequence

from .family import Case, Plan, family, make_plan
from .log_lines import LAYOUTS
from .log_messages import Piece
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
