"""What bills write into words: tags that name a use and no person, JSON in a cell, and the size of a unit."""

import pytest

from core.imports.usage.record import AMOUNTS, Amounts, Entry, RowError
from core.imports.usage.tags import added, counted_by, group_of, parsed, tagged, words
from tests.each import for_each


def of(value):
    return Entry("row 2", {"n": value})


@for_each(
    ("unit", "size"),
    [
        ("1K tokens", 1e3), ("1K Tokens", 1e3), ("1M tokens", 1e6), ("tokens", 1.0), ("Token", 1.0), ("count", 1.0),
        ("1000000 count", 1e6), ("1,000 tokens", 1e3), ("Million tokens", 1e6), ("1M", 1e6), ("K", 1e3), ("1K", 1e3),
        ("requests", 1.0), ("1K characters", 1e3), ("Million Input Tokens", 1e6), ("USD / 1K Tokens", 1e3),
        ("seconds", None), ("Hours", None), ("", None), ("Units", None), ("gibibyte", None), ("1 million tokens", 1e6),
    ],
)  # fmt: skip
def test_the_size_of_a_unit_is_read_from_its_words(unit, size):
    assert counted_by(unit) == size


@for_each(
    ("cell", "group"),
    [
        ('{"user_workload": "chat"}', "chat"), ('{"user:Application": "chat"}', "chat"), ({"team": "ops"}, "ops"),
        ('[{"key": "workload", "value": "chat"}]', "chat"), ("{}", ""), ("", ""), (None, ""), ("no json", ""),
        ('{"owner": "a.person@example.com"}', ""), ('{"workload": 3, "team": " ", "app": "a"}', "a"), ("[1]", ""),
        ({"aws:createdBy": "arn:a.person"}, ""),
    ],
)  # fmt: skip
def test_only_the_tags_that_name_a_use_are_read(cell, group):
    assert group_of(of(cell), "n") == group


@for_each(("cell", "value"), [('{"a": 1}', {"a": 1}), (" ", None), ({"a": 1}, {"a": 1}), (None, None)])
def test_json_in_a_cell_is_read(cell, value):
    assert parsed(of(cell), "n") == value


@for_each(
    ("cell", "said"),
    [("{a}", "'{a}'"), ("{'a': 1}", "a text of 8 signs"), ("[" * 5_000, "a text of 5,000 signs")],
)
def test_what_is_no_json_earns_its_sentence(cell, said):
    with pytest.raises(RowError) as caught:
        parsed(of(cell), "n")
    assert str(caught.value) == f"n is {said}; it must be JSON"


def test_amounts_add_up_and_what_neither_says_stays_unknown():
    total = Amounts(requests=1.0, machine_h=2.0, costs={"USD": 1.0})
    total.add(Amounts(requests=2.0, gpu_h=3.0, costs={"USD": 0.5, "EUR": 2.0}))
    assert {name: getattr(total, name) for name in AMOUNTS} == {
        "requests": 3.0, "input_tokens": None, "cached_tokens": None, "output_tokens": None, "reasoning_tokens": None,
        "gpu_h": 3.0, "machine_h": 2.0,
    }  # fmt: skip
    assert total.costs == {"USD": 1.5, "EUR": 2.0}
    assert (added(1.0, None, 2.0), added(None, None)) == (3.0, None)


@for_each(
    ("cell", "group"),
    [
        ('["workload:chat"]', "chat"), (["team = ops", "x"], "ops"), ('["user:a.person@example.com"]', ""),
        ("[1, null]", ""), ("", ""), ("{", ""), ('["User-Agent: OpenAI/Python 1.68.2"]', ""), ("{}", ""),
    ],
)  # fmt: skip
def test_a_list_of_tags_names_a_use_and_no_person(cell, group):
    assert tagged(of(cell), "n") == group


def test_words_are_cut_where_no_name_reaches_and_lose_what_cannot_be_printed():
    assert (words(of(" a\x07b "), "n"), len(words(of("x" * 5_000), "n")), words(of(5), "n")) == ("ab", 200, "")
