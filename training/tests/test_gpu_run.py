"""The rehearsal of a GPU run on a CPU: packed here, joined there, trained, handed back, resumed."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch

from fuzzc_training import experiments, export, gpu_run, hand_back, pack, warm_up, write_shards
from fuzzc_training.base import run_block
from fuzzc_training.corpus import split_corpus
from fuzzc_training.hand_back import Room, halves, joined, read_hand_back
from fuzzc_training.learner import load_checkpoint
from fuzzc_training.parts import join_files, receive
from fuzzc_training.portable_base import dequantise, read_portable_base
from fuzzc_training.prompt import Prompt
from fuzzc_training.read_gguf import dequantised, load_base, load_tokenizer

CONFIG = {"first_layer": 2, "feature_layers": [1, 2], "trunk": 32, "rank": 4, "bases": 3}
ARGUMENTS = ["--minutes", "9", "--cases", "400", "--tokens-a-step", "2304"]
ARGUMENTS += ["--config", json.dumps(CONFIG)]


def call(monkeypatch, script, *arguments):
    monkeypatch.setattr(sys, "argv", [script.__name__, *map(str, arguments)])
    script.main()


@pytest.fixture(scope="module")
def packed(tiny_base, short_functions, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("packed")
    prompt = Prompt(load_tokenizer(tiny_base))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write_shards, "read_parts", lambda: split_corpus(short_functions))
        specs = write_shards.write_shards(prompt, folder / "shards", 40, 0.0, 0, 25)
        assert specs > 10
        small = ["--part-mib", "0.06", "--visit-mib", "0.1"]
        paths = ["--base", tiny_base, "--shards", folder / "shards", "--to", folder / "to"]
        call(patch, pack, *paths, *small)
    return folder


def visit_all(monkeypatch, packed: Path, machine: Path, *arguments) -> Path:
    """Brings every part to a new machine and runs; what is handed back."""
    visits = sorted((packed / "to").glob("visit-*"))
    assert len(visits) > 2
    for visit in visits:
        paths = ["--arrived", visit, "--store", machine, "--out", machine / "out"]
        call(monkeypatch, gpu_run, *paths, *ARGUMENTS, *arguments)
        assert (machine / "out").exists() == (visit == visits[-1])
    return machine / "out"


def test_a_resumed_run_goes_on_bit_for_bit(monkeypatch, capsys, tiny_base, packed, tmp_path):
    through = visit_all(monkeypatch, packed, tmp_path / "one", "--steps", "3")
    assert "still to come" in capsys.readouterr().out
    halfway = visit_all(monkeypatch, packed, tmp_path / "two", "--steps", "2")

    call(monkeypatch, hand_back, "--from", halfway, "--run", tmp_path / "run")
    paths = ["--base", tiny_base, "--shards", packed / "shards", "--run", tmp_path / "run"]
    call(monkeypatch, pack, *paths, "--to", tmp_path / "again" / "to", "--visit-mib", "0.1")
    resumed = visit_all(monkeypatch, tmp_path / "again", tmp_path / "three", "--steps", "1")

    first, second = read_hand_back(through), read_hand_back(resumed)
    assert first["step"] == second["step"] == 3 and first["place"] == second["place"]
    for name, value in first["compiler"].items():
        assert torch.equal(value, second["compiler"][name]), name
    for index, value in first["optimizer"]["state"].items():
        for name, moment in value.items():
            assert torch.equal(moment, second["optimizer"]["state"][index][name])
    lines = [json.loads(line) for line in (resumed / "log.jsonl").read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["started", "validation", "stopped"]
    assert "program@0" in lines[1] and lines[-1]["cases_a_second"] > 0

    call(monkeypatch, hand_back, "--from", resumed, "--run", tmp_path / "run")
    to = tmp_path / "compiler"
    run = ["--base", tiny_base, "--run", tmp_path / "run", "--to", to]
    call(monkeypatch, export, *run, "--departures", "0.5")
    base = load_base(tiny_base)
    compiler, _ = load_checkpoint(base, tmp_path / "run")
    before = compiler.head.weight.clone()
    export.load_weights(compiler, to / "weights.gguf")
    assert before.abs().max() > 0 and torch.allclose(before / 2, compiler.head.weight, atol=1e-4)


def test_it_runs_without_gguf_and_tokenizers(packed, tmp_path):
    """On the code that travels, in a Python that can't import what a bare machine lacks."""
    visits = sorted((packed / "to").glob("visit-*"))
    for visit in visits[:-1]:
        assert receive(visit, tmp_path / "store" / "parts")
    with zipfile.ZipFile(visits[-1] / pack.CODE) as archive:
        archive.extractall(tmp_path / "code")
    script = (
        "import sys; sys.modules.update(gguf=None, tokenizers=None, safetensors=None)\n"
        "from fuzzc_training import gpu_run; gpu_run.main()"
    )
    paths = ["--arrived", visits[-1], "--store", tmp_path / "store", "--out", tmp_path / "out"]
    command = [sys.executable, "-c", script, *map(str, paths), *ARGUMENTS, "--steps", "1"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "code")}
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "blocks not compiled: no GPU" in done.stdout
    assert read_hand_back(tmp_path / "out")["step"] == 1


def test_experiments_give_one_table(monkeypatch, packed, tmp_path):
    for visit in sorted((packed / "to").glob("visit-*")):
        last = visit
        receive(visit, tmp_path / "store" / "parts")
    names = ["as smol: upper 22 layers, r16, N 16", "head of rank 64", "a backbone adapter of r8"]
    paths = ["--arrived", last, "--store", tmp_path / "store", "--out", tmp_path / "out"]
    only = ["--steps", "1", "--only", "no such setting"]
    with pytest.raises(SystemExit):
        call(monkeypatch, experiments, *paths, *ARGUMENTS, *only)
    only = ["--steps", "1", "--only", *names]
    call(monkeypatch, experiments, *paths, *ARGUMENTS, *only)
    table = (tmp_path / "out" / "experiments.md").read_text().splitlines()
    assert [line.split(" | ")[0] for line in table[2:]] == [f"| {name}" for name in names]
    assert all(line.count("|") == table[0].count("|") for line in table)


def test_the_block_can_be_compiled_before_the_base_arrived(monkeypatch, capsys, packed):
    first = sorted((packed / "to").glob("visit-*"))[0]
    small = ["--tokens-a-step", "1152", "--config", json.dumps(CONFIG)]
    call(monkeypatch, warm_up, "--arrived", first, *small)
    assert re.search("blocks not compiled: no GPU\n[0-9.]+ steps/s", capsys.readouterr().out)


def test_what_does_not_fit_is_left_out_and_said(monkeypatch, capsys, packed, tmp_path):
    monkeypatch.setattr(gpu_run, "Room", lambda *_: Room(files=4, file_bytes=60_000))
    out = visit_all(monkeypatch, packed, tmp_path / "machine", "--steps", "1")
    assert "handed back: weights.high, weights.low; left out: moments" in capsys.readouterr().out
    assert len(list(out.iterdir())) <= 4
    assert all(path.stat().st_size <= 60_000 for path in out.glob("weights*"))
    state = read_hand_back(out)
    assert state["optimizer"]["state"] == {} and state["step"] == 1
    for path in out.glob("weights.low*"):
        path.unlink()
    rough = read_hand_back(out)["compiler"]
    for name, value in state["compiler"].items():
        assert torch.equal(rough[name], value.bfloat16().float()), name


def test_two_halves_are_the_whole():
    values = torch.randn(1000) * torch.logspace(-30, 30, 1000)
    values = torch.cat([values, torch.tensor([0.0, -0.0, 1.0, -1e-42])])
    high, low = halves([values[:500], values[500:]])
    assert torch.equal(joined(high, low), values)
    near = joined(high, None)[:1000]
    assert ((near - values[:1000]).abs() <= values[:1000].abs() / 256).all()


def test_a_damaged_part_is_refused(packed, tmp_path):
    visit = shutil.copytree(sorted((packed / "to").glob("visit-*"))[0], tmp_path / "visit")
    part = next(visit.glob("base.pt.*"))
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    with pytest.raises(ValueError, match="is damaged: bring it again"):
        receive(visit, tmp_path / "store")


def test_the_portable_base_is_the_base(tiny_base, packed, tmp_path):
    for visit in (packed / "to").glob("visit-*"):
        receive(visit, tmp_path / "parts")
    join_files(tmp_path / "parts", tmp_path)
    base = load_base(tiny_base)
    portable = read_portable_base(tmp_path / "base.pt", torch.float32, torch.device("cpu"))
    assert portable.config == base.config
    for name, value in base.named_buffers():
        assert torch.equal(value, portable.get_buffer(name)), name


@pytest.mark.parametrize("kind", ["Q8_0", "Q4_1"])
def test_quantised_rows_travel_as_they_are(tmp_path, kind):
    quantised = gguf.GGMLQuantizationType[kind]
    values = np.random.default_rng(1).normal(0, 1, (16, 96)).astype(np.float32)
    writer = gguf.GGUFWriter(tmp_path / "one.gguf", "llama")
    writer.add_tensor("one", gguf.quantize(values, quantised), raw_dtype=quantised)
    for write in (writer.write_header_to_file, writer.write_kv_data_to_file):
        write()
    writer.write_tensors_to_file()
    writer.close()
    tensor = gguf.GGUFReader(tmp_path / "one.gguf").tensors[0]
    for heads in (0, 4):
        assert torch.equal(dequantise(pack.blocks_of(tensor, heads)), dequantised(tensor, heads))


def test_a_block_compiles_as_one_graph(tiny_base):
    base = load_base(tiny_base)
    positions = torch.arange(12)
    mask = torch.ones(12, 12, dtype=torch.bool).tril()
    arguments = (base.embed(positions[None]), 1, base.rotary(positions), mask)
    plain = base.layer(*arguments)
    base.block = torch.compile(run_block, backend="eager", fullgraph=True, dynamic=False)
    assert torch.equal(base.layer(*arguments), plain)
