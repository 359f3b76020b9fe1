import json
import sys

import torch

from fuzzc_training import export, train
from fuzzc_training.compiler import Compiler, CompilerConfig
from fuzzc_training.corpus import split_corpus
from fuzzc_training.learner import load_checkpoint
from fuzzc_training.read_gguf import load_base

SMALL = CompilerConfig(feature_layers=(1, 2), first_layer=2, trunk=32, rank=4, bases=3)


def run_training(monkeypatch, base, run, cases, *more):
    monkeypatch.setattr(train, "CompilerConfig", lambda **config: _small(config["departures"]))
    monkeypatch.setattr(
        sys,
        "argv",
        [
            "train",
            "--base",
            str(base),
            "--run",
            str(run),
            "--cases",
            str(cases),
            *more,
            "--generated",
            "0",
        ],
    )
    train.main()


def _small(departures):
    return CompilerConfig(**{**SMALL.as_dict(), "departures": departures})


def test_training_learns_resumes_and_exports(monkeypatch, tiny_base, tmp_path):
    monkeypatch.setattr(train, "read_parts", lambda: split_corpus(_few_functions()))
    run_training(monkeypatch, tiny_base, tmp_path / "run", 60, "--float32")
    first = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=False)
    run_training(monkeypatch, tiny_base, tmp_path / "run", 1700, "--float32")
    second = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=False)
    assert second["step"] > first["step"] > 0
    lines = (tmp_path / "run" / "log.jsonl").read_text().splitlines()
    losses = [record["loss"] for record in map(json.loads, lines) if record["kind"] == "train"]
    assert losses[-1] < losses[0]

    base = load_base(tiny_base)
    compiler, _ = load_checkpoint(base, tmp_path / "run")
    export.write_weights(tmp_path / "weights.gguf", export.tensors_of(compiler))
    copy = Compiler(base, compiler.config)
    export.load_weights(copy, tmp_path / "weights.gguf")
    for (name, value), other in zip(
        compiler.state_dict().items(), copy.state_dict().values(), strict=True
    ):
        spread = float(value.abs().max()) or 1.0
        assert float((value - other).abs().max()) < 0.01 * spread, name


def _few_functions():
    from fuzzc_training.corpus import read_corpus

    return [f for f in read_corpus() if f.domain == "formats"][:2]
