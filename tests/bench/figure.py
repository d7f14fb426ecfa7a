"""A measured figure beside its aim: what each benchmark gives, and the one table of them all.

>>> answer = Figure("answer", 212.4, "ms", at_most(300))
>>> soak = Figure("soak, growth", None, "MB", at_most(50))
>>> speed = Figure("speed", 1.4, "times", at_least(1.7), "2 workers", why_short="one core is busy")
>>> print(table([answer, soak, speed]))
figure        measured   aim                 verdict  note
answer        212 ms     at most 300 ms      met
soak, growth  -          at most 50 MB       not run
speed         1.4 times  at least 1.7 times  SHORT    2 workers; one core is busy
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aim:
    """A limit that a figure keeps below or above."""

    limit: float
    least: bool = False

    def met(self, value: float) -> bool:
        """Whether a value keeps it."""
        return value >= self.limit if self.least else value <= self.limit

    def __str__(self) -> str:
        return f"{'at least' if self.least else 'at most'} {self.limit:,.10g}"


def at_most(limit: float) -> Aim:
    """An aim that smaller figures meet."""
    return Aim(limit)


def at_least(limit: float) -> Aim:
    """An aim that larger figures meet."""
    return Aim(limit, least=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, the median where it was repeated; None where it was not.

    `note` says on what, always; `why_short` the reason that is known for falling short, shown only then.
    """

    name: str
    value: float | None
    unit: str
    aim: Aim | None = None
    note: str = ""
    why_short: str = ""

    def measured(self) -> str:
        """The value with its unit; to three digits, or to whole numbers."""
        if self.value is None:
            return "-"
        shown = f"{self.value:,.0f}" if abs(self.value) >= 100 else f"{self.value:.3g}"
        return f"{shown} {self.unit}"

    def verdict(self) -> str:
        """Met, SHORT, not run, or nothing where there is no aim."""
        if self.value is None:
            return "not run"
        return "" if self.aim is None else "met" if self.aim.met(self.value) else "SHORT"

    def cells(self) -> tuple[str, str, str, str, str]:
        """A row of the table."""
        short = self.verdict() == "SHORT"
        said = "; ".join(filter(None, (self.note, self.why_short if short else "")))
        return self.name, self.measured(), f"{self.aim} {self.unit}" if self.aim else "", self.verdict(), said

    def __str__(self) -> str:
        return "   ".join(filter(None, self.cells()))


def table(figures: Iterable[Figure]) -> str:
    """The figures in columns, in the order given."""
    rows = [("figure", "measured", "aim", "verdict", "note"), *(figure.cells() for figure in figures)]
    gaps = ("  ", "  ", "  ", "  ", "")
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "".join(f"{cell:<{width}}{gap}" for cell, width, gap in zip(row, widths, gaps, strict=True)) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
