"""Cases by words: those that hold every word of a query, and the nearest where none does."""

from __future__ import annotations

from collections.abc import Sequence

from core.cases.records import Case

NEAREST = 2
GRAM = 3  # letters


def text_of(case: Case) -> str:
    """Everything a case says, in small letters."""
    parts = (case.title, case.item, case.found, case.carry, case.figure_of, case.verdict, case.claim)
    named = (name for _, name in case.maps_to)
    return " ".join((*parts, *named, *case.source)).lower()


def matching(cases: Sequence[Case], query: str) -> list[Case]:
    """The cases that hold every word of the query, in order."""
    words = query.lower().split()
    return [case for case in cases if all(word in text_of(case) for word in words)]


def nearest(cases: Sequence[Case], query: str, most: int = NEAREST) -> list[Case]:
    """The cases that share most of the query's groups of three letters with their title and text, best first.

    >>> sorted(grams("gpt-3"))
    ['gpt', 'pt-', 't-3']
    """
    wanted = grams(query.lower())
    return sorted(cases, key=lambda case: -_likeness(wanted, case))[:most]


def grams(text: str) -> set[str]:
    """Groups of three letters in a text; shorter words whole."""
    found = set()
    for word in text.split():
        found |= {word[start : start + GRAM] for start in range(max(1, len(word) - GRAM + 1))}
    return found


def _likeness(wanted: set[str], case: Case) -> float:
    """Shared groups, those in the title counted twice."""
    return 2 * len(wanted & grams(case.title.lower())) + len(wanted & grams(text_of(case)))
