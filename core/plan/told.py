"""Sentences on what comes from outside, as a reader sees them: each on one line, and no more than somebody reads."""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST_TOLD = 200
# Line ends, controls, signs that turn the direction of writing, and halves of signs, which no browser can be sent.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: str) -> str:
    """A sentence without the signs that break a line or cannot be shown; it may quote what a file holds.

    >>> one_line("pue is 'a\\nb'; it must be a number")
    "pue is 'a?b'; it must be a number"
    """
    return UNSEEN.sub("?", text)


def told(sentences: Sequence[str]) -> tuple[str, ...]:
    """The sentences, each on one line; of very many the first, and how many more there are.

    >>> told(["a", "b"]), told(["a"] * 1_234)[-1]
    (('a', 'b'), 'and 1,034 more like these')
    """
    found = tuple(one_line(sentence) for sentence in sentences[:MOST_TOLD])
    more = len(sentences) - len(found)
    return (*found, f"and {more:,} more like these") if more else found
