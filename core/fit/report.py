"""The accuracy table as text, one line a regime."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.fit.score import Accuracy

HEAD = f"{'quantity':<40}{'hold-out':<15}{'regime':<13}{'':<33}{'n':>5}{'models':>8}{'median':>9}{'1.25x':>8}{'2x':>8}"


def lines(rows: Iterable[Accuracy]) -> Iterator[str]:
    """The table under its heading; errors and shares in per cent."""
    yield HEAD
    for row in rows:
        yield (
            f"{row.quantity:<40}{row.hold_out:<15}{row.regime:<13}{row.name:<33}{row.n:>5}{row.models:>8}"
            f"{row.median_error_pct:>8.1f}%{row.within_near_pct:>7.1f}%{row.within_twice_pct:>7.1f}%"
        )
