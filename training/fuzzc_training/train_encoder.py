"""Train the sentence encoder's adapter for label functions, on a CPU.

    python -m fuzzc_training.train_encoder --model MODEL_FOLDER --run training/runs/encoder

A step takes some label functions. Of each, descriptions and 0 to 6 examples become prototypes, as
the product makes them, and further cases are asked. Starts from the run's last checkpoint.
"""

import argparse
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from .corpus import Function, Task, make_task, read_parts
from .encoder import Encoder
from .families import Family, split_families
from .in_spec import MembershipLoss, draw_membership, measure_in_spec, spec_text
from .label_descriptions import describe_label, mix_prototypes

SCALE = 12.0
SMOOTHING = 0.1
ASKED = 8
"""Cases asked of each function at a step."""
EXAMPLES = (0, 0, 0, 2, 4, 6)
SUBSET = 0.4
"""How often only some of a function's labels are there, so that none is known by its company."""
WORDS_LOST, LABEL_LOST = 0.3, 0.15
"""How often descriptions lose single words, and the label itself."""
WARMUP_STEPS = 20
LAST_RATE = 0.05
AVERAGE = 0.02
"""How much of the newest weights goes into those that are kept, at each step."""


@dataclass(frozen=True)
class Episode:
    """A function as it is asked at one step; cases are pairs of an input and a label's number."""

    descriptions: list[str]
    examples: list[tuple[str, int]]
    asked: list[tuple[str, int]]

    @property
    def texts(self) -> list[str]:
        return self.descriptions + [given for given, _ in self.examples + self.asked]


def draw_episode(functions: list[Function], families: list[Family], generated: float, draw):
    if draw.random() < generated:
        family = draw.choices(families, [family.weight for family in families])[0]
        function = family.draw(draw)
    else:
        function = draw.choice(functions)
    return make_episode(make_task(function, draw.choice(function.variants)), draw)


def make_episode(task: Task, draw: random.Random) -> Episode:
    labels = list(task.output.labels)
    described = {label: describe_label(task.spec, label, tuple(labels)) for label in labels}
    if len(labels) > 2 and draw.random() < SUBSET:
        labels = draw.sample(labels, draw.randint(2, len(labels)))
    if draw.random() < WORDS_LOST:
        share = draw.uniform(0.05, 0.3)
        described = {label: lose_words(text, share, draw) for label, text in described.items()}
    if draw.random() < LABEL_LOST:
        bare = {label: lose_label(text, label) for label, text in described.items()}
        described = bare if len(set(bare.values())) == len(bare) else described
    cases = [(given, labels.index(label)) for given, label in task.cases if label in labels]
    draw.shuffle(cases)
    shown = min(draw.choice(EXAMPLES), len(cases) // 2)
    return Episode(
        [described[label] for label in labels], cases[:shown], cases[shown : shown + ASKED]
    )


def lose_words(text: str, share: float, draw: random.Random) -> str:
    words = text.split(" ")
    if len(words) < 4:
        return text
    return " ".join(w for number, w in enumerate(words) if number == 0 or draw.random() > share)


def lose_label(text: str, label: str) -> str:
    """A description without its label, unless little is left."""
    for part in (f"{label}: ", label):
        rest = text[len(part) :].lstrip(" :=-(")
        if text.lower().startswith(part.lower()) and len(rest) > 8:
            text = rest
    return text


def episode_loss(episode: Episode, vector: dict[str, Tensor]) -> Tensor:
    def stack(texts: list[str]) -> Tensor:
        return torch.stack([vector[text] for text in texts]) if texts else torch.empty(0)

    prototypes, bias = mix_prototypes(
        stack(episode.descriptions),
        stack([given for given, _ in episode.examples]),
        torch.tensor([label for _, label in episode.examples], dtype=torch.long),
    )
    logits = SCALE * (stack([given for given, _ in episode.asked]) @ prototypes.T + bias)
    answers = torch.tensor([label for _, label in episode.asked])
    return cross_entropy(logits, answers, label_smoothing=SMOOTHING)


@torch.no_grad()
def measure(encoder: Encoder, functions: list[Function], counts: tuple[int, ...]) -> list[float]:
    """For each number of examples the share of cases answered right, in two wordings a function."""
    right = [0] * len(counts)
    asked = [0] * len(counts)
    for index, function in enumerate(functions):
        for number, variant in enumerate(function.variants[:2]):
            task = make_task(function, variant)
            labels, cases = task.output.labels, list(task.cases)
            random.Random(100 * index + number).shuffle(cases)
            described = [describe_label(task.spec, label, labels) for label in labels]
            vectors = encoder.embed(described + [given for given, _ in cases])
            answers = torch.tensor([labels.index(label) for _, label in cases])
            inputs = vectors[len(labels) :]
            for place, count in enumerate(counts):
                prototypes, bias = mix_prototypes(
                    vectors[: len(labels)], inputs[:count], answers[:count]
                )
                found = (inputs[count:] @ prototypes.T + bias).argmax(1)
                right[place] += int((found == answers[count:]).sum())
                asked[place] += len(cases) - count
    return [hits / total for hits, total in zip(right, asked, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=450)
    parser.add_argument("--functions", type=int, default=12, help="a step")
    parser.add_argument("--members", type=int, default=8, help="specs a step")
    parser.add_argument("--generated", type=float, default=0.2, help="share of generated functions")
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--low", type=int, default=0, help="the first adapted layer")
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--prefix", default="", help="before every text: 'query: ' for e5")
    parser.add_argument("--centre", action="store_true", help="take off what all texts share")
    parser.add_argument("--near", type=float, default=0.5, help="pull to the frozen vectors")
    parser.add_argument("--every", type=int, default=50, help="steps between measurements")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--float32", action="store_true", help="for CPUs without fast bfloat16")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    options.run.mkdir(parents=True, exist_ok=True)
    checkpoint = options.run / "adapter.pt"
    dtype = torch.float32 if options.float32 else torch.bfloat16
    encoder = Encoder.load(
        options.model, rank=options.rank, low=options.low, dtype=dtype, prefix=options.prefix
    )
    parts = read_parts()
    labels = {name: label_functions(part) for name, part in parts.items()}
    if checkpoint.exists():
        load_adapter(encoder, checkpoint)
    elif options.centre:
        encoder.centre(usual_texts(labels["train"]))
    membership_loss = MembershipLoss()
    parameters = encoder.parameters()
    kept = [part.detach().clone() for part in parameters]
    line = {"params": list(membership_loss.parameters()), "weight_decay": 0.0, "factor": 10.0}
    optimiser = torch.optim.AdamW(
        [{"params": parameters}, line], betas=(0.9, 0.98), weight_decay=0.01
    )
    families = [one for one in split_families()["train"] if one.type == "labels"]
    families = [one for one in families if one.category != "rank"]
    draw, start = random.Random(options.seed), time.monotonic()
    for step in range(1, options.steps + 1):
        drawn = (
            draw_episode(labels["train"], families, options.generated, draw)
            for _ in range(options.functions)
        )
        episodes = [episode for episode in drawn if len(episode.asked) > 1]
        members = [
            draw_membership(one, draw) for one in draw.sample(parts["train"], options.members)
        ]
        texts = sorted({text for one in [*episodes, *members] for text in one.texts})
        vectors = encoder.embed(texts)
        vector = dict(zip(texts, vectors, strict=True))
        loss = torch.stack([episode_loss(episode, vector) for episode in episodes]).mean()
        specs = {spec_text(one.spec) for one in members}
        inputs = torch.tensor([text not in specs for text in texts])
        away = (1 - (vectors * encoder.frozen(texts)).sum(1))[inputs].mean()
        belongs = membership_loss(members, vector) if members else torch.zeros(())
        optimiser.zero_grad()
        (loss + belongs + options.near * away).backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        done = step / options.steps
        for group in optimiser.param_groups:
            warm = min(1.0, step / WARMUP_STEPS)
            factor = group.get("factor", 1.0)
            group["lr"] = factor * options.rate * warm * (1 - (1 - LAST_RATE) * done)
        optimiser.step()
        with torch.no_grad():
            for average, part in zip(kept, parameters, strict=True):
                average.lerp_(part, max(AVERAGE, 1 / step))
        if step % options.every == 0 or step == options.steps:
            minutes = (time.monotonic() - start) / 60
            shares = measure(encoder, labels["validation"], (0, 6, 12))
            shares.append(measure_in_spec(encoder, parts["validation"]))
            losses = f"losses {loss.item():.3f} {belongs.item():.3f} {away.item():.3f}"
            print(step, f"{minutes:.1f} min", losses, *(f"{x:.3f}" for x in shares), flush=True)
            save_adapter(encoder, kept, checkpoint)


def label_functions(functions: list[Function]) -> list[Function]:
    """Those whose labels mean something by themselves: ranking is another matter."""
    return [one for one in functions if one.type == "labels" and one.category != "rank"]


def usual_texts(functions: list[Function]) -> list[str]:
    """Texts of all sorts: a few inputs of each function."""
    return [given for function in functions for given, _ in function.cases[:3]]


def save_adapter(encoder: Encoder, values: list[Tensor], path: Path) -> None:
    names = [f"{name}.{side}" for name in encoder.pairs for side in ("a", "b")]
    stored = dict(zip(names, values, strict=True))
    torch.save(stored if encoder.shift is None else {**stored, "shift": encoder.shift}, path)


def load_adapter(encoder: Encoder, path: Path) -> None:
    stored = torch.load(path)
    if "shift" in stored:
        encoder.add_shift(stored["shift"])
    with torch.no_grad():
        for name, pair in encoder.pairs.items():
            pair.a.copy_(stored[f"{name}.a"])
            pair.b.copy_(stored[f"{name}.b"])


if __name__ == "__main__":
    main()
