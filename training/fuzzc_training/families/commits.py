"""Notes about code changes: subjects, changelog entries, prefixes."""

import random

from . import words
from .family import Case, Plan, family, make_plan
from .wording import Text, cap, listed

VERBS = """fix fixed fixes fixing|add added adds adding|remove removed removes removing
|rename renamed renames renaming|update updated updates updating|move moved moves moving
|handle handled handles handling|make made makes making|split split splits splitting
|write wrote writes writing|replace replaced replaces replacing|drop dropped drops dropping
|simplify simplified simplifies simplifying|speed sped speeds speeding|log logged logs logging
|hide hid hides hiding|show showed shows showing|check checked checks checking
|use used uses using|cache cached caches caching|document documented documents documenting
|test tested tests testing|bump bumped bumps bumping|stop stopped stops stopping
|send sent sends sending|sort sorted sorts sorting|retry retried retries retrying
|build built builds building|keep kept keeps keeping|merge merged merges merging
|disable disabled disables disabling|translate translated translates translating
|rewrite rewrote rewrites rewriting|validate validated validates validating
|limit limited limits limiting|let let lets letting|wrap wrapped wraps wrapping
|catch caught catches catching|set set sets setting|run ran runs running""".replace("\n", "")
FORMS = [verb.split() for verb in VERBS.split("|")]
OBJECTS: dict[str, tuple[str, ...]] = {
    "make": ("the {s} form wider", "the {s} faster", "{s} errors easier to read"),
    "speed": ("up the {s} query", "up loading of the {s} page"),
    "let": ("admins delete a {s}", "the {s} page scroll"),
    "bump": ("{s} to {n}", "the {s} client to version {n}"),
    "split": ("the {s} module in two", "{s} tests by browser"),
    "set": ("the {s} timeout to {n} seconds", "a limit for {s}"),
    "use": ("a map for {s} lookups", "the new {s} client"),
    "move": ("{s} code to its own folder", "the {s} menu to the left"),
    "rename": ("{s} to {t}", "the {s} folder to {t}"),
    "replace": ("the {s} helper with {t}", "{s} mocks by real {t} calls"),
    "keep": ("the {s} order stable", "old {s} links alive"),
    "stop": ("the {s} job on exit", "polling {s} when hidden"),
}
ANY = """the {s} redirect|a test for empty {s} lists|two unused {s} imports|null in the {s} parser
|{s} totals with {n} items|the {s} button on small screens|{s} and {t} in one call
|the docs for {s}|a typo in the {s} page|the {s} endpoint|{s} tokens that expire early
|the flaky {s} test|the {s} cache key|{s} dates in other time zones|a missing {s} index
|old {s} logs after {n} days|the {s} banner for guests""".replace("\n", "").split("|")
WHO = ("", "", "", "", "I ", "we ")
ENDS = ("", "", ".", "!", ".")
STEMS = words.STEMS + words.SERVICES


def draw_change(draw: random.Random) -> tuple[list[str], str]:
    forms = draw.choice(FORMS)
    text = draw.choice(OBJECTS.get(forms[0], ANY) if draw.random() < 0.5 else ANY)
    if forms[0] in OBJECTS:
        text = draw.choice(OBJECTS[forms[0]])
    s, t = draw.sample(STEMS, 2)
    return forms, text.format(s=s, t=t, n=draw.randint(2, 40))


def draw_note(draw: random.Random, tense: int | None = None) -> tuple[list[str], str, str, str]:
    """Verb forms, the rest of the change, an issue number, and the note as somebody typed it."""
    forms, rest = draw_change(draw)
    who = draw.choice(WHO)
    tense = (1 if who else draw.choice((0, 1, 1, 2, 3))) if tense is None else tense
    issue = f"(#{draw.randint(2, 990)})" if draw.random() < 0.35 else ""
    verb = forms[tense] if who or draw.random() < 0.75 else cap(forms[tense])
    end = draw.choice(ENDS)
    return forms, rest, issue, f"{who}{verb} {rest}{end if not issue else ' ' + issue}"


TENSES: tuple[tuple[int, Text], ...] = (
    (
        0,
        (
            "put the verb into the imperative (fixed becomes fix)",
            "begin with a command such as Fix, Add or Remove",
            "start with the plain form of the verb",
        ),
    ),
    (
        1,
        (
            "put the verb into the past tense (add becomes added)",
            "begin with a past form such as Fixed or Added",
        ),
    ),
    (
        2,
        (
            "begin with a verb in the third person, such as Fixes or Adds",
            "the verb ends in s, as in Removes",
        ),
    ),
    (3, ("begin with the ing form, such as Fixing", "use the -ing form of the verb")),
)


def plan_subject(draw: random.Random, tense: int, said: Text, noun: str, why: str) -> Plan:
    capital = draw.random() < 0.6
    issues = draw.choice(("drop", "drop", "keep", "front"))
    stop = "none" if issues == "keep" else draw.choice(("none", "none", "dot"))

    def case(d: random.Random) -> Case:
        forms, rest, issue, given = draw_note(d)
        text = f"{forms[tense]} {rest}"
        text = cap(text) if capital else text
        text += "." if stop == "dot" else ""
        if issue and issues == "keep":
            text += f" {issue}"
        if issue and issues == "front":
            text = f"{issue.strip('()')} {text}"
        return given, text

    rules: list[Text] = [
        said,
        ("with a capital letter", "the first letter is a capital")
        if capital
        else ("no capital at the start", "the first letter is small"),
        ("drop I or we at the start", "leave out who did it"),
        {
            "drop": ("drop an issue number in brackets", "no issue numbers"),
            "keep": ("keep an issue number in brackets at the end", "an issue number stays last"),
            "front": (
                "move an issue number to the front, without brackets",
                "an issue number goes first, as #12",
            ),
        }[issues],
        ("no full stop or exclamation mark at the end", "drop the mark at the end")
        if stop == "none"
        else ("end the sentence with a full stop", "put a full stop behind the words"),
        ("keep all other words", "the other words stay as they are"),
    ]
    return make_plan(
        draw,
        case,
        given=("a casual note about a code change", "what a developer wrote about a change"),
        goal=f"turn a note about a code change into {noun}",
        result=noun,
        rules=rules,
        why=why,
    )


@family("commit-subject", "transform", "text", weight=3.0)
def subject(draw: random.Random) -> Plan:
    why = "Our history should read like a list of orders."
    return plan_subject(draw, *TENSES[0], "a commit subject line", why)


@family("changelog-entry", "transform", "text", weight=1.5)
def changelog(draw: random.Random) -> Plan:
    tense = draw.choice(TENSES[1:])
    why = "The release notes are made of what people wrote in passing."
    return plan_subject(draw, *tense, draw.choice(("a changelog entry", "a release note")), why)


KINDS: dict[str, tuple[str, ...]] = {
    "fix": ("fix", "handle", "stop", "retry", "catch"),
    "feat": ("add", "show", "let", "send", "translate"),
    "chore": ("bump", "update", "merge"),
    "refactor": ("rename", "move", "split", "simplify", "rewrite"),
    "docs": ("document", "write"),
    "perf": ("speed", "cache", "limit"),
    "remove": ("remove", "drop", "hide", "disable"),
    "test": ("test", "check", "validate"),
}
OTHER_NAMES = {
    "fix": ("bugfix", "FIX", "B"),
    "feat": ("feature", "NEW", "F"),
    "chore": ("maint", "MISC", "C"),
    "refactor": ("cleanup", "MOVE", "R"),
    "docs": ("text", "DOC", "D"),
    "perf": ("speed", "PERF", "P"),
    "remove": ("removal", "GONE", "X"),
    "test": ("checks", "TEST", "T"),
}


@family("commit-prefix", "transform", "text", weight=1.5)
def prefix(draw: random.Random) -> Plan:
    """Conventional prefixes; the spec says which verb gets which."""
    kinds = draw.sample(list(KINDS), draw.randint(3, 5))
    style = draw.choice((None, 0, 1, 2))
    names = {kind: kind if style is None else OTHER_NAMES[kind][style] for kind in kinds}
    form = draw.choice(("{k}: {t}", "[{k}] {t}", "{k} - {t}", "({k}) {t}"))

    def case(d: random.Random) -> Case:
        while True:
            forms, rest, _, given = draw_note(d, 0)
            for kind in kinds:
                if forms[0] in KINDS[kind]:
                    body = f"{forms[0]} {rest}"
                    given = d.choice((body, cap(body)))
                    return given, form.format(k=names[kind], t=body)

    table: list[Text] = [
        (
            f"use {names[kind]} when it begins with {listed(KINDS[kind], 'or')}",
            f"for {listed(KINDS[kind], 'or')} the prefix is {names[kind]}",
        )
        for kind in kinds
    ]
    return make_plan(
        draw,
        case,
        given=("a commit message", "the subject of a commit"),
        goal="put the right prefix before a commit message",
        result=("the message with its prefix", "the prefixed subject"),
        rules=[
            *table,
            f"write it as {form.format(k=names[kinds[0]], t='do this')}",
            "the message itself starts with a small letter",
        ],
        why="Our release tool sorts commits by their prefix.",
    )
