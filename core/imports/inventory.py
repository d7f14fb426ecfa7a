"""An inventory as CSV: one row a scope, category and method, wrong rows left out one by one.

Columns: `year`, `scope` (1, 2, 3), `category` (1 to 15, scope 3), `method` (location or market, scope 2), the amount as
`emissions_t`, as `emissions_kg`, or as `emissions` with a `unit`; and `covers`, `basis`, `source`, `note`.
"""

from __future__ import annotations

import re

from core.imports.by_row import ByRow, Line, at_most, lines_of, record_of, source_of, told
from core.plan.inventory import InventoryRow
from core.plan.limits import MOST_INVENTORY
from core.plan.lines import clashes
from core.units import KG_PER_T

COLUMNS = (
    "year", "scope", "category", "method", "emissions_t", "emissions_kg", "emissions", "unit", "covers", "basis",
    "source", "note",
)  # fmt: skip
NEEDED = (("year",), ("scope",), ("emissions_t", "emissions_kg", "emissions"))
UNITS = {"t": 1.0, "k": 1 / KG_PER_T}  # by first letter, of CO2e, as tonnes of one
UNIT = re.compile(r"(t|tonnes?|kg) ?(?:co(?:2|₂)(?:e|eq|-eq|-e))?", re.IGNORECASE)
UNITS_SAID = "t or kg of CO2e, as t, kg, tCO2e or kgCO2e"


def read(name: str, raw: bytes) -> ByRow[InventoryRow]:
    """The rows of an inventory and a sentence for each that is wrong; RefusedError where the file is none at all."""
    lines, problems = lines_of(name, raw, COLUMNS, NEEDED)
    lines = at_most(MOST_INVENTORY, "rows", lines, problems)
    taken: list[tuple[Line, InventoryRow]] = []
    for place, line in enumerate(lines, 1):
        _plain(line)
        row = record_of(InventoryRow, line, {"id": f"I{place}"} | _source(line, name))
        if row is not None:
            taken.append((line, row))
    for place in clashes([row for _, row in taken]):
        line, row = taken[place]
        line.refuse("", f"{row.called} stands above too, with the same note; rows whose notes differ add up")
    return ByRow(tuple(row for line, row in taken if not line.wrong), told(lines, problems))


def _source(line: Line, name: str) -> dict[str, str]:
    return {} if line.cells.get("source") else {"source": source_of(name)}


def _plain(line: Line) -> None:
    """A row in the words and the unit of the record."""
    cells = line.cells
    cells["scope"] = re.sub(r"(?i)^scope ", "", cells.get("scope", ""))
    for column in ("covers", "method", "basis"):
        cells[column] = cells.get(column, "").lower().replace("-based", "").replace("life cycle", "life_cycle")
    unit, found = cells.pop("unit", ""), None
    if unit or cells.get("emissions"):
        found = UNIT.fullmatch(unit)
        if found is None:
            said = f"unit is '{unit[:20]}'" if unit else "unit is blank"
            line.refuse("unit", f"{said}; it must be {UNITS_SAID}")
            return
    said_unit = found[1][:1].lower() if found else ""
    for column, own in (("emissions_t", "t"), ("emissions_kg", "k")):
        if said_unit and cells.get(column) and said_unit != own:
            line.refuse("unit", f"unit is '{unit[:20]}', but the amount stands in the column {column}")
            return
    line.scaled("emissions_kg", "emissions_t", UNITS["k"])
    line.scaled("emissions", "emissions_t", UNITS[said_unit or "t"])
