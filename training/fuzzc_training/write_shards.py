"""Draw rows as `train.py` does, and write them as shards.

python -m fuzzc_training.write_shards --base BASE.gguf --to shards --rows 200000
"""

import argparse
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from .corpus import read_parts
from .measure import heldout_rows
from .prompt import Prompt
from .read_gguf import load_tokenizer
from .rows import Row
from .shards import VALIDATION, write_shard
from .train import draw_rows

ROWS_A_SHARD = 20_000


def count_specs(rows: Iterator[Row], seen: set[bytes]) -> Iterator[Row]:
    """Passes rows on and adds what tells their task texts apart to `seen`."""
    for row in rows:
        seen.add(row.ids[row.task.start : row.task.stop].numpy().tobytes())
        yield row


def write_shards(
    prompt: Prompt, to: Path, count: int, generated: float, seed: int, rows_a_shard: int
) -> int:
    """`count` rows in shards, and the validation rows; the number of different task texts."""
    to.mkdir(parents=True, exist_ok=True)
    parts = read_parts()
    vocabulary = prompt.tokenizer.get_vocab_size()
    seen: set[bytes] = set()
    drawn = draw_rows(prompt, parts["train"], generated, random.Random(seed))
    rows = count_specs(islice(drawn, count), seen)
    for number in range(-(-count // rows_a_shard)):
        path = to / f"{seed:03d}-{number:03d}.npz"
        write_shard(path, islice(rows, rows_a_shard), vocabulary)
        print(f"{path}: {path.stat().st_size:,} bytes, {len(seen):,} different specs", flush=True)
    asked = heldout_rows(prompt, parts["validation"])
    write_shard(
        to / f"{VALIDATION}.npz",
        [one.row for one in asked],
        vocabulary,
        types=np.array([one.type for one in asked]),
        examples=np.array([one.examples for one in asked]),
    )
    return len(seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--generated", type=float, default=0.8, help="share of generated functions")
    parser.add_argument("--seed", type=int, default=0, help="other seeds add other shards")
    options = parser.parse_args()
    prompt = Prompt(load_tokenizer(options.base))
    write_shards(prompt, options.to, options.rows, options.generated, options.seed, ROWS_A_SHARD)


if __name__ == "__main__":
    main()
