"""The accuracy table as text, one line a regime."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from core.fit.coverage import Coverage, coverage, together
from core.fit.ranges import ENERGY
from core.fit.score import Accuracy, Held

HEAD = f"{'quantity':<40}{'hold-out':<15}{'regime':<13}{'':<33}{'n':>5}{'models':>8}{'median':>9}{'1.25x':>8}{'2x':>8}"


def lines(rows: Iterable[Accuracy]) -> Iterator[str]:
    """The table under its heading; errors and shares in per cent."""
    yield HEAD
    for row in rows:
        yield (
            f"{row.quantity:<40}{row.hold_out:<15}{row.regime:<13}{row.name:<33}{row.n:>5}{row.models:>8}"
            f"{row.median_error_pct:>8.1f}%{row.within_near_pct:>7.1f}%{row.within_twice_pct:>7.1f}%"
        )


STEP = "step_time_s"
WITHOUT = {"pair": "its pair", "hardware": "its accelerator type"}


def time_lines(rows: Sequence[Held]) -> Iterator[str]:
    """Whether the rows would carry a range of the time of a step, which no figure has yet."""
    yield from coverage_lines((row for row in coverage(rows, STEP) if row.without == "pair"), "80 % of step time")
    alike = together(rows, ENERGY, STEP, "unseen_pair")
    yield f"the time of a step has no range in any figure; its error goes with that of the energy by {alike:.2f}"


def coverage_lines(rows: Iterable[Coverage], of: str = "80 % range, accelerator") -> Iterator[str]:
    """What the 80 % range holds of rows that had no part in it, one line a regime."""
    yield ""
    head = f"{of:<25}{'learnt without':<22}{'regime':<24}"
    yield f"{head}{'n':>5}{'models':>8}{'pairs':>7}{'types':>7}{'inside':>9}"
    for row in rows:
        told = "not calibratable" if row.inside_share is None else f"{row.inside_share:8.0%}"
        name = f"{row.accelerator:<25}{WITHOUT[row.without]:<22}{row.regime:<24}"
        yield f"{name}{row.n:>5}{row.models:>8}{row.pairs:>7}{row.types:>7} {told}"
