"""Pack what a bare machine needs: code, base, shards and the run so far, in parts for its visits.

python -m fuzzc_training.pack --base BASE.gguf --shards shards --run runs/gpu --to packed
"""

import argparse
import json
import shutil
import zipfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFReader
from torch import Tensor

from .base import BaseConfig
from .hand_back import MIB, Room, write_hand_back
from .learner import Learner, load_checkpoint
from .parts import INDEX, plan_visits, split_file
from .portable_base import BLOCK, write_portable_base
from .read_gguf import dequantised, load_base, read_config, stored, unpermute

CODE = "code.zip"


QUANTISED = {GGMLQuantizationType.Q8_0: (1, BLOCK), GGMLQuantizationType.Q4_1: (2, BLOCK // 2)}
"""Of a block: its float16 numbers, which come first, and the bytes of its values."""


def blocks_of(tensor, heads: int) -> tuple[Tensor, ...]:
    """A tensor's (values, scales) in Q8_0, (values, scales, least values) in Q4_1, its rows in the
    Hugging Face order."""
    columns, rows = (int(size) for size in tensor.shape)
    numbers, width = QUANTISED[tensor.tensor_type]
    blocks = np.array(tensor.data).view(np.uint8).reshape(rows, columns // BLOCK, -1)
    halves = blocks[..., : 2 * numbers].copy().view(np.float16)
    values = blocks[..., 2 * numbers :].reshape(rows, columns // BLOCK * width)
    if numbers == 1:
        values = values.view(np.int8)
    parts = [values, *(halves[..., number] for number in range(numbers))]
    if heads:
        parts = [unpermute(part, heads) for part in parts]
    return tuple(torch.from_numpy(part.copy()) for part in parts)


def convert_base(source: Path, to: Path) -> BaseConfig:
    reader = GGUFReader(source)
    config = read_config(reader)
    tensors = {
        name: blocks_of(tensor, heads)
        if tensor.tensor_type in QUANTISED
        else dequantised(tensor, heads)
        for name, (tensor, heads) in stored(reader, config).items()
    }
    write_portable_base(to, config, tensors)
    return config


def pack_code(to: Path) -> None:
    """The scripts alone: neither the families nor the corpus are read on the machine."""
    folder = Path(__file__).parent
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob("*.py")):
            archive.write(path, f"{folder.name}/{path.name}")


def pack_run(base: Path, run: Path, to: Path) -> None:
    """A run's last checkpoint, whole, in the form in which a visit hands it back."""
    frozen = load_base(base)
    compiler, state = load_checkpoint(frozen, run)
    learner = Learner(frozen, compiler)
    learner.load_state(state)
    more = {"place": state["place"]} if "place" in state else {}
    write_hand_back(learner, more, to, Room(files=64, bytes=1 << 40))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--shards", type=Path, required=True)
    parser.add_argument("--run", type=Path, help="the run to go on with, if it has a checkpoint")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--part-mib", type=float, default=48, help="at most 60")
    parser.add_argument("--visit-mib", type=float, default=48, help="what one visit takes along")
    options = parser.parse_args()
    part_bytes = int(min(options.part_mib, options.visit_mib, 60) * MIB)

    shutil.rmtree(options.to, ignore_errors=True)
    work = options.to / "whole"
    work.mkdir(parents=True)
    shape = convert_base(options.base, work / "base.pt")
    (work / "shards").mkdir()
    for path in sorted(options.shards.glob("*.npz")):
        shutil.copyfile(path, work / "shards" / path.name)
    if options.run is not None and (options.run / "checkpoint.pt").exists():
        pack_run(options.base, options.run, work / "start")

    parts = options.to / "parts"
    parts.mkdir()
    files = sorted(path for path in work.rglob("*") if path.is_file())
    index = [split_file(f, f.relative_to(work).as_posix(), parts, part_bytes) for f in files]
    visits = plan_visits(index, int(options.visit_mib * MIB))
    for number, names in enumerate(visits, 1):
        folder = options.to / f"visit-{number}"
        folder.mkdir()
        pack_code(folder / CODE)
        (folder / INDEX).write_text(
            json.dumps({"files": index, "base": asdict(shape)}), encoding="utf-8"
        )
        for name in names:
            (parts / name).replace(folder / name)
        size = sum(path.stat().st_size for path in folder.iterdir())
        print(f"{folder}: {len(names)} parts, {size / MIB:.1f} MiB")
    shutil.rmtree(work)
    parts.rmdir()


if __name__ == "__main__":
    main()
