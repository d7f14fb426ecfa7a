"""A law that breaks for some of many things names those and no others."""

import pytest

from tests.each import for_each


def test_every_thing_that_breaks_the_law_is_named_and_no_other():
    @for_each("number", [1, 2, 3, 4], ids=lambda number: f"number {number}")
    def law(number):
        assert number % 2

    with pytest.raises(AssertionError) as caught:
        law()
    assert [line.partition(":")[0] for line in str(caught.value).split("\n") if line[:6] == "number"] == [
        "number 2", "number 4",
    ]  # fmt: skip


def test_a_refusal_that_does_not_come_breaks_the_law_too():
    @for_each("text", ["1", "x"])
    def law(text):
        with pytest.raises(ValueError, match="invalid"):
            int(text)

    with pytest.raises(AssertionError, match=r"^1 of 2:\n1: DID NOT RAISE"):
        law()


def test_any_other_error_is_passed_on_with_the_thing_it_met():
    @for_each(("a", "b"), [(1, 1), (1, 0)])
    def law(a, b):
        assert a / b == 1

    with pytest.raises(ZeroDivisionError) as caught:
        law()
    assert caught.value.__notes__ == ["for (1, 0)"]


@pytest.mark.parametrize("sign", [-1, 1])
@for_each("size", [1, 2])
@for_each("place", [3])
def test_lists_of_things_cross(sign, size, place):
    assert abs(sign) * size * place == size * 3


def test_a_law_of_nothing_is_refused():
    with pytest.raises(AssertionError, match="nothing"):
        for_each("size", [])
