"""The file added up again as an auditor would: a factor times an activity on every row, summed by scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.disclosure.rows import FLEET, GPU_HOUR, KWH

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Readded:
    """Carbon of one year, scope and category, from the file alone [kg]."""

    year: int
    scope: int
    category: int | None
    rows: int
    location_kg: float
    market_kg: float


def readded(rows: Iterable[Row]) -> list[Readded]:
    """The sums by year, scope and category, in that order; works on rows as written and as read from a file."""
    sums: dict[tuple[int, int, int], tuple[int, float, float]] = {}
    for row in rows:
        key = int(_number(row, "year")), int(_number(row, "ghg_scope")), int(_number(row, "scope3_category"))
        count, location, market = sums.get(key, (0, 0.0, 0.0))
        activity = activity_kg(row)
        sums[key] = (
            count + 1,
            location + electricity_kg(row, "ef_location_kg_per_kwh") + activity,
            market + electricity_kg(row, "ef_market_kg_per_kwh") + activity,
        )
    return [Readded(year, scope, category or None, *found) for (year, scope, category), found in sorted(sums.items())]


def electricity_kg(row: Row, factor: str) -> float:
    """Carbon of a row's electricity [kg]: energy_facility_kwh x the factor of one method; 0 where the row has none."""
    return _number(row, "energy_facility_kwh") * _number(row, factor)


def activity_kg(row: Row) -> float:
    """Carbon of anything but electricity [kg]: ef_activity_kg_per_unit x the quantity that its unit names."""
    quantities = {GPU_HOUR: _number(row, "gpu_hours"), KWH: _number(row, "energy_facility_kwh"), FLEET: 1.0, "": 0.0}
    return _number(row, "ef_activity_kg_per_unit") * quantities[str(row.get("ef_activity_unit") or "")]


def _number(row: Row, name: str) -> float:
    value = row.get(name)
    return float(str(value)) if value not in (None, "") else 0.0
