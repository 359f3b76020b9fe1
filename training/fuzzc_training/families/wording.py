"""Says one function in many differently built ways.

A `Brief` holds the pieces of a spec. Any piece may be a tuple of alternatives.
    given   noun phrase of the input          "a garbled log line"
    goal    imperative, no full stop          "repair the log line"
    result  noun phrase of the answer         "the repaired line"
    rules   imperatives, no full stop         "write hours with two digits"
    why     whole sentences: who needs it     "Our parser trips over typing mistakes."
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Text = str | tuple[str, ...]


WHY: tuple[str, ...] = (
    "Another program reads the answer, so its form matters.",
    "We do this for thousands of entries.",
    "People used to do this by hand.",
    "The next step accepts one form only.",
    "The old tool for this is gone.",
    "It saves the office an hour a day.",
)
"""Reasons that suit any function."""


@dataclass(frozen=True)
class Brief:
    given: Text
    goal: Text
    result: Text
    rules: Sequence[Text] = ()
    why: Text = ()


def pick(draw: random.Random, text: Text) -> str:
    return text if isinstance(text, str) else draw.choice(text)


def cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentences(parts: Sequence[str]) -> str:
    return " ".join(cap(part) + ("" if part[-1] in ".!?" else ".") for part in parts)


def bullets(parts: Sequence[str], mark: str = "- ") -> str:
    return "\n".join(mark + part for part in parts)


def numbered(parts: Sequence[str]) -> str:
    return "\n".join(f"{number}. {cap(part)}" for number, part in enumerate(parts, 1))


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Like "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def bare(noun: str) -> str:
    """Without its article."""
    head, _, rest = noun.partition(" ")
    return rest if head in ("a", "an", "the", "one") and rest else noun


@dataclass(frozen=True)
class Pieces:
    given: str
    goal: str
    result: str
    rules: list[str]
    why: str
    example: tuple[str, str] | None


def terse(p: Pieces) -> str:
    return f"{cap(bare(p.given))} -> {bare(p.result)}. {cap('; '.join(p.rules))}".rstrip() + "."


def plain(p: Pieces) -> str:
    return sentences([p.goal, *p.rules])


def rule_list(p: Pieces) -> str:
    return f"{cap(p.goal)}:\n{bullets(p.rules)}" if p.rules else f"- {p.goal}\n- nothing else"


def steps(p: Pieces) -> str:
    return f"From {p.given} to {p.result}:\n{numbered([*p.rules, 'give nothing else'])}"


def story(p: Pieces) -> str:
    return f"{p.why} {sentences([p.goal, *p.rules])}"


def need(p: Pieces) -> str:
    return f"{p.why} What we need from {p.given} is {p.result}. {sentences(p.rules)}".rstrip()


def question(p: Pieces) -> str:
    return f"Given {p.given}, what is {p.result}? {sentences(p.rules)}".rstrip()


def fields(p: Pieces) -> str:
    rules = f"\nRules: {'; '.join(p.rules)}" if p.rules else ""
    return f"Input: {p.given}\nOutput: {p.result}{rules}"


def casual(p: Pieces) -> str:
    return f"i paste {p.given}, you give me {p.result}" + "".join(f", {r}" for r in p.rules)


def answer(p: Pieces) -> str:
    return f"The input is {p.given}. Answer with {p.result} only. {sentences(p.rules)}".rstrip()


def rules_first(p: Pieces) -> str:
    return f"{sentences(p.rules)} This is how {p.given} becomes {p.result}.".lstrip()


def task(p: Pieces) -> str:
    return f"TASK: {p.goal}\n{bullets(p.rules, '* ')}".rstrip()


def reply(p: Pieces) -> str:
    return f"You get {p.given} and reply with {p.result}. How: {'; '.join(p.rules)}."


def shown(p: Pieces) -> str:
    given, output = p.example or ("", "")
    return f"{sentences([p.goal, *p.rules])}\nFor example: {given} => {output}"


def shown_first(p: Pieces) -> str:
    given, output = p.example or ("", "")
    rules = "; ".join(p.rules) or "do likewise"
    return f"{given}\nbecomes\n{output}\nSo, to {p.goal}: {rules}."


FRAMES: tuple[Callable[[Pieces], str], ...] = (
    terse,
    plain,
    rule_list,
    steps,
    story,
    need,
    question,
    fields,
    casual,
    answer,
    rules_first,
    task,
    reply,
)
SHOWING = (shown, shown_first)


def word(
    draw: random.Random,
    brief: Brief,
    example: tuple[str, str] | None = None,
    more: Sequence[str] = (),
    ordered: bool = False,
) -> list[str]:
    """The brief in every build; rules in an order of their own in each. `more`: wordings
    that a family brings itself; `ordered`: the order of the rules matters."""
    frames = FRAMES + (SHOWING if example else ())
    texts = list(more)
    for frame in frames:
        rules = [pick(draw, rule) for rule in brief.rules]
        if not ordered and draw.random() < 0.4:
            draw.shuffle(rules)
        pieces = (pick(draw, part) for part in (brief.given, brief.goal, brief.result))
        texts.append(frame(Pieces(*pieces, rules, pick(draw, brief.why or WHY), example)))
    return texts
