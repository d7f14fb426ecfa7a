"""Settings and inventory of the example's target. Every figure is an example: it says so as its source."""

from __future__ import annotations

from functools import cache

from core.catalog.rows import CatalogError
from core.plan.cells import build, checked
from core.plan.example import FOLDER, rows_of
from core.plan.inventory import InventoryRow
from core.plan.plan import Plan
from core.plan.record import Record
from core.plan.target import Target

FILE = FOLDER / "target.csv"
SAID = "Example value"


@cache
def _records() -> tuple[Record, ...]:
    """The records of `data/example/target.csv`; CatalogError with the line when that file is wrong."""
    found: list[Record] = []
    for row in rows_of(FILE, Target.record, InventoryRow.record):
        cells = dict(row.cells)
        cls: type[Record] = Target if cells.pop("record") == Target.record else InventoryRow
        fields, wrong = checked(cls, cells)
        record, sentences = build(cls, fields if cls is Target else fields | {"source": SAID})
        if record is None or wrong:
            raise CatalogError(f"{row.file}, line {row.line}: {'; '.join([*wrong.values(), *sentences])}")
        found.append(record)
    return tuple(found)


def example_target() -> Target:
    """The example's settings: base year 2025, handed in in the second half of 2026, target year 2031."""
    return next(record for record in _records() if isinstance(record, Target))


def example_inventory() -> tuple[InventoryRow, ...]:
    """The example's inventory of 2025, of the portfolio and of a whole company."""
    return tuple(record for record in _records() if isinstance(record, InventoryRow))


def with_example_target(plan: Plan) -> Plan:
    """The plan with the example's settings, and its inventory beside the rows it has; asked for, never silent."""
    return plan.but(target=example_target()).with_inventory(example_inventory())
