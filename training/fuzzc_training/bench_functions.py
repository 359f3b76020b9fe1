"""Functions of held-out families for the benchmark, where the corpus has too few or too short ones.

    python -m fuzzc_training.bench_functions --to ../packages/bench/functions

`json-repair.jsonl`: repair of JSON, which no held-out corpus function is about. `many-cases.jsonl`:
functions with enough cases for 48 examples. Label functions come from validation families, since
no family of labels is held out. Same format as the corpus.
"""

import argparse
import json
import random
from collections.abc import Iterable
from pathlib import Path

from .families import FAMILIES
from .families.family import Family, draw_cases

SEED = 20260
JSON_REPAIR = ("json-repair-brackets", "json-repair-config", "json-repair-wrapped") * 3
MANY_CASES = (
    *("meaning-mood", "meaning-urgency"),
    *("log-repair-pipe", "name-form", "template-payment", "words-two-steps"),
    *("json-repair-brackets", "json-repair-config", "json-repair-wrapped", "row-to-json"),
)


def draw_record(family: Family, cases: int, draw: random.Random) -> dict[str, object]:
    """One function as the corpus has it, with one wording."""
    plan = family.plan(draw)
    labels = {"labels": list(plan.labels)} if plan.labels else {}
    return {
        "id": f"{family.name}-{draw.getrandbits(24):06x}",
        "domain": "generated",
        "category": family.category,
        "output": {"type": "enum" if family.type == "labels" else family.type},
        "variants": [{"spec": draw.choice(plan.wordings).strip(), **labels}],
        "cases": [list(case) for case in draw_cases(plan, draw, cases)],
        "near_misses": list(plan.near_misses or ()),
    }


def write_functions(path: Path, names: Iterable[str], cases: int) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for number, name in enumerate(names):
            draw = random.Random(f"{SEED}/{path.name}/{number}")
            record = draw_record(FAMILIES[name], cases, draw)
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    write_functions(options.to / "json-repair.jsonl", JSON_REPAIR, 24)
    write_functions(options.to / "many-cases.jsonl", MANY_CASES, 64)


if __name__ == "__main__":
    main()
