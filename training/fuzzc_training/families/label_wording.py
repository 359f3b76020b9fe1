"""Says a label function: what each label stands for, in many forms."""

import random
from collections.abc import Sequence

from .wording import Text, cap, listed, pick


def describe(draw: random.Random, labels: Sequence[str], says: Sequence[str], form: int) -> str:
    """The labels with their meanings, as one text."""
    pairs = list(zip(labels, says, strict=True))
    if form == 0:
        return "; ".join(f"{label}: {said}" for label, said in pairs) + "."
    if form == 1:
        return "\n".join(f"- {label}: {said}" for label, said in pairs)
    if form == 2:
        return "Answer " + listed([f"{label} for {said}" for label, said in pairs], "or") + "."
    if form == 3:
        return ", ".join(f"{label} = {said}" for label, said in pairs) + "."
    if form == 4:
        return "\n".join(f"{said} -> {label}" for label, said in pairs)
    if form == 5:
        return " ".join(f"{cap(said)} is {label}." for label, said in pairs)
    if form == 6:
        return " ".join(f"Say {label} for {said}." for label, said in pairs)
    return " ".join(f"{label} stands for {said}." for label, said in pairs)


FORMS = 8


def word_labels(
    draw: random.Random,
    given: Text,
    question: Text,
    goal: Text,
    why: Text,
    labels: Sequence[str],
    says: Sequence[str],
    rules: Sequence[Text] = (),
    example: tuple[str, str] | None = None,
) -> list[str]:
    """The function in many builds. `goal`: "sort the message by topic"; `question`: "what is
    the message about?"; `says`: a noun phrase for each label."""
    notes = [pick(draw, rule) for rule in rules]
    note = " ".join(cap(text) + "." for text in notes)
    noun, ask, do, reason = (pick(draw, text) for text in (given, question, goal, why))
    names = listed(labels, "or")

    def meanings(*forms: int) -> str:
        return describe(draw, labels, says, draw.choice(forms or tuple(range(FORMS))))

    texts = [
        f"{cap(ask)} {meanings(0, 2, 3, 6)} {note}",
        f"{cap(do)}.\n{meanings(1, 4)}\n{note}",
        f"{reason} {cap(do)}. {meanings(2, 5, 6, 7)} {note}",
        f"You read {noun}. {meanings(2, 6)} {note} Nothing but the label.",
        f"Labels: {meanings(0, 3)} {note}",
        f"{note} {cap(do)}: {meanings(3, 0)}",
        f"Input: {noun}\nOutput: {names}\n{meanings(1, 4)}\n{note}",
        f"got {noun}, {ask} {meanings(3, 0)} {note.lower() if not labels else note}",
        f"{cap(do)} and give one word: {names}.\n{meanings(5, 7)} {note}",
        f"{reason} So for {noun}: {meanings(0, 3)} {note}",
        f"TASK {do}\nLABELS\n{meanings(1)}\n{note}",
        f"Given {noun}, {ask}\n{meanings(4)}\n{note}",
    ]
    if example:
        texts.append(f"{cap(do)}. {meanings(0, 2)} {note}\nExample: {example[0]} => {example[1]}")
    return [text.replace("  ", " ").strip() for text in texts]
