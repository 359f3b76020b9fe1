import random

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from fuzzc_training.corpus import Function, Variant, make_task
from fuzzc_training.encoder import MODULES, Encoder
from fuzzc_training.export_encoder import read_adapter, write_adapter
from fuzzc_training.in_spec import MembershipLoss, draw_membership, measure_in_spec
from fuzzc_training.label_descriptions import describe_label, mix_prototypes
from fuzzc_training.train_encoder import ASKED, episode_loss, make_episode

SIZE, WIDE, LAYERS = 24, 48, 3
WORDS = [
    "[CLS]",
    "[SEP]",
    "[UNK]",
    *["all", "are", "blocked", "one", "is", "stuck", "now", "today", "later", "a", "b", "c"],
]


def make_encoder(rank: int = 2) -> Encoder:
    draw = torch.Generator().manual_seed(3)

    def matrix(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=draw) / 3

    weights = {
        "embeddings.word_embeddings.weight": matrix(len(WORDS), SIZE),
        "embeddings.position_embeddings.weight": matrix(64, SIZE),
        "embeddings.token_type_embeddings.weight": matrix(2, SIZE),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        norms += [f"{at}.attention.output.LayerNorm", f"{at}.output.LayerNorm"]
        for module in MODULES:
            rows = WIDE if module == "intermediate.dense" else SIZE
            columns = WIDE if module == "output.dense" else SIZE
            weights[f"{at}.{module}.weight"] = matrix(rows, columns)
            weights[f"{at}.{module}.bias"] = matrix(rows)
    for name in norms:
        weights[f"{name}.weight"], weights[f"{name}.bias"] = torch.ones(SIZE), torch.zeros(SIZE)
    ids = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 1), ("[CLS]", 0))
    encoder = Encoder(weights, tokenizer, low=1)
    encoder.add_adapter(rank)
    return encoder


def fill(encoder: Encoder) -> None:
    for pair in encoder.pairs.values():
        torch.nn.init.normal_(pair.b, std=0.3, generator=torch.Generator().manual_seed(5))


def test_a_text_has_the_same_vector_alone_and_among_others():
    encoder = make_encoder()
    fill(encoder)
    texts = ["all are blocked", "a", "one is stuck today one is stuck", "a"]
    together = encoder.embed(texts)
    for text, vector in zip(texts, together, strict=True):
        torch.testing.assert_close(encoder.embed([text])[0], vector, rtol=1e-4, atol=1e-5)


def test_a_new_adapter_changes_nothing_and_a_filled_one_does():
    encoder = make_encoder()
    texts = ["all are blocked", "one is stuck"]
    torch.testing.assert_close(encoder.embed(texts), encoder.frozen(texts))
    fill(encoder)
    assert (encoder.embed(texts) * encoder.frozen(texts)).sum(1).max() < 0.99


def test_what_texts_share_is_taken_off():
    encoder = make_encoder()
    texts = ["all are blocked", "one is stuck", "later a", "today b"]
    before = encoder.frozen(texts).mean(0).norm()
    other = make_encoder()
    other.centre(texts)
    assert other.frozen(texts).mean(0).norm() < before / 2


def test_a_prefix_stands_before_every_text():
    encoder, other = make_encoder(), make_encoder()
    other.prefix = "now "
    torch.testing.assert_close(other.embed(["all"]), encoder.embed(["now all"]))


def test_a_written_adapter_gives_the_same_vectors(tmp_path):
    encoder, other = make_encoder(), make_encoder(rank=0)
    fill(encoder)
    encoder.centre(["all are blocked", "later"])
    write_adapter(encoder, tmp_path / "adapter.gguf")
    read_adapter(other, tmp_path / "adapter.gguf")
    texts = ["all are blocked", "one is stuck"]
    torch.testing.assert_close(other.embed(texts), encoder.embed(texts), rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize(
    ("spec", "description"),
    [
        ("Answer now: all are blocked, today: one is stuck, or later.", "now: all are blocked"),
        ("It may wait (later), is broken for one (today) or for all (now).", "for all"),
        ("later: wishes\ntoday: one is stuck\nnow: all are blocked", "now: all are blocked"),
        ("Is it known? Nowhere.", None),
        ("Now or later", "Now"),
    ],
)
def test_labels_are_described_as_in_the_product(spec, description):
    expected = "now" if description is None else f"now: {description}"
    assert describe_label(spec, "now", ("now", "today", "later")) == expected


def test_examples_pull_a_label_to_inputs_like_them():
    descriptions = torch.eye(3)[:2]
    vectors, bias = mix_prototypes(descriptions, torch.empty(0), torch.empty(0, dtype=torch.long))
    torch.testing.assert_close(vectors, descriptions)
    inputs = torch.nn.functional.normalize(torch.tensor([[0, 0.1, 1], [0.1, 0.3, -1]]), dim=-1)
    vectors, bias = mix_prototypes(descriptions, inputs, torch.tensor([0, 1]))
    first, second = inputs[0] @ vectors.T + bias
    assert first > second


def test_training_puts_specs_near_their_own_inputs():
    def make(name: str, words: str) -> Function:
        cases = tuple((f"{word} {number}", "") for number, word in enumerate(words * 8))
        return Function(name, "d", "repair", "text", (), (Variant(name, ()),), cases, ("is stuck",))

    functions = [make("all blocked", "ab"), make("one later", "c")]
    encoder, loss_of = make_encoder(), MembershipLoss()
    draw = random.Random(0)
    members = [draw_membership(function, draw) for function in functions]

    def loss():
        texts = sorted({text for one in members for text in one.texts})
        return loss_of(members, dict(zip(texts, encoder.embed(texts), strict=True)))

    optimiser = torch.optim.Adam([*encoder.parameters(), *loss_of.parameters()], lr=0.01)
    first = loss().item()
    for _ in range(60):
        optimiser.zero_grad()
        loss().backward()
        optimiser.step()
    assert loss() < first / 2
    assert measure_in_spec(encoder, functions) > 0.9


def test_training_on_episodes_lowers_their_loss():
    labels = ("now", "today")
    spec = "now: all are blocked, today: one is stuck"
    cases = tuple((word, labels[number % 2]) for number, word in enumerate("abc" * 6))
    cases = tuple((f"{word} {number % 5}", label) for number, (word, label) in enumerate(cases))
    function = Function("f", "d", "route", "labels", (), (Variant(spec, labels),), cases, ())
    encoder, draw = make_encoder(), random.Random(0)
    episodes = [make_episode(make_task(function, function.variants[0]), draw) for _ in range(4)]
    assert all(len(one.asked) == ASKED for one in episodes)

    def loss():
        texts = sorted({text for episode in episodes for text in episode.texts})
        vector = dict(zip(texts, encoder.embed(texts), strict=True))
        return torch.stack([episode_loss(episode, vector) for episode in episodes]).mean()

    optimiser = torch.optim.Adam(encoder.parameters(), lr=0.01)
    first = loss()
    for _ in range(20):
        optimiser.zero_grad()
        loss().backward()
        optimiser.step()
    assert loss() < first
