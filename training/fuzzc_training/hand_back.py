"""What a visit to a machine hands back: few files of a bounded size, the most needed first.

    python -m fuzzc_training.hand_back --from out --run runs/gpu     # → runs/gpu/checkpoint.pt

A float32 value is stored as two halves: the high 16 bits, rounded (a bfloat16), and the 16 bits
that are missing. The high halves alone make a compiler; both make the run go on bit for bit.
"""

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .learner import Learner, save

STREAMS = ("weights.high", "moments.high", "weights.low", "moments.low")
"""In order of need. Without moments the optimiser starts anew; a missing low half is zero."""
MOMENTS = ("exp_avg", "exp_avg_sq")
MIB = 1 << 20


@dataclass(frozen=True)
class Room:
    """What may be handed back at once."""

    files: int = 8
    file_bytes: int = 16 * MIB
    bytes: int = 64 * MIB


def halves(tensors: list[Tensor]) -> tuple[np.ndarray, np.ndarray]:
    """All values' (high, low) 16 bits; high · 2¹⁶ + low gives the bits back."""
    flat = torch.cat([tensor.detach().float().cpu().flatten() for tensor in tensors]).numpy()
    bits = flat.view(np.int32)
    high = ((bits.astype(np.int64) + 0x8000) >> 16).astype(np.int16)
    low = (bits - (high.astype(np.int32) << 16)).astype(np.int16)
    return high, low


def joined(high: np.ndarray, low: np.ndarray | None) -> Tensor:
    bits = high.astype(np.int32) << 16
    if low is not None:
        bits = bits + low.astype(np.int32)
    return torch.from_numpy(bits.view(np.float32))


def write_hand_back(learner: Learner, more: dict, to: Path, room: Room) -> str:
    """Writes state.json (with `more`: JSON values) and as many streams as there is room for;
    says which. An earlier hand-back in the folder stays whole until state.json is replaced."""
    to.mkdir(parents=True, exist_ok=True)
    weights = learner.compiler.state_dict()
    optimizer = learner.optimizer.state_dict()
    moments = [value[name] for value in optimizer["state"].values() for name in MOMENTS]
    values = dict(zip(("weights.high", "weights.low"), halves(list(weights.values())), strict=True))
    if moments:
        values |= dict(zip(("moments.high", "moments.low"), halves(moments), strict=True))
    streams: dict[str, list[dict]] = {}
    left_out = []
    files_left = room.files - 2  # state.json and the log
    bytes_left = room.bytes - 2 * MIB
    for stream in STREAMS:
        if stream not in values:
            continue
        data = values[stream].tobytes()
        files = -(-len(data) // room.file_bytes)
        if files > files_left or len(data) > bytes_left:
            left_out.append(f"{stream} ({files} files, {len(data) / MIB:.1f} MiB)")
            continue
        files_left, bytes_left = files_left - files, bytes_left - len(data)
        streams[stream] = []
        for number in range(files):
            part = data[number * room.file_bytes : (number + 1) * room.file_bytes]
            name = f"{stream}.{learner.step}.{number}"
            (to / name).write_bytes(part)
            streams[stream].append({"file": name, "sha256": hashlib.sha256(part).hexdigest()})
    state = {
        "config": learner.compiler.config.as_dict(),
        "step": learner.step,
        "seen": learner.seen,
        **more,
        "tensors": {name: list(value.shape) for name, value in weights.items()},
        "moments": {
            str(index): {"step": float(value["step"]), "shape": list(value["exp_avg"].shape)}
            for index, value in optimizer["state"].items()
        },
        "groups": optimizer["param_groups"],
        "streams": streams,
    }
    partial = to / "state.partial"
    partial.write_text(json.dumps(state), encoding="utf-8")
    partial.replace(to / "state.json")
    kept = {part["file"] for parts in streams.values() for part in parts}
    for path in to.iterdir():
        if path.name.startswith(STREAMS) and path.name not in kept:
            path.unlink()
    said = ", ".join(streams)
    return f"handed back: {said}; left out: {', '.join(left_out) or 'nothing'}"


def read_stream(folder: Path, parts: list[dict]) -> np.ndarray | None:
    """The stream's values, or nothing when a part did not come along."""
    if not all((folder / part["file"]).exists() for part in parts):
        return None
    data = b""
    for part in parts:
        read = (folder / part["file"]).read_bytes()
        if hashlib.sha256(read).hexdigest() != part["sha256"]:
            raise ValueError(f"{folder / part['file']} is not the file that was written: copy anew")
        data += read
    return np.frombuffer(data, dtype=np.int16)


def read_hand_back(folder: Path) -> dict:
    """A checkpoint as `Learner.load_state` takes it, out of what came back."""
    state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    state["config"]["feature_layers"] = tuple(state["config"]["feature_layers"])
    found = {name: read_stream(folder, parts) for name, parts in state["streams"].items()}
    if found.get("weights.high") is None:
        raise ValueError(f"{folder}: the files weights.high.* are missing")
    weights = joined(found["weights.high"], found.get("weights.low"))
    shapes = state.pop("tensors")
    state["compiler"] = dict(zip(shapes, split(weights, shapes.values()), strict=True))
    moments, groups, optimizer = state.pop("moments"), state.pop("groups"), {}
    if found.get("moments.high") is not None:
        values = joined(found["moments.high"], found.get("moments.low"))
        double = [value["shape"] for value in moments.values() for _ in MOMENTS]
        parts = iter(split(values, double))
        for index, value in moments.items():
            step = torch.tensor(value["step"])
            optimizer[int(index)] = {"step": step} | {name: next(parts) for name in MOMENTS}
    state["optimizer"] = {"state": optimizer, "param_groups": groups}
    del state["streams"]
    return state


def split(values: Tensor, shapes) -> list[Tensor]:
    sizes = [int(np.prod(shape)) for shape in shapes]
    parts = values.split(sizes)
    return [part.view(shape).clone() for part, shape in zip(parts, shapes, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="source", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)
    state = read_hand_back(options.source)
    save(options.run / "checkpoint.pt", state)
    print(f"{options.run / 'checkpoint.pt'}: step {state['step']:,}, {state['seen']:,} cases")


if __name__ == "__main__":
    main()
