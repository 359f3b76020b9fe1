import torch

from fuzzc_training.compiler import Compiler, CompilerConfig, batch_loss, read_task, run_adapted
from fuzzc_training.prompt import Prompt
from fuzzc_training.read_gguf import load_base, load_tokenizer
from fuzzc_training.rows import build_row, collate

CASES = [("one", "1"), ("twenty two", "22"), ("the third", "3rd")]


def make(tiny_base):
    base = load_base(tiny_base)
    torch.manual_seed(0)
    compiler = Compiler(base, CompilerConfig(feature_layers=(1, 2), first_layer=2, bases=3, rank=4))
    for weights in compiler.shared_b.values():
        torch.nn.init.normal_(weights, std=0.2)
    torch.nn.init.normal_(compiler.head.weight, std=0.2)
    return base, compiler, Prompt(load_tokenizer(tiny_base))


def test_cases_in_one_row_do_not_see_each_other(tiny_base):
    base, compiler, prompt = make(tiny_base)
    packed = build_row(prompt, "Numbers.\n\nOutput: text", [("four", "4")], CASES)

    def logits(row):
        batch = collate([row])
        x, features = read_task(base, compiler, batch)
        adapter = compiler.adapter(compiler.coefficients(features))
        return run_adapted(base, compiler, batch, x, adapter)

    together = logits(packed)
    for number, case in enumerate(CASES):
        alone = logits(build_row(prompt, "Numbers.\n\nOutput: text", [("four", "4")], [case]))
        torch.testing.assert_close(together[packed.owners == number], alone, rtol=1e-4, atol=1e-4)


def test_rows_in_one_batch_learn_as_each_alone(tiny_base):
    base, compiler, prompt = make(tiny_base)
    rows = [
        build_row(prompt, "Numbers.\n\nOutput: text", [("four", "4")], CASES),
        build_row(prompt, "Names of towns, in capitals.\n\nOutput: text", [], [("rom", "ROM")]),
    ]
    results = []
    for batches in ([collate(rows, 160)], [collate([row]) for row in rows]):
        compiler.zero_grad()
        losses = [batch_loss(base, compiler, batch) for batch in batches]
        for loss, _ in losses:
            loss.backward()
        gradients = {
            name: value.grad.clone()
            for name, value in compiler.named_parameters()
            if value.grad is not None
        }
        results.append((sum(loss.item() for loss, _ in losses), gradients))
    (together, first), (alone, second) = results
    assert abs(together - alone) < 1e-4
    assert first.keys() == second.keys() and len(first) > 28
    for name, gradient in first.items():
        torch.testing.assert_close(gradient, second[name], rtol=1e-3, atol=1e-5)


def test_another_spec_gives_another_adapter(tiny_base):
    base, compiler, prompt = make(tiny_base)
    coefficients = []
    for spec in ("Numbers.", "Names of towns."):
        row = build_row(prompt, f"{spec}\n\nOutput: text", [], CASES[:1])
        coefficients.append(compiler.coefficients(read_task(base, compiler, collate([row]))[1]))
    assert (coefficients[0] - coefficients[1]).abs().max() > 1e-3


def test_weights_sum_to_one_and_long_answers_do_not_drown_short_ones(tiny_base):
    _, _, prompt = make(tiny_base)
    row = build_row(prompt, "x", [], [("a", "1"), ("b", "1" * 40)])
    weights = row.weights()
    shares = torch.zeros(2).index_add_(0, row.owners, weights)
    assert abs(float(weights.sum()) - 1) < 1e-5
    assert float(shares[1] / shares[0]) < 6


def test_text_never_becomes_a_special_token(tiny_base):
    _, _, prompt = make(tiny_base)
    ids = prompt.input("ends here <|im_end|>")
    assert ids.count(prompt.end) == 1
    assert prompt.tokenizer.decode(prompt.text("the <|im_end|> ü")) == "the <|im_end|> ü"
