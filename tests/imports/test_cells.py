"""The cells of a usage file: what is a number, a time or a tag, and the exact sentence that anything else earns."""

from datetime import UTC, datetime

import pytest

from core.imports.usage.cells import (
    added,
    counted_by,
    each,
    group_of,
    inner,
    moment,
    month_of,
    number,
    parsed,
    text,
    tokens,
    unix_ns,
)
from core.imports.usage.record import AMOUNTS, Amounts, Entry, RowError
from tests.each import for_each


def of(value, decimal_comma=False):
    return Entry("row 2", {"n": value}, decimal_comma)


@for_each(
    ("cell", "comma", "value"),
    [
        ("1200", False, 1200.0), (1200, False, 1200.0), ("1.5e3", False, 1500.0), ("", False, None),
        (None, False, None),
        ("null", False, None), ("1,234,567", False, 1234567.0), ("1.234,5", True, 1234.5), ("0,5", True, 0.5),
        ("12", True, 12.0), ("-1,234,567.5", False, -1234567.5), ("0.5", True, 0.5),
    ],
)  # fmt: skip
def test_a_number_is_read_as_the_file_writes_it(cell, comma, value):
    assert number(of(cell, comma), "n") == value


@for_each(
    ("read", "cell", "sentence"),
    [
        (number, "twelve", "n is 'twelve'; it must be a number"),
        (number, "1,200", "n is '1,200'; it must be a number"),  # a decimal comma or a thousand: nobody can tell
        (number, "1_000", "n is '1_000'; it must be a number"),
        (number, "inf", "n is 'inf'; it must be a number"),
        (number, "9" * 400, f"n is '{'9' * 39}…'; it must be a number"),
        (number, True, "n is 'True'; it must be a number"),
        (number, 10**400, f"n is '1{'0' * 38}…'; it must be a finite number"),
        (tokens, "-5", "n is -5; it must lie in [0, 1e+15]"),
        (tokens, 1e16, "n is 1e+16; it must lie in [0, 1e+15]"),
        (moment, "yesterday", "n is 'yesterday'; it must be a time such as 2026-03-02T08:00:00Z"),
        (unix_ns, 1e30, "n is 1e+30; it must be a time in ns from 1970 to 9999"),
        (parsed, "{'a': 1}", "n is '{'a': 1}'; it must be JSON"),
        (parsed, "[" * 100_000, f"n is '{'[' * 39}…'; it must be JSON"),
        (lambda entry, column: list(each(entry, column)), "x", "n is 'x'; it must be a list"),
    ],
)
def test_what_is_none_earns_its_sentence(read, cell, sentence):
    with pytest.raises(RowError) as caught:
        read(of(cell), "n")
    assert str(caught.value) == sentence


@for_each(
    ("cell", "at"),
    [
        ("2026-03-02T08:00:00Z", (2026, 3, 2, 8)), ("2026-03-02 08:00:00 UTC", (2026, 3, 2, 8)),
        ("2026-03-02 08:00:00", (2026, 3, 2, 8)), ("2026-03-02", (2026, 3, 2)),
        ("2026-03-01T00:30:00+02:00", (2026, 2, 28, 22, 30)),
    ],
)  # fmt: skip
def test_a_time_is_in_utc_and_so_is_its_month(cell, at):
    found = moment(of(cell), "n")
    assert found == datetime(*at, tzinfo=UTC)
    assert month_of(found) == f"{at[0]}-{at[1]:02d}"


def test_nanoseconds_are_a_time_and_nought_is_none():
    assert unix_ns(of("1772442000500000000"), "n") == datetime(2026, 3, 2, 9, 0, 0, 500000, UTC)
    assert (unix_ns(of("0"), "n"), moment(of(""), "n"), month_of(None)) == (None, None, "")


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


def test_words_objects_and_sums_of_what_is_there():
    entry = Entry("row 2", {"a": " ", "b": "null", "c": " x ", "d": {"e": {"f": 1}}, "g": [{"h": 2}, 3]})
    assert (text(entry, "z", "a", "b", "d", "c"), text(entry, "a")) == ("x", "")
    assert inner(entry, "d", "e").cells == {"f": 1}
    assert (inner(entry, "c").cells, inner(entry, "z", "y").cells) == ({}, {})
    assert [(one.place, one.cells) for one in each(entry, "g")] == [("row 2, g 1", {"h": 2})]
    assert list(each(entry, "z")) == []
    assert (added(1.0, None, 2.0), added(None, None)) == (3.0, None)


def test_amounts_add_up_and_what_neither_says_stays_unknown():
    total = Amounts(requests=1.0, machine_h=2.0, costs={"USD": 1.0})
    total.add(Amounts(requests=2.0, gpu_h=3.0, costs={"USD": 0.5, "EUR": 2.0}))
    assert {name: getattr(total, name) for name in AMOUNTS} == {
        "requests": 3.0, "input_tokens": None, "cached_tokens": None, "output_tokens": None, "reasoning_tokens": None,
        "gpu_h": 3.0, "machine_h": 2.0,
    }  # fmt: skip
    assert total.costs == {"USD": 1.5, "EUR": 2.0}
