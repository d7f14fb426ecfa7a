"""A search holds every word, in every cell; without a hit the two nearest cases are offered."""

from __future__ import annotations

from core.cases import load
from core.cases.search import matching, nearest


def test_a_search_looks_for_every_word_in_any_cell() -> None:
    assert [case.id for case in matching(load(), "LLaMA 65B joule-free")] == []
    assert {case.id for case in matching(load(), "65b output")} >= {"a1-14"}
    assert "a1-14" in {case.id for case in matching(load(), "samsi") or matching(load(), "arxiv-2310.03003")}


def test_no_word_finds_all_in_the_files_order() -> None:
    assert matching(load(), "  ") == list(load())


def test_a_misspelt_word_finds_what_was_meant() -> None:
    assert matching(load(), "gophr") == []
    assert nearest(load(), "gophr")[0].title == "Gopher: size"
    assert "BitNet" in nearest(load(), "bitnett")[0].title


def test_the_nearest_are_two_even_for_nonsense() -> None:
    assert len(nearest(load(), "qqqq")) == 2
