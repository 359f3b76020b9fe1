import random

import pytest
import torch

from fuzzc_training.corpus import read_corpus
from fuzzc_training.prompt import Prompt
from fuzzc_training.read_gguf import load_tokenizer
from fuzzc_training.rows import build_row, draw_row
from fuzzc_training.shard_steps import Plan, bucket_of, plan_epoch
from fuzzc_training.shards import Rows, Shard, write_shard


def some_rows(tiny_base):
    prompt = Prompt(load_tokenizer(tiny_base))
    draw = random.Random(2)
    functions = [function for function in read_corpus() if function.domain == "formats"][:4]
    drawn = [draw_row(prompt, function, draw) for function in functions]
    lone = build_row(prompt, "One.\n\nOutput: text", [], [("a", "b")])
    return [lone, *(row for row in drawn if row is not None)]


def test_a_shard_gives_its_rows_back(tiny_base, tmp_path):
    rows = some_rows(tiny_base)
    write_shard(tmp_path / "a.npz", rows, 259)
    write_shard(tmp_path / "b.npz", rows[:1], 100_000)
    read = Rows(tmp_path)
    assert read.lengths == [len(row.ids) for row in [*rows, rows[0]]]
    assert read.cases == [row.cases for row in [*rows, rows[0]]]
    assert Shard(tmp_path / "b.npz").ids.dtype.itemsize == 4
    for number, row in enumerate([*rows, rows[0]]):
        for name, value in vars(row).items():
            stored = getattr(read.row(number), name)
            same = torch.equal(stored, value) if torch.is_tensor(value) else stored == value
            assert same, name


def test_a_pass_takes_rows_of_like_length_once():
    draw = random.Random(0)
    lengths = [draw.randint(40, 1400) for _ in range(3000)]
    plan = Plan(cases=1, tokens_a_step=8192)
    steps = plan_epoch(lengths, plan, 0, processes=2)
    taken = [row for _, rows in steps for row in rows]
    assert len(set(taken)) == len(taken) > 2900
    for bucket, rows in steps:
        assert len(rows) % 2 == 0 and len(rows) * bucket <= 8192
        assert all(bucket_of(lengths[row]) == bucket for row in rows)
    assert steps == plan_epoch(lengths, plan, 0, processes=2) != plan_epoch(lengths, plan, 1, 2)


def test_too_few_rows_for_a_step_are_named():
    with pytest.raises(ValueError, match="don't fill one step of 8192"):
        plan_epoch([100], Plan(cases=1, tokens_a_step=8192), 0)
