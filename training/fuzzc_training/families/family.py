"""What a family is, and how one of its functions is drawn."""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..corpus import Function, Variant
from .near_misses import is_near
from .strangers import draw_strangers
from .wording import Brief, Text, word

CASES = 16
TRIES = 400

Case = tuple[str, str]


@dataclass(frozen=True)
class Plan:
    """One function of a family: its parameters are already drawn and woven into `wordings`."""

    wordings: Sequence[str]
    case: Callable[[random.Random], Case]
    labels: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    near_misses: tuple[str, ...] | None = None
    """Inputs that aren't the function's to answer; None: `draw_near_misses` finds some."""


@dataclass(frozen=True)
class Family:
    name: str
    category: str
    type: str
    weight: float
    plan: Callable[[random.Random], Plan] = field(repr=False)

    def draw(self, draw: random.Random) -> Function:
        plan = self.plan(draw)
        spec = draw.choice(plan.wordings).strip()
        near = plan.near_misses
        return Function(
            id=f"{self.name}-{draw.getrandbits(48):012x}",
            domain="generated",
            category=self.category,
            type=self.type,
            keys=plan.keys,
            variants=(Variant(spec, plan.labels),),
            cases=draw_cases(plan, draw),
            near_misses=draw_near_misses(self, draw) if near is None else near,
        )

    @property
    def module(self) -> str:
        return self.plan.__module__.rpartition(".")[2]

    @property
    def part(self) -> str:
        """By the hash of the name, so that a new family moves no other: a tenth is `heldout`, a
        twentieth `validation`, the rest `train`."""
        share = int(hashlib.sha256(self.name.encode()).hexdigest()[:8], 16) / 2**32
        return "heldout" if share < 0.1 else "validation" if share < 0.15 else "train"


def draw_near_misses(family: Family, draw: random.Random) -> tuple[str, ...]:
    """Two inputs that aren't the family's to answer: where there is one, an input of a family of
    the same part that is about something else; else, and beside it, a text about nothing here."""
    near = [
        other
        for other in FAMILIES.values()
        if other.part == family.part and is_near(family.module, other.module)
    ]
    if not near:
        return draw_strangers(draw, 2)
    given, _ = draw.choice(near).plan(draw).case(draw)
    return (given, *draw_strangers(draw, 1))


def draw_cases(plan: Plan, draw: random.Random, count: int = CASES) -> tuple[Case, ...]:
    """Up to `count` cases, each with an input of its own."""
    cases: dict[str, str] = {}
    for _ in range(TRIES):
        given, answer = plan.case(draw)
        cases.setdefault(given, answer)
        if len(cases) == count:
            break
    return tuple(cases.items())


def telling(case: Callable[[random.Random], Case], draw: random.Random) -> Case:
    """A case to show in a spec: short, and with an answer that differs from its input."""
    for _ in range(8):
        given, answer = case(draw)
        if given != answer and len(given) < 160 and "\n" not in given:
            break
    return given, answer


def make_plan(
    draw: random.Random,
    case: Callable[[random.Random], Case],
    *,
    given: Text,
    goal: Text,
    result: Text,
    rules: Sequence[Text] = (),
    why: Text = (),
    labels: tuple[str, ...] = (),
    keys: tuple[str, ...] = (),
    ordered: bool = False,
    near_misses: tuple[str, ...] | None = None,
) -> Plan:
    """A plan worded from a brief, with one of its cases shown in some wordings."""
    brief = Brief(given, goal, result, rules, why)
    wordings = word(draw, brief, telling(case, draw), ordered=ordered)
    return Plan(wordings, case, labels, keys, near_misses)


FAMILIES: dict[str, Family] = {}


def family(name: str, category: str, type: str, weight: float = 1.0):
    """Registers the decorated function, which draws a `Plan`, as a family."""

    def register(plan: Callable[[random.Random], Plan]) -> Callable[[random.Random], Plan]:
        if name in FAMILIES:
            raise ValueError(f"two families are named {name}")
        FAMILIES[name] = Family(name, category, type, weight, plan)
        return plan

    return register
