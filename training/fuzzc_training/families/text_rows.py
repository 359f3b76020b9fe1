"""Repair names, words that ran together, rows and punctuation."""

import random

from . import words
from .family import Case, Plan, family, make_plan
from .noise import misspell_cased
from .text_repair import WHY, sentence
from .wording import Text, cap, listed


@family("text-known-names", "repair", "text", weight=1.5)
def known_names(draw: random.Random) -> Plan:
    """A list of right spellings stands in the spec; the input has a wrong one."""
    noun, pool = draw.choice(
        (("cities", words.CITIES), ("people", words.GIVEN), ("services", words.SERVICES))
    )
    names = [n for n in draw.sample(pool, 8) if len(n) > 4][: draw.randint(3, 6)]
    alone = draw.random() < 0.5
    frames = ("send it to {}", "{} asked again", "nothing new from {}", "{} is on the list")

    def case(d: random.Random) -> Case:
        name = d.choice(names)
        wrong = misspell_cased(name, d) if d.random() < 0.85 else name
        wrong = d.choice((wrong, wrong.lower()))
        frame = "{}" if alone else d.choice(frames)
        return frame.format(wrong), frame.format(name)

    return make_plan(
        draw,
        case,
        given=("a mistyped name", "a name from our list, mistyped")
        if alone
        else ("a note with a mistyped name", "a short note"),
        goal=f"put the name right; we only know these {noun}: {', '.join(names)}",
        result=("the right name" if alone else "the note with the right name"),
        rules=[
            f"the {noun} are {listed(names)}",
            ("take the closest one", "it is the one with the nearest spelling"),
            ("spell it as in the list", "with the letters and capitals of the list"),
        ],
        why=WHY,
    )


@family("text-lost-spaces", "repair", "text")
def lost_spaces(draw: random.Random) -> Plan:
    join = draw.choice((" ", "-", "_", ", ", " + ", "/", ".", " & "))
    left, right = draw.choice((("", ""), ("", ""), ("<", ">"), ("", "."), ("* ", ""), ("[", "]")))
    lower = draw.random() < 0.5

    def case(d: random.Random) -> Case:
        parts = [d.choice(words.COLOURS), *d.sample(words.SINGULAR, d.randint(1, 2))]
        shown = d.choice(("".join(parts), "".join(p.capitalize() for p in parts)))
        answer = join.join(p if lower else p.capitalize() for p in parts)
        return shown, left + answer + right

    return make_plan(
        draw,
        case,
        given=("words run together", "some words without spaces"),
        goal="part the words again",
        result=f"the words with '{join}' between them",
        rules=[
            f"'{join}' between the words",
            "small letters" if lower else "each word with a capital",
            *([f"{left.strip()} before it"] if left else []),
            *([f"{right} after it"] if right else []),
        ],
        why=WHY,
    )


@family("row-repair", "repair", "text")
def row_repair(draw: random.Random) -> Plan:
    """Rows of a table with wrong separators and stray spaces."""
    mark = draw.choice((",", ";", "|", "\t", ", "))
    name = {"\t": "a tab", ", ": "a comma and a space"}.get(mark, mark)
    empty = draw.choice((None, "-", "NA", "0", "?"))

    def case(d: random.Random) -> Case:
        fields = [d.choice(words.GIVEN), d.choice(words.CITIES), str(d.randint(1, 999))]
        d.shuffle(fields)
        fields.append(words.thing(d).replace(" ", "-"))
        if empty and d.random() < 0.5:
            fields[d.randrange(3)] = ""
        other = d.choice((";", ",", "|", " ; ", " | ", ", "))
        given = other.join(fields)
        if d.random() < 0.4:
            given = f'"{given}"'
        return given, mark.join(field or empty or "" for field in fields)

    rules: list[Text] = [
        f"the fields are parted by {name}",
        ("no spaces around a field", "strip the fields"),
        ("quotes around the whole row go away", "drop outer quotes"),
    ]
    if empty:
        rules.append(f"an empty field becomes {empty}")
    return make_plan(
        draw,
        case,
        given=("a row of a table with odd separators", "a sloppy row of data"),
        goal="write the row in our form",
        result=("the clean row", "the row in our form"),
        rules=rules,
    )


@family("text-marks", "repair", "text")
def marks(draw: random.Random) -> Plan:
    """Spaces around punctuation, repeated marks."""
    many = draw.random() < 0.6

    def case(d: random.Random) -> Case:
        first, second = sentence(d), d.choice(("thank you", "see you soon", "all is well", "bye"))
        mark, end = d.choice(",;"), d.choice(".!?")
        answer = f"{cap(first)}{mark} {second}{end}"
        given = f"{cap(first)}{d.choice((' ' + mark, mark + ' ', mark, ' ' + mark + ' '))}{second}"
        given += d.choice(("", " ")) + end * (d.randint(1, 3) if many else 1)
        return given, answer

    return make_plan(
        draw,
        case,
        given=("a sentence with messy punctuation", "a line with marks in the wrong places"),
        goal="put spaces and marks right",
        result=("the tidy sentence", "the sentence with proper punctuation"),
        rules=[
            ("no space before a mark, one space after it", "marks stick to the word before them"),
            ("nothing after the last mark", "the sentence ends with its mark"),
            *([("repeated marks become one", "!!! is one !")] if many else []),
        ],
        why=WHY,
    )
