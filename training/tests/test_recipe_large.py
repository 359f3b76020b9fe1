"""The recipe for the large sizes on tiny random weights, in one process and in two."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from fuzzc_training import recipe_large, write_shards
from fuzzc_training.compiler import Compiler
from fuzzc_training.corpus import split_corpus
from fuzzc_training.prompt import Prompt
from fuzzc_training.read_gguf import load_base, load_tokenizer
from fuzzc_training.rows import build_row, collate

ROOT = Path(__file__).resolve().parents[2]
SIZES = ["--rank", "4", "--bases", "3", "--prefix-tokens", "5", "--cases", "400"]
SIZES += ["--tokens-a-step", "3072", "--batch-tokens", "768"]
TWICE = """
import os, sys
from fuzzc_training import recipe_large
for run, steps, port in (("through", 3, 0), ("halted", 2, 1), ("halted", 1, 2)):
    os.environ["MASTER_PORT"] = sys.ports[port]
    sys.argv = ["recipe_large", *sys.argv_of, "--run", sys.folder + run, "--steps", str(steps)]
    recipe_large.main()
"""


@pytest.fixture(scope="module")
def shards(tiny_qwen3, short_functions, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    prompt = Prompt(load_tokenizer(tiny_qwen3[1]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write_shards, "read_parts", lambda: split_corpus(short_functions))
        write_shards.write_shards(prompt, folder, 40, 0.0, 0, 40)
    return folder


def arguments(tiny_qwen3, shards: Path) -> list[str]:
    backbone, interpreter = map(str, tiny_qwen3)
    paths = ["--backbone", backbone, "--interpreter", interpreter, "--shards", str(shards)]
    return [*paths, *SIZES]


def free_ports(count: int) -> list[str]:
    """One for each start: a port can't be met at again while its last store is going."""
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [str(server.getsockname()[1]) for server in servers]
    for server in servers:
        server.close()
    return ports


def run_two(script: str, folder: Path) -> None:
    shared = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1"}
    shared |= {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT / "training")}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            env={**os.environ, **shared, "RANK": str(rank), "LOCAL_RANK": str(rank)},
            stdout=subprocess.DEVNULL,
            stderr=(folder / f"{rank}.err").open("w"),
        )
        for rank in range(2)
    ]
    try:
        for rank, process in enumerate(processes):
            assert process.wait(300) == 0, (folder / f"{rank}.err").read_text()
    finally:
        for process in processes:
            process.kill()


def values_of(run: Path) -> dict[str, torch.Tensor]:
    return torch.load(run / "checkpoint.pt", weights_only=False)["compiler"]


def test_two_processes_train_as_one_and_resume(monkeypatch, tiny_qwen3, shards, tmp_path):
    given = arguments(tiny_qwen3, shards)
    head = f"import sys\nsys.argv_of = {given!r}\nsys.folder = {f'{tmp_path}/'!r}\n"
    head += f"sys.ports = {free_ports(3)!r}\n"
    run_two(head + TWICE, tmp_path)
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    monkeypatch.setattr(
        sys, "argv", ["recipe_large", *given, "--run", str(tmp_path / "alone"), "--steps", "3"]
    )
    recipe_large.main()

    through, halted = values_of(tmp_path / "through"), values_of(tmp_path / "halted")
    alone = values_of(tmp_path / "alone")
    for name, value in through.items():
        assert torch.equal(value, halted[name]), name
        torch.testing.assert_close(value, alone[name], rtol=1e-3, atol=1e-5)
    assert alone["backbone.prefix"].shape == (5, 64)
    assert any(value.abs().max() > 0 for name, value in alone.items() if ".b." in name)
    lines = [json.loads(line) for line in (tmp_path / "halted" / "log.jsonl").open()]
    assert [line["step"] for line in lines] == [0, 2, 2, 2, 3, 3]
    assert lines[0]["processes"] == 2

    script = (
        "import { readFileSync } from 'node:fs';"
        "const { readCompilerManifest, readCompilerWeights } = await import(process.argv[1]);"
        "const folder = process.argv[2];"
        "const text = readFileSync(`${folder}/manifest.json`, 'utf8');"
        "const manifest = readCompilerManifest(JSON.parse(text));"
        "const bytes = readFileSync(`${folder}/${manifest.weights.file}`);"
        "const weights = await readCompilerWeights(bytes, manifest);"
        "console.log(JSON.stringify([manifest.architecture, manifest.features,"
        " weights.trunk.inputs, weights.bases.size, weights.shared.size]));"
    )
    reader = (ROOT / "packages" / "program" / "dist" / "index.js").as_uri()
    folder = str(tmp_path / "alone" / "compiler")
    command = ["node", "--input-type=module", "-e", script, reader, folder]
    read = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    features = {"layers": [1, 3], "combine": "mean", "positions": {"last": 5}}
    assert read == ["qwen3", features, 64, 7, 14]


def test_the_sizes_are_those_of_the_official_compilers():
    layers = recipe_large.spread_layers(28, 36)
    assert len(set(layers)) == 28 and layers[0] == 1 and layers[-1] == 36
    assert all(index == int((i + 1) * 36 / 28) for i, index in enumerate(layers))


def test_prefix_tokens_read_their_own_task_alone(tiny_qwen3):
    backbone, base = (load_base(path) for path in tiny_qwen3)
    config = recipe_large.large_config(backbone.config, base.config, 4, 3, 5)
    torch.manual_seed(0)
    compiler = Compiler(base, config, backbone)
    prompt = Prompt(load_tokenizer(tiny_qwen3[1]))
    rows = [
        build_row(prompt, task, examples, [("a", "b")])
        for task, examples in (("Short.", []), ("A longer task than that.", [("c", "d")]))
    ]
    together = compiler.backbone(collate(rows, 120))
    for number, row in enumerate(rows):
        for layer, alone in zip(together, compiler.backbone(collate([row])), strict=True):
            torch.testing.assert_close(layer[number], alone[0], rtol=1e-4, atol=1e-5)


def test_qwen3_norms_move_the_logits(tiny_qwen3):
    base = load_base(tiny_qwen3[1])
    assert base.config.architecture == "qwen3" and base.config.dims("q_proj") == (32, 64)
    ids = torch.arange(9)[None]
    mask = torch.ones(9, 9, dtype=torch.bool).tril()

    def hidden():
        return base.layer(base.embed(ids), 0, base.rotary(torch.arange(9)), mask)

    before = hidden()
    base.tensor("0.attn_q_norm").mul_(3)
    assert (hidden() - before).abs().max() > 1e-4
    base.recompute = True
    assert torch.equal(hidden(), hidden())
