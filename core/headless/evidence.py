"""`evidence`: what others measured before and after a lever, beside what this engine predicts of it."""

from __future__ import annotations

from collections.abc import Iterator

from core.evidence import score


def run() -> Iterator[str]:
    """The table of pairs, the score by lever and in all, and what could not be computed."""
    yield from score.lines()
