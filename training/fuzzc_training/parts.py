"""Files in parts of a bounded size, checked by sha256, that may arrive over several visits.

A folder of parts holds `pack.json`: for each file its path, size and sha256 and those of its parts;
and the base's shape.
"""

import hashlib
import json
import shutil
from pathlib import Path

INDEX = "pack.json"
BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def split_file(path: Path, name: str, to: Path, part_bytes: int) -> dict:
    """Writes the file's parts into a folder; its entry for the index."""
    parts = []
    with path.open("rb") as stream:
        while data := stream.read(part_bytes):
            file = f"{name.replace('/', '-')}.{len(parts):03d}"
            (to / file).write_bytes(data)
            digest = hashlib.sha256(data).hexdigest()
            parts.append({"file": file, "sizeBytes": len(data), "sha256": digest})
    size = sum(part["sizeBytes"] for part in parts)
    return {"path": name, "sizeBytes": size, "sha256": sha256_of(path), "parts": parts}


def plan_visits(entries: list[dict], visit_bytes: int) -> list[list[str]]:
    """Names of parts, in order, in groups that one visit can take along."""
    visits: list[list[str]] = [[]]
    room = visit_bytes
    for entry in entries:
        for part in entry["parts"]:
            if part["sizeBytes"] > room and visits[-1]:
                visits.append([])
                room = visit_bytes
            visits[-1].append(part["file"])
            room -= part["sizeBytes"]
    return visits


def receive(arrived: Path, store: Path) -> list[str]:
    """Copies the parts that arrived into the store; names of those that are still missing.
    A damaged part is refused, a part of another pack removed."""
    store.mkdir(parents=True, exist_ok=True)
    index = json.loads((arrived / INDEX).read_text(encoding="utf-8"))
    shutil.copyfile(arrived / INDEX, store / INDEX)
    missing = []
    for part in (part for entry in index["files"] for part in entry["parts"]):
        here, there = store / part["file"], arrived / part["file"]
        if here.exists() and sha256_of(here) == part["sha256"]:
            continue
        if not there.exists():
            missing.append(part["file"])
        elif sha256_of(there) != part["sha256"]:
            raise ValueError(f"{there} is damaged: bring it again")
        else:
            shutil.copyfile(there, here)
    return missing


def join_files(store: Path, to: Path) -> None:
    """Puts the files of a complete store together; refuses one whose sum is not the index's."""
    index = json.loads((store / INDEX).read_text(encoding="utf-8"))
    for entry in index["files"]:
        path = to / entry["path"]
        if path.exists() and sha256_of(path) == entry["sha256"]:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.partial")
        with partial.open("wb") as joined:
            for part in entry["parts"]:
                joined.write((store / part["file"]).read_bytes())
        if sha256_of(partial) != entry["sha256"]:
            raise ValueError(f"{entry['path']} is not what was packed: bring all its parts again")
        partial.replace(path)
