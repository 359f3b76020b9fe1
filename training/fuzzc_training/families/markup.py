"""Markup, quotes and code: strip it, add it, turn one into another."""

import random
from collections.abc import Callable

from . import words
from .family import Case, Plan, family, make_plan
from .wording import Text

Wrap = Callable[[str], str]
MARKUP: dict[str, dict[str, str]] = {
    "HTML": {"bold": "<b>{}</b>", "italic": "<i>{}</i>", "code": "<code>{}</code>"},
    "Markdown": {"bold": "**{}**", "italic": "_{}_", "code": "`{}`"},
    "chat marks": {"bold": "*{}*", "italic": "_{}_", "code": "`{}`"},
    "BBCode": {"bold": "[b]{}[/b]", "italic": "[i]{}[/i]", "code": "[code]{}[/code]"},
    "LaTeX": {"bold": "\\textbf{{{}}}", "italic": "\\emph{{{}}}", "code": "\\texttt{{{}}}"},
    "wiki marks": {"bold": "'''{}'''", "italic": "''{}''", "code": "{{{{{{{}}}}}}}"},
}
FRAMES = (
    "the {} is ready",
    "see {} for more",
    "please read {} first",
    "{} was moved",
    "we now use {}",
    "only {} counts",
    "ask {} about it",
    "{} and the rest",
)


def subject(draw: random.Random) -> str:
    return draw.choice((words.thing(draw), draw.choice(words.SERVICES), draw.choice(words.CITIES)))


@family("markup-change", "transform", "text", weight=1.5)
def change(draw: random.Random) -> Plan:
    """From one markup to another, or to plain text."""
    source, target = draw.sample(list(MARKUP), 2)
    plain = draw.random() < 0.35
    kinds = draw.sample(("bold", "italic", "code"), draw.randint(1, 3))

    def case(d: random.Random) -> Case:
        kind, text, frame = d.choice(kinds), subject(d), d.choice(FRAMES)
        given = frame.format(MARKUP[source][kind].format(text))
        return given, frame.format(text if plain else MARKUP[target][kind].format(text))

    table = [f"{MARKUP[source][k].format('x')} to {MARKUP[target][k].format('x')}" for k in kinds]
    rules: list[Text] = (
        [(f"remove the marks for {', '.join(kinds)}", "the marks go, the words stay")]
        if plain
        else [f"turn {', '.join(table)}"]
    )
    return make_plan(
        draw,
        case,
        given=f"a line with {source}",
        goal=f"make {'plain text' if plain else target} of {source}",
        result="the line as plain text" if plain else f"the line with {target}",
        rules=[*rules, ("copy the words", "words and spaces don't change")],
    )


@family("markup-link", "transform", "text")
def link(draw: random.Random) -> Plan:
    forms: dict[str, str] = {
        "Markdown": "[{t}]({u})",
        "HTML": '<a href="{u}">{t}</a>',
        "plain": "{t} ({u})",
        "wiki": "[[{u}|{t}]]",
        "reStructuredText": "`{t} <{u}>`_",
        "address only": "{u}",
        "text only": "{t}",
        "chat": "<{u}|{t}>",
    }
    source = draw.choice(("Markdown", "HTML", "plain", "wiki", "chat"))
    target = draw.choice([name for name in forms if name != source])

    def case(d: random.Random) -> Case:
        url = f"https://{d.choice(words.DOMAINS)}/{d.choice(words.STEMS)}"
        values = {"t": subject(d), "u": url}
        return forms[source].format(**values), forms[target].format(**values)

    shape = forms[target].format(t="TEXT", u="ADDRESS")
    return make_plan(
        draw,
        case,
        given=f"a link written as {forms[source].format(t='TEXT', u='ADDRESS')}",
        goal=f"write the link as {shape}",
        result=f"the link as {shape}",
        rules=[("text and address are copied", "change neither text nor address")],
    )


@family("list-style", "transform", "text")
def list_style(draw: random.Random) -> Plan:
    styles: dict[str, Callable[[int, str], str]] = {
        "- item": lambda n, t: f"- {t}",
        "* item": lambda n, t: f"* {t}",
        "1. item": lambda n, t: f"{n}. {t}",
        "1) item": lambda n, t: f"{n}) {t}",
        "[ ] item": lambda n, t: f"[ ] {t}",
        "• item": lambda n, t: f"• {t}",
        "+ item": lambda n, t: f"+ {t}",
        "(1) item": lambda n, t: f"({n}) {t}",
        "#1 item": lambda n, t: f"#{n} {t}",
    }
    target = draw.choice(list(styles))
    capital = draw.random() < 0.4
    end = draw.choice(("", "", ";", "."))

    def case(d: random.Random) -> Case:
        items = [words.thing(d, True) for _ in range(d.randint(2, 4))]
        source = d.choice([style for style in styles if style != target])
        shown = [item[0].upper() + item[1:] if capital else item for item in items]
        given = [styles[source](n, t) for n, t in enumerate(items, 1)]
        answer = [styles[target](n, t) + end for n, t in enumerate(shown, 1)]
        return d.choice(("\n".join(given), ", ".join(items))), "\n".join(answer)

    rules: list[Text] = ["one item a line"]
    if capital:
        rules.append("each item starts with a capital")
    if end:
        rules.append(f"each line ends with {end}")
    return make_plan(
        draw,
        case,
        given=("a list in some style", "a few items, with or without bullets"),
        goal=f"write the list in the style '{target}'",
        result=f"the list with lines like '{target}'",
        rules=[*rules, ("keep the order", "items in the order of the input")],
    )


@family("quoting", "transform", "text")
def quoting(draw: random.Random) -> Plan:
    left, right = draw.choice(
        (
            ('"', '"'),
            ("'", "'"),
            ("«", "»"),
            ("`", "`"),
            ("“", "”"),
            ("<", ">"),
            ("„", "“"),
            ("[", "]"),
        )
    )

    def case(d: random.Random) -> Case:
        text = subject(d)
        a, b = d.choice((("'", "'"), ('"', '"'), ("“", "”"), ("`", "`"), ("*", "*"), ("«", "»")))
        frame = d.choice(FRAMES)
        return frame.format(a + text + b), frame.format(left + text + right)

    return make_plan(
        draw,
        case,
        given=("a line with something in quotes or marks", "a line with a quoted part"),
        goal=f"put the quoted part between {left} and {right}",
        result=f"the line with {left}…{right} around the quoted part",
        rules=[("other marks around it go away", "replace the old marks"), "copy the words"],
    )


@family("table-row", "structure", "text")
def table_row(draw: random.Random) -> Plan:
    """A fact with several parts as a row of a table in some markup."""
    form, name = draw.choice(
        (
            ("| {a} | {b} | {c} |", "a Markdown table row"),
            ("{a},{b},{c}", "a CSV row"),
            ("<tr><td>{a}</td><td>{b}</td><td>{c}</td></tr>", "an HTML table row"),
            ("{a} & {b} & {c} \\\\", "a LaTeX table row"),
            ("{a}\t{b}\t{c}", "a row with tabs"),
            ("({a!r}, {b!r}, {c})", "a Python tuple"),
            ("VALUES ('{a}', '{b}', {c})", "an SQL VALUES row"),
        )
    )
    columns = draw.sample(("name", "city"), 2)

    def case(d: random.Random) -> Case:
        facts = {"name": d.choice(words.GIVEN), "city": d.choice(words.CITIES)}
        age = d.randint(18, 90)
        given = d.choice(
            (
                "{name} from {city} is {n}",
                "{name}, {n}, {city}",
                "in {city}: {name} ({n})",
                "{name} ({n}) lives in {city}",
            )
        ).format(n=age, **facts)
        return given, form.format(a=facts[columns[0]], b=facts[columns[1]], c=age)

    return make_plan(
        draw,
        case,
        given=("a note on a person", "somebody's name, age and city in words"),
        goal=f"write the facts as {name} like {form.format(a='A', b='B', c=1)!r}",
        result=f"{name} like {form.format(a='A', b='B', c=1)!r}",
        rules=[f"the columns are {columns[0]}, {columns[1]}, age", "copy the facts as they stand"],
    )
