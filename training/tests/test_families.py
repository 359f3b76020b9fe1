import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from fuzzc_training.families import FAMILIES, draw_function, split_families
from fuzzc_training.families.family import Plan
from fuzzc_training.families.near_misses import TOPICS, is_near
from fuzzc_training.families.strangers import STRANGERS

DRAWS = 14


def drawn(name: str, count: int = DRAWS):
    draw = random.Random(name)
    return [FAMILIES[name].draw(draw) for _ in range(count)]


@pytest.mark.parametrize("name", FAMILIES)
def test_drawn_functions_are_valid(name):
    for function in drawn(name):
        (variant,) = function.variants
        assert re.fullmatch(r"[a-z0-9-]+", function.id) and function.domain == "generated"
        assert len(variant.spec) > 20 and variant.spec == variant.spec.strip()
        assert "None" not in variant.spec or "json" in name
        assert 14 <= len(function.cases) <= 16
        inputs = [given for given, _ in function.cases]
        answers = [answer for _, answer in function.cases]
        assert len(set(inputs)) == len(inputs)
        assert all(text.strip() for text in inputs + answers)
        assert len(set(answers)) > 1
        assert max(map(len, inputs)) < 400 and max(map(len, answers)) < 300
        if function.type == "labels":
            assert len(set(variant.labels)) == len(variant.labels) >= 2
            assert set(answers) <= set(variant.labels)
        else:
            assert variant.labels == ()
        if function.type == "json":
            for answer in answers:
                value = json.loads(answer)
                compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
                assert compact == answer
                assert not function.keys or tuple(value) == function.keys


@pytest.mark.parametrize("name", FAMILIES)
def test_an_input_has_one_output(name):
    draw = random.Random(name)
    for _ in range(6):
        plan = FAMILIES[name].plan(draw)
        seen: dict[str, str] = {}
        for _ in range(60):
            given, answer = plan.case(draw)
            assert seen.setdefault(given, answer) == answer


def words(text: str) -> Counter:
    return Counter(re.findall(r"\w+|[^\w\s]|\n", text))


@pytest.mark.parametrize("name", FAMILIES)
def test_wordings_are_built_differently(name):
    plan = FAMILIES[name].plan(random.Random(name))
    kept: list[Counter] = []
    for wording in plan.wordings:
        bag = words(wording)
        if all((bag & other).total() / (bag | other).total() < 0.9 for other in kept):
            kept.append(bag)
    assert len(kept) >= 8


def test_a_seed_gives_the_same_functions():
    def some():
        draw = random.Random(5)
        return [draw_function(draw) for _ in range(40)]

    assert some() == some()


def test_the_parts_hold_every_family_once():
    parts = split_families()
    names = [family.name for part in parts.values() for family in part]
    assert sorted(names) == sorted(FAMILIES)
    assert {name for name, part in parts.items() if part} == {"train", "validation", "heldout"}


def test_there_are_many_families_and_specs():
    """Estimates each family's number of specs from how often two of its draws are equal."""
    specs = 0.0
    for name, family in FAMILIES.items():
        draw = random.Random(name)
        drawn = Counter(draw.choice(family.plan(draw).wordings) for _ in range(60))
        pairs = sum(count * (count - 1) / 2 for count in drawn.values())
        specs += 60 * 59 / 2 / max(1, pairs)
    assert len(FAMILIES) >= 120 and specs > 100_000


def test_no_case_is_a_test_of_the_examples():
    folder = Path(__file__).resolve().parents[2] / "examples"
    files = [file.read_text(encoding="utf-8") for file in folder.glob("*.fuzz.yaml")]
    held = {
        text for file in files for text in re.findall(r"- input: (.*)", file.split("\ntests:")[1])
    }
    held = {text[1:-1].replace("''", "'") for text in held}
    assert len(held) > 100
    for name in FAMILIES:
        assert not any(given in held for f in drawn(name, 8) for given, _ in f.cases)


@pytest.mark.parametrize("name", FAMILIES)
def test_near_misses_are_no_cases(name):
    for function in drawn(name, 4):
        assert not {given for given, _ in function.cases} & set(function.near_misses)
        answers_anything = name.startswith("words-")
        assert len(function.near_misses) == (0 if answers_anything else 2)


def test_near_misses_are_inputs_of_other_families_where_there_are_some():
    near = [name for name in FAMILIES if set(drawn(name, 1)[0].near_misses) - set(STRANGERS)]
    assert len(near) >= 0.45 * len(FAMILIES)
    assert set(TOPICS) <= {family.module for family in FAMILIES.values()}
    assert not any(is_near(module, module) for module in TOPICS)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_same_words_mean_the_same_function(name):
    """A wording must say every parameter: equal specs, equal inputs, equal outputs."""
    draw = random.Random(name)
    first: dict[tuple, Plan] = {}
    for _ in range(28):
        plan = FAMILIES[name].plan(draw)
        for wording in plan.wordings:
            other = first.setdefault((wording, plan.labels), plan)
            if other is plan:
                continue
            for seed in range(8):
                given, answer = plan.case(random.Random(seed))
                same, expected = other.case(random.Random(seed))
                assert given != same or answer == expected, wording
