"""Fix JSON that a parser rejects; the spec names the faults that occur."""

import json
import random

from .family import Case, Plan, family, make_plan
from .json_damage import DAMAGES, Tokens, text_of, tokens_of
from .json_values import DOMAINS, compact, draw_object, draw_value
from .wording import Text, listed, pick
from .words import split

SOURCES: tuple[tuple[str, str], ...] = (
    ("broken JSON", "A settings file that people edit by hand no longer loads."),
    ("JSON that a parser rejects", "Our language model writes almost JSON."),
    ("a damaged JSON text", "The payload was copied out of a chat and lost pieces."),
    ("sloppy JSON", "Partners send us webhooks that aren't quite JSON."),
    ("malformed JSON", "We log objects by hand-written code, and it shows."),
    ("an almost valid JSON text", "The importer stops at the first bad character."),
)
KEEP: tuple[str, ...] = (
    "keep every key and value, in the order of the input",
    "change no key and no value, and add nothing",
    "order and content stay the same",
    "lose nothing and invent nothing",
)
VALID: tuple[str, ...] = (
    "JSON that is already valid stays as it is",
    "if nothing is wrong, give the same JSON",
    "valid input is only made compact",
)
COMPACT: tuple[str, ...] = (
    "no spaces between the parts",
    "write it on one line without extra spaces",
    "compact form",
)


def draw_damaged(draw: random.Random, faults: list[str], domain: str, flat: bool) -> Case:
    value = draw_object(draw, domain, 2, 4) if flat else draw_value(draw, domain)
    tokens: Tokens = tokens_of(value)
    count = draw.choice((0, 1, 1, 1, 2, 2, 3))
    shuffled = draw.sample(faults, len(faults))
    felt = [fault for fault in shuffled if DAMAGES[fault][1](tokens, draw) != tokens]
    for fault in order(felt[:count]):
        tokens = DAMAGES[fault][1](tokens, draw)
    return text_of(tokens, draw), compact(value)


def order(faults: list[str]) -> list[str]:
    """Lost pieces come after the changes that look for them; never two that hide each other."""
    chosen = sorted(faults, key=list(ORDER).index)
    for first, second in CLASHES:
        if first in chosen and second in chosen:
            chosen.remove(second)
    return chosen


ORDER = split(
    """python null point words trailing missing doubled comments semicolons quote keys single smart
    backtick colon equals bracket end start"""
)
QUOTING = ("quote", "keys", "single", "smart", "backtick")
CLASHES = [
    ("quote", "keys"),
    ("quote", "colon"),
    ("quote", "equals"),
    ("keys", "colon"),
    ("words", "colon"),
    ("words", "missing"),
    ("words", "bracket"),
    ("colon", "missing"),
    ("colon", "equals"),
    ("colon", "bracket"),
    ("missing", "semicolons"),
    ("missing", "bracket"),
    ("doubled", "semicolons"),
    ("trailing", "end"),
    ("trailing", "bracket"),
    ("bracket", "end"),
    ("bracket", "start"),
    ("bracket", "equals"),
    ("start", "end"),
    ("quote", "words"),
    ("missing", "comments"),
    ("comments", "semicolons"),
    *[(a, b) for at, a in enumerate(QUOTING) for b in QUOTING[at + 1 :]],
]


def plan_repair(draw: random.Random, faults: list[str], flat: bool = False) -> Plan:
    domain = draw.choice(list(DOMAINS))
    source, why = draw.choice(SOURCES)
    names = [pick(draw, DAMAGES[fault][0]) for fault in faults]
    rules: list[Text] = [
        (
            f"the faults are {listed(names)}",
            f"expect {listed(names, 'or')}",
            f"mend {listed(names)}",
            f"look out for {listed(names)}",
        ),
        KEEP,
    ]
    rules += [rule for rule in (VALID, COMPACT) if draw.random() < 0.5]

    def case(d: random.Random) -> Case:
        return draw_damaged(d, faults, domain, flat)

    return make_plan(
        draw,
        case,
        given=source,
        goal=(
            f"fix {source}" if " " in source and source[:1] != "J" else "fix the JSON",
            "make the JSON valid",
            "repair the JSON so that it parses",
        ),
        result=("valid JSON", "the repaired JSON", "the JSON that was meant"),
        rules=rules,
        why=(why, "Only valid JSON gets through to the next step."),
    )


@family("json-repair-any", "repair", "json", weight=6.0)
def any_fault(draw: random.Random) -> Plan:
    common = split("""trailing missing doubled end bracket single keys words python comments""")
    rare = [fault for fault in DAMAGES if fault not in common]
    faults = draw.sample(common, draw.randint(3, 7)) + draw.sample(rare, draw.randint(0, 2))
    return plan_repair(draw, faults)


GROUPS: dict[str, list[str]] = {
    "commas": ["trailing", "missing", "doubled", "semicolons"],
    "quotes": ["single", "smart", "backtick", "keys", "quote"],
    "brackets": ["end", "bracket", "start"],
    "python": ["python", "single", "trailing", "comments"],
    "javascript": ["keys", "single", "trailing", "null", "comments"],
    "bare": ["keys", "words", "point"],
    "signs": ["colon", "equals", "semicolons", "missing"],
    "cut-off": ["end", "missing", "quote"],
    "config": ["keys", "equals", "comments", "words", "semicolons"],
}


def add_group(name: str, faults: list[str]) -> None:
    @family(f"json-repair-{name}", "repair", "json", weight=2.0)
    def plan(draw: random.Random) -> Plan:
        kept = draw.sample(faults, draw.randint(2, len(faults)))
        return plan_repair(draw, kept, flat=draw.random() < 0.5)


for _name, _faults in GROUPS.items():
    add_group(_name, _faults)

BEFORE = ("Here is the result:", "Sure!", "Output:", "The answer is", "json", "Done.", "result =")
AFTER = ("", "", "Hope this helps.", "Let me know.", ";", "(end)", "Is that all right?")


@family("json-repair-wrapped", "repair", "json", weight=1.5)
def wrapped(draw: random.Random) -> Plan:
    """JSON inside a chat answer, a fence or escaped quotes."""
    domain = draw.choice(list(DOMAINS))
    faults = draw.sample(["single", "trailing", "keys", "python"], draw.randint(0, 2))
    escaped, fenced = draw.random() < 0.5, draw.random() < 0.5

    def case(d: random.Random) -> Case:
        given, answer = draw_damaged(d, faults, domain, True)
        if escaped and d.random() < 0.4:
            given = json.dumps(json.loads(answer), ensure_ascii=False).replace('"', '\\"')
        if fenced and d.random() < 0.5:
            return f"```json\n{given}\n```", answer
        return f"{d.choice(BEFORE)} {given} {d.choice(AFTER)}".strip(), answer

    rules: list[Text] = [
        ("drop the words around it", "leave out everything that isn't JSON", "no talk, only JSON"),
        *([("undo escaped quotes", 'a \\" is just a quote')] if escaped else []),
        *([("remove the code fence", "drop the ``` marks")] if fenced else []),
        *[f"mend {pick(draw, DAMAGES[fault][0])}" for fault in faults],
        KEEP,
    ]
    return make_plan(
        draw,
        case,
        given=("a chat answer with JSON in it", "a text that contains one JSON object"),
        goal=("take the JSON out of the text", "give only the JSON of the answer"),
        result=("the bare JSON object", "the JSON alone, valid and compact"),
        rules=rules,
        why=("Our language model talks around its JSON.", "The caller can only read pure JSON."),
    )
