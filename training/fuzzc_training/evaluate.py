"""Exact match of a compiler on functions it was not trained on, with its controls.

python -m fuzzc_training.evaluate --base BASE.gguf --run training/runs/smol --part heldout
"""

import argparse
import json
from pathlib import Path

import torch

from .compiler import scale_coefficients
from .corpus import read_parts
from .learner import load_checkpoint
from .measure import evaluate, heldout_rows
from .prompt import Prompt
from .read_gguf import load_base, load_tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--part", choices=("validation", "heldout"), default="validation")
    parser.add_argument("--departures", type=float, default=1.0, help="as for export")
    parser.add_argument("--float32", action="store_true", help="for CPUs without fast bfloat16")
    options = parser.parse_args()
    base = load_base(options.base, torch.float32 if options.float32 else torch.bfloat16)
    compiler, _ = load_checkpoint(base, options.run)
    scale_coefficients(compiler, options.departures)
    functions = read_parts()[options.part]
    asked = heldout_rows(Prompt(load_tokenizer(options.base)), functions)
    print(json.dumps(evaluate(base, compiler, asked, bare=True), indent=1))


if __name__ == "__main__":
    main()
