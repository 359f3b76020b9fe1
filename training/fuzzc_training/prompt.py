"""Prompt "chat-1": how a spec, examples and an input become tokens.

The same rules stand in packages/program (TypeScript); a parity test holds them together.
Special tokens are ids of their own; each text between two of them is one piece for the
tokenizer, except that the last `user` line and the input are two, since the prefix is cached.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .corpus import Output

if TYPE_CHECKING:  # rows are read, without a tokenizer, on machines that have none
    from tokenizers import Tokenizer

START, END = "<|im_start|>", "<|im_end|>"


def format_task(spec: str, output: Output) -> str:
    if output.type == "labels":
        form = "one of " + ", ".join(output.labels)
    elif output.type == "text":
        form = "text"
    else:
        form = "JSON object with keys " + ", ".join(output.keys) if output.keys else "JSON"
    return f"{spec.strip()}\n\nOutput: {form}"


@dataclass
class Prompt:
    """Turns texts into token ids for one base model's tokenizer."""

    tokenizer: Tokenizer

    def __post_init__(self) -> None:
        self.start = self.tokenizer.token_to_id(START)
        self.end = self.tokenizer.token_to_id(END)

    def text(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def turn(self, role: str, text: str) -> list[int]:
        return [self.start, *self.text(f"{role}\n{text}"), self.end, *self.text("\n")]

    def task_turn(self, task: str) -> list[int]:
        """The system turn that holds the spec; the compiler reads its features here."""
        return self.turn("system", task)

    def prefix(self, task: str, examples: list[tuple[str, str]]) -> list[int]:
        ids = self.task_turn(task)
        for given, answer in examples:
            ids += self.turn("user", given) + self.turn("assistant", answer)
        return ids + [self.start, *self.text("user\n")]

    def task_positions(self, task: str) -> range:
        """Positions of the task's own tokens in the prefix: without the turn's marks."""
        return range(1, 1 + len(self.text(f"system\n{task}")))

    def input(self, text: str) -> list[int]:
        return [*self.text(text), self.end, *self.text("\n"), self.start, *self.text("assistant\n")]

    def answer(self, text: str) -> list[int]:
        return [*self.text(text), self.end]
