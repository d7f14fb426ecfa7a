"""The engine's columns: what each is, which factors and inputs fill it, which formulas make it, where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from core.methods import told
from core.methods.naming import in_words, unit_of
from core.plan import Calibration, Knob, Plan, Record, Workload, knobs
from core.plan.cells import to_cell
from core.results.factor import Factor

ANY = "*"  # at either end of a pattern
OF_THE_PLAN, OF_A_METER = "plan.", "calibration."


@dataclass(frozen=True, slots=True)
class Column:
    """One input column of the engine. `factors` are patterns of factor names; `inputs` fields of the plan."""

    name: str
    meaning: str
    tables: tuple[str, ...]
    factors: tuple[str, ...]
    inputs: tuple[str, ...]
    formulas: tuple[str, ...]

    @property
    def unit(self) -> str:
        """Its unit in words."""
        return in_words(unit_of(self.name))

    def filled_by(self, factor: str) -> bool:
        """Whether a factor of that name fills it."""
        return any(_fits(pattern, factor) for pattern in self.factors)


def _fits(pattern: str, name: str) -> bool:
    if pattern.startswith(ANY):
        return name.endswith(pattern.removeprefix(ANY))
    return name.startswith(pattern.removesuffix(ANY)) if pattern.endswith(ANY) else name == pattern


@cache
def columns() -> dict[str, Column]:
    """Every input column, by name."""
    return {
        row["column"]: Column(
            name=row["column"],
            meaning=row["meaning"],
            tables=told.keys(row["tables"]),
            factors=told.keys(row["factors"]),
            inputs=told.keys(row["inputs"]),
            formulas=told.keys(row["formulas"]),
        )
        for row in told.rows("columns.csv")
    }


def factors_of(names: frozenset[str], found: list[Factor]) -> list[Factor]:
    """Of a workload's factors, those that fill one of these columns."""
    mine = [column for name, column in columns().items() if name in names]
    return [factor for factor in found if any(column.filled_by(factor.name) for column in mine)]


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of the plan and what it holds."""

    label: str
    value: str
    unit: str


def entries_of(names: frozenset[str], plan: Plan, workload: Workload) -> list[Entry]:
    """What the plan says of these columns; a blank says what it means."""
    inputs = dict.fromkeys(field for name, column in columns().items() if name in names for field in column.inputs)
    return [entry for field in inputs if (entry := _entry(field, plan, workload))]


def _entry(field: str, plan: Plan, workload: Workload) -> Entry | None:
    name = field.removeprefix(OF_THE_PLAN).removeprefix(OF_A_METER)
    whole, metered = field.startswith(OF_THE_PLAN), field.startswith(OF_A_METER)
    holder: Record | None = plan if whole else plan.calibration(workload.id) if metered else workload
    if holder is None:
        return None
    knob: Knob = knobs(Plan if whole else Calibration if metered else Workload)[name]
    held = getattr(holder, name)
    if metered and held is None and name.startswith("served_"):
        return None  # the activity of the other kind of workload
    text = to_cell(knob.kind, held)
    return Entry(knob.label, text or f"blank: {knob.blank or 'none'}", knob.unit if text else "")
