"""Pre-tokenised rows in files, for machines without a tokenizer; `write_shards.py` makes them.

A shard is a compressed NumPy archive: `ids` are the token ids of all its rows, one after another
(16 bits wide where the vocabulary allows), and `spans` says what they are: for each row its token
count, the ends of its task text and of its prefix, and its number of cases, then for each case how
many tokens ask and how many answer. From these follow segments, positions and answer masks.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path

import numpy as np
import torch

from .measure import Asked
from .rows import Row

VALIDATION = "validation"
"""The name of the shard of fixed rows that a run is measured on."""


def spans_of(row: Row) -> list[int]:
    """What a row's tokens are; the last token of each answer is put back behind it."""
    segments = torch.bincount(row.segments, minlength=row.cases + 1).tolist()
    answers = torch.bincount(row.owners, minlength=row.cases).tolist()
    spans = [len(row.ids) + row.cases, row.task.stop, segments[0], row.cases]
    for branch, answer in zip(segments[1:], answers, strict=True):
        spans += [branch + 1 - answer, answer]
    return spans


def ids_of(row: Row) -> list[int]:
    ids = row.ids[row.segments == 0].tolist()
    for case in range(row.cases):
        ids += row.ids[row.segments == case + 1].tolist()
        ids.append(int(row.targets[row.owners == case][-1]))
    return ids


def row_of(ids: np.ndarray, spans: list[int]) -> Row:
    """The row that `ids_of` and `spans_of` took apart."""
    _, task_end, prefix, cases = spans[:4]
    kept, targets = [np.arange(prefix)], []
    positions, segments = [np.arange(prefix)], [np.zeros(prefix, np.int64)]
    sources, owners = [], []
    start, length = prefix, prefix
    for case in range(cases):
        asking, answering = spans[4 + 2 * case : 6 + 2 * case]
        branch = asking + answering - 1
        kept.append(np.arange(start, start + branch))
        targets.append(np.arange(start + asking, start + branch + 1))
        positions.append(np.arange(prefix, prefix + branch))
        segments.append(np.full(branch, case + 1))
        sources.append(np.arange(length + asking - 1, length + branch))
        owners.append(np.full(answering, case))
        start, length = start + branch + 1, length + branch
    ids = ids.astype(np.int64)
    joined = (np.concatenate(parts) for parts in (positions, segments, sources))
    return Row(
        torch.from_numpy(ids[np.concatenate(kept)]),
        *(torch.from_numpy(values) for values in joined),
        torch.from_numpy(ids[np.concatenate(targets)]),
        torch.from_numpy(np.concatenate(owners)),
        range(1, task_end),
        cases,
    )


def write_shard(path: Path, rows: Iterable[Row], vocabulary: int, **more: np.ndarray) -> None:
    rows = list(rows)
    width = np.uint16 if vocabulary <= 1 << 16 else np.uint32
    ids = np.array([token for row in rows for token in ids_of(row)], dtype=width)
    spans = np.array([span for row in rows for span in spans_of(row)], dtype=np.uint16)
    np.savez_compressed(path, ids=ids, spans=spans, **more)


class Shard:
    """A shard in memory, as stored; its rows are made one by one when they are asked for."""

    def __init__(self, path: Path):
        with np.load(path, allow_pickle=False) as stored:
            self.ids, self.spans = stored["ids"], stored["spans"].astype(np.int64)
        self.starts, self.places = [0], [0]
        while self.places[-1] < len(self.spans):
            place = self.places[-1]
            self.starts.append(self.starts[-1] + int(self.spans[place]))
            self.places.append(place + 4 + 2 * int(self.spans[place + 3]))
        if self.starts[-1] != len(self.ids):
            raise ValueError(f"{path}: its spans count {self.starts[-1]} of {len(self.ids)} tokens")

    def __len__(self) -> int:
        return len(self.places) - 1

    def lengths(self) -> list[int]:
        """Tokens of each row as it is trained on."""
        places = self.places[:-1]
        return [int(self.spans[place] - self.spans[place + 3]) for place in places]

    def cases(self) -> list[int]:
        return [int(self.spans[place + 3]) for place in self.places[:-1]]

    def row(self, index: int) -> Row:
        ids = self.ids[self.starts[index] : self.starts[index + 1]]
        return row_of(ids, self.spans[self.places[index] : self.places[index + 1]].tolist())


def read_asked(path: Path) -> list[Asked]:
    """The rows that a run is measured on."""
    shard = Shard(path)
    with np.load(path, allow_pickle=False) as stored:
        types, examples = stored["types"].tolist(), stored["examples"].tolist()
    return [
        Asked(type, count, shard.row(index))
        for index, (type, count) in enumerate(zip(types, examples, strict=True))
    ]


class Rows:
    """All training rows of a folder of shards, by number."""

    def __init__(self, folder: Path):
        paths = [path for path in sorted(folder.glob("*.npz")) if path.stem != VALIDATION]
        if not paths:
            raise ValueError(f"{folder}: no shard there (NAME.npz)")
        self.shards = [Shard(path) for path in paths]
        self.starts = [0, *accumulate(len(shard) for shard in self.shards)]
        self.lengths = [length for shard in self.shards for length in shard.lengths()]
        self.cases = [cases for shard in self.shards for cases in shard.cases()]

    def row(self, index: int) -> Row:
        shard = bisect_right(self.starts, index) - 1
        return self.shards[shard].row(index - self.starts[shard])
