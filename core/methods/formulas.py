"""Every formula: what it is called, says, takes and gives, its text, and where it is from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from core.methods import told
from core.methods.code import Function, functions
from core.methods.naming import in_words, unit_of

# The steps of the ladder, in order; every formula stands in one.
SECTIONS = {
    "demand": "How much it is used",
    "later": "Later years",
    "memory": "Memory, and accelerators for it",
    "step": "One step of answering",
    "fleet": "Batch, copies and hours",
    "power": "Power and energy of the accelerators",
    "training": "Training",
    "site": "Servers and site",
    "carbon": "Carbon of the electricity",
    "making": "Making of the hardware",
    "water": "Water",
    "cost": "Cost",
    "range": "Ranges",
    "sum": "Sums and shares",
    "sci": "Carbon per unit of use",
    "lever": "Levers",
    "shift": "Shifting in time and place",
    "target": "Targets",
    "decide": "Deciding",
    "case": "Checked cases",
}


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula. `unit` is in words; `sources` are keys of data/sources.csv."""

    key: str
    section: str
    title: str
    equation: str
    unit: str
    sources: tuple[str, ...]
    function: Function

    @property
    def arguments(self) -> tuple[tuple[str, str], ...]:
        """What it takes: name, and unit in words where the name says it."""
        return tuple((name, in_words(unit_of(name)) or kind) for name, kind in self.function.arguments)


@cache
def formulas() -> dict[str, Formula]:
    """Every formula that is told, by key, in the order of the ladder."""
    known = functions()
    rows = sorted(told.rows("formulas.csv"), key=lambda row: list(SECTIONS).index(row["section"]))
    return {
        row["formula"]: Formula(
            key=row["formula"],
            section=row["section"],
            title=row["title"],
            equation=row["equation"],
            unit=row["unit"] or in_words(unit_of(known[row["formula"]].name)),
            sources=told.keys(row["sources"]),
            function=known[row["formula"]],
        )
        for row in rows
        if row["formula"] in known
    }


def untold() -> list[str]:
    """Keys of formulas in the code that `formulas.csv` has no row for."""
    told_of = {row["formula"] for row in told.rows("formulas.csv")}
    return sorted(key for key, function in functions().items() if function.formula and key not in told_of)


def gone() -> list[str]:
    """Keys of rows in `formulas.csv` that name no function of the code, and of rows that stand there twice."""
    named = [row["formula"] for row in told.rows("formulas.csv")]
    return sorted({key for key in named if key not in functions() or named.count(key) > 1})
