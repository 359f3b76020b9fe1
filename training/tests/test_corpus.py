from fuzzc_training.corpus import make_task, read_corpus, split_corpus


def test_the_split_is_by_function_and_complete():
    functions = read_corpus()
    parts = split_corpus(functions)
    ids = [function.id for part in parts.values() for function in part]
    assert len(functions) == 905 and sorted(ids) == sorted(f.id for f in functions)
    assert len(set(ids)) == len(ids)
    assert {f.domain for f in parts["heldout"]} == {f.domain for f in functions}


def test_the_split_does_not_depend_on_the_order():
    functions = read_corpus()
    part = {f.id for f in split_corpus(functions)["heldout"]}
    assert part == {f.id for f in split_corpus(functions[::-1])["heldout"]}


def test_labels_are_answered_in_the_words_of_the_variant():
    for function in read_corpus():
        for variant in function.variants:
            task = make_task(function, variant)
            if function.type == "labels":
                assert all(answer in variant.labels for _, answer in task.cases)
