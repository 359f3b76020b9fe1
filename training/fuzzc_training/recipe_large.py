"""The large sizes: a Qwen3-4B backbone reads the task, a Qwen3-0.6B interpreter runs the program.

    torchrun --nproc-per-node 8 -m fuzzc_training.recipe_large \
        --backbone Qwen3-4B.gguf --interpreter Qwen3-0.6B.gguf --shards shards --run runs/large

The sizes are those of the official compilers: 64 prefix tokens, 28 of 36 layers, 64 bases of rank
64. Two things are ours: the backbone learns an adapter instead of all its weights, and programs
depart from a shared adapter. Each process holds both models in bfloat16, takes its share of every
step's rows in passes of --batch-tokens, recomputes blocks on the way back, and sums gradients with
the others. Resumes at the run's checkpoint; writes the compiler at the end.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import gguf
import torch
from torch import Tensor, distributed

from .base import Base, BaseConfig
from .compiler import CompilerConfig
from .export import write_compiler
from .learner import Rates, keep_gradients, save
from .parts import sha256_of
from .read_gguf import load_base
from .shard_run import (
    Limits,
    compile_blocks,
    measure,
    open_learner,
    reporter,
    train_on_shards,
)
from .shard_steps import Place, Plan, Process
from .shards import VALIDATION, Rows, read_asked


def spread_layers(count: int, of: int) -> tuple[int, ...]:
    """`count` of the backbone's hidden states, as the official compilers choose 28 of 36."""
    return tuple(int((layer + 1) * of / count) for layer in range(count))


def large_config(
    backbone: BaseConfig, interpreter: BaseConfig, rank: int, bases: int, prefix_tokens: int
) -> CompilerConfig:
    return CompilerConfig(
        feature_layers=spread_layers(interpreter.layers, backbone.layers),
        combine="mean",
        first_layer=0,
        trunk=backbone.hidden,
        rank=rank,
        alpha=16,
        bases=bases,
        backbone_rank=rank,
        prefix_tokens=prefix_tokens,
    )


def sum_gradients(parameters: Sequence[Tensor]) -> None:
    """Adds up all processes' gradients, in one message."""
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    if not gradients:
        return
    together = torch.cat([gradient.flatten() for gradient in gradients])
    distributed.all_reduce(together)
    sizes = [gradient.numel() for gradient in gradients]
    for gradient, total in zip(gradients, together.split(sizes), strict=True):
        gradient.copy_(total.view_as(gradient))


def join_processes() -> tuple[Process, torch.device]:
    """Who this process is among those that torchrun started, and its device."""
    on_gpu = torch.cuda.is_available()
    local = int(os.environ.get("LOCAL_RANK", 0))
    device = torch.device("cuda", local) if on_gpu else torch.device("cpu")
    if "WORLD_SIZE" not in os.environ:
        return Process(), device
    if on_gpu:
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if on_gpu else "gloo")
    return Process(distributed.get_rank(), distributed.get_world_size()), device


def open_base(path: Path, device: torch.device) -> Base:
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    base = load_base(path, dtype).to(device)
    base.recompute = True
    return base


def base_model_of(interpreter: Path) -> dict:
    reader = gguf.GGUFReader(interpreter)
    weight = next(tensor for tensor in reader.tensors if tensor.name == "blk.0.ffn_up.weight")
    return {
        "name": interpreter.stem.lower(),
        "sourceSha256": sha256_of(interpreter),
        "quantisation": weight.tensor_type.name,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backbone", type=Path, required=True)
    parser.add_argument("--interpreter", type=Path, required=True)
    parser.add_argument("--shards", type=Path, required=True, help="with the interpreter's tokens")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=10_000_000)
    parser.add_argument("--tokens-a-step", type=int, default=262_144, help="of all processes")
    parser.add_argument("--batch-tokens", type=int, default=9_216, help="of a pass of one process")
    parser.add_argument("--rates", type=float, default=0.2, help="factor on all learning rates")
    parser.add_argument("--rank", type=int, default=64)
    parser.add_argument("--bases", type=int, default=64)
    parser.add_argument("--prefix-tokens", type=int, default=64)
    parser.add_argument("--save-minutes", type=float, default=20)
    parser.add_argument("--steps", type=int, default=1 << 60, help="steps of this start at most")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    process, device = join_processes()
    backbone = open_base(options.backbone, device)
    base = open_base(options.interpreter, device)
    rows = Rows(options.shards)
    plan = Plan(options.cases, options.tokens_a_step, options.seed)
    config = large_config(
        backbone.config, base.config, options.rank, options.bases, options.prefix_tokens
    )
    options.run.mkdir(parents=True, exist_ok=True)
    checkpoint = options.run / "checkpoint.pt"
    state = None
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location="cpu", weights_only=False)
    share = sum_gradients if process.count > 1 else keep_gradients
    learner, place = open_learner(
        base, rows, plan, config, state, Rates(options.rates), device, backbone, share
    )
    first = process.number == 0
    report = reporter(learner, options.run / "log.jsonl") if first else lambda *_, **__: None
    said = compile_blocks(learner, rows, plan, options.batch_tokens)
    report("started", processes=process.count, interpreter=said)

    def keep(place: Place) -> None:
        if first:
            save(checkpoint, learner.state() | {"place": asdict(place)})

    limits = Limits(float("inf"), options.batch_tokens, options.save_minutes, options.steps)
    train_on_shards(learner, rows, plan, place, limits, keep, report, process)
    if first:
        measure(learner, read_asked(options.shards / f"{VALIDATION}.npz"), report)
        model = base_model_of(options.interpreter)
        to = options.run / "compiler"
        write_compiler(learner.compiler, base, to, "large", "0.1.0", model, learner.state())
    if process.count > 1:
        distributed.barrier()
        distributed.destroy_process_group()


if __name__ == "__main__":
    main()
