"""The corpus of fuzzy functions and its split by function."""

import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
FURTHER = CORPUS / "further"
"""Functions that are no part of the split: they only train."""


@dataclass(frozen=True)
class Output:
    """What a function gives: `labels`, `text` or `json` (with an optional JSON Schema)."""

    type: str
    labels: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variant:
    """One wording of a function. `labels` stand parallel to those of the first wording."""

    spec: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Function:
    id: str
    domain: str
    category: str
    type: str
    keys: tuple[str, ...]
    variants: tuple[Variant, ...]
    cases: tuple[tuple[str, str], ...]
    near_misses: tuple[str, ...]

    def output(self, variant: Variant) -> Output:
        return Output(self.type, variant.labels, self.keys)

    def answer(self, variant: Variant, case: tuple[str, str]) -> str:
        """The case's output in the words of this variant."""
        if self.type != "labels":
            return case[1]
        return variant.labels[self.variants[0].labels.index(case[1])]


def parse_function(line: str, domain: str) -> Function:
    record = json.loads(line)
    kind = record["output"]["type"]
    schema = record["output"].get("schema") or {}
    return Function(
        id=record["id"],
        domain=domain,
        category=record["category"],
        type="labels" if kind == "enum" else kind,
        keys=tuple(schema.get("properties", {})),
        variants=tuple(Variant(v["spec"], tuple(v.get("labels", ()))) for v in record["variants"]),
        cases=tuple((case[0], case[1]) for case in record["cases"]),
        near_misses=tuple(record.get("near_misses", ())),
    )


def read_corpus(folder: Path = CORPUS) -> list[Function]:
    """Every function of every domain, in file and line order."""
    functions = []
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            functions += [parse_function(line, path.stem) for line in lines if line.strip()]
    return functions


def split_corpus(functions: list[Function]) -> dict[str, list[Function]]:
    """Split by function: in each domain, ordered by the hash of the id, the first tenth is
    `heldout`, the next twentieth `validation`, the rest `train`."""
    parts: dict[str, list[Function]] = {"train": [], "validation": [], "heldout": []}
    domains: dict[str, list[Function]] = {}
    for function in functions:
        domains.setdefault(function.domain, []).append(function)
    for members in domains.values():
        members.sort(key=lambda f: hashlib.sha256(f.id.encode()).hexdigest())
        tenth = round(len(members) / 10)
        twentieth = round(len(members) / 20)
        parts["heldout"] += members[:tenth]
        parts["validation"] += members[tenth : tenth + twentieth]
        parts["train"] += members[tenth + twentieth :]
    return parts


def read_parts() -> dict[str, list[Function]]:
    """The split corpus; the further functions are in `train`."""
    parts = split_corpus(read_corpus())
    parts["train"] += read_corpus(FURTHER)
    return parts


@dataclass(frozen=True)
class Task:
    """One function in one wording, with its cases in that wording's words."""

    function: Function
    spec: str
    output: Output
    cases: tuple[tuple[str, str], ...]


def make_task(function: Function, variant: Variant) -> Task:
    cases = tuple((case[0], function.answer(variant, case)) for case in function.cases)
    return Task(function, variant.spec, function.output(variant), cases)


def draw_task(function: Function, draw: random.Random) -> Task:
    """A random wording; the labels are shuffled, so that their order carries no meaning."""
    variant = draw.choice(function.variants)
    task = make_task(function, variant)
    if function.type != "labels":
        return task
    labels = list(variant.labels)
    draw.shuffle(labels)
    return Task(function, task.spec, Output("labels", tuple(labels)), task.cases)
