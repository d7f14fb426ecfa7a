"""Files of carbon intensity itself: Electricity Maps, NESO of Great Britain, WattTime, and two plain columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from core.imports.hourly_parts import Parts
from core.imports.hourly_rows import Point, Said, columns_like, moments, value_of
from core.imports.reading import RefusedError, UnansweredError
from core.imports.sheet import Row, rows_of, shown
from core.units import G_PER_KG, KG_PER_LB, KWH_PER_MWH

# Units as g/kWh of one.
UNITS = {
    "g/kWh": 1.0,
    "kg/MWh": G_PER_KG / KWH_PER_MWH,
    "kg/kWh": G_PER_KG,
    "lb/MWh": KG_PER_LB * G_PER_KG / KWH_PER_MWH,
}
NAMED = ((r"g(co2e?q?)?[_/ ]?(per_)?kwh$", "g/kWh"), (r"kg.*mwh$", "kg/MWh"), (r"kg.*kwh$", "kg/kWh"),
         (r"lbs?.*mwh$", "lb/MWh"))  # fmt: skip
UTC_TIME = "datetime (utc)"
TIMES = ("timestamp", "datetime", UTC_TIME, "time", "date", "utc", "point_time", "from", "hour")
EM_BASES = {
    "carbon intensity gco₂eq/kwh (life cycle)": "life_cycle",
    "carbon intensity gco₂eq/kwh (lca)": "life_cycle",
    "carbon intensity gco₂eq/kwh (direct)": "direct",
}
EM_OTHERS = {UTC_TIME: "time", "zone id": "zone", "data estimated": "estimated"}
NESO = "actual carbon intensity (gco2/kwh)"
MIX = {"datetime": "time", "carbon_intensity": "value"}
GB = "GB"
GB_BASIS = "it counts the combustion of Great Britain's own mix, not the life cycle"


def is_electricity_maps(header: Sequence[str]) -> bool:
    """Whether the header is that of an hourly file of Electricity Maps."""
    return bool(columns_like(header, EM_BASES)) and "time" in columns_like(header, EM_OTHERS)


def is_neso(header: Sequence[str]) -> bool:
    """Whether the header is that of NESO's carbon intensity."""
    return len(columns_like(header, {NESO: "value", UTC_TIME: "time"})) == 2


def is_neso_mix(header: Sequence[str]) -> bool:
    """Whether the header is that of NESO's historic generation mix."""
    return len(columns_like(header, {**MIX, "generation": "all"})) == 3


def is_watttime(header: Sequence[str]) -> bool:
    """Whether the header is that of WattTime's historical data."""
    return len(columns_like(header, {"point_time": "time", "value": "value"})) == 2


def is_plain(header: Sequence[str]) -> bool:
    """Whether the header holds a time and one column more."""
    return len(header) == 2 and header[0].strip().lower() in TIMES


def electricity_maps(name: str, text: str, separator: str, said: Said, factors: Mapping[str, float]) -> Parts:
    """The life-cycle column unless the direct one is asked for; estimated hours are counted."""
    rows, header = _rows(name, text, separator, "Electricity Maps")
    bases, others = columns_like(header, EM_BASES), columns_like(header, EM_OTHERS)
    basis = said.basis or ("life_cycle" if "life_cycle" in bases else "direct")
    if basis not in bases:
        raise RefusedError(f"{name} has no {basis.replace('_', '-')} column; it has {', '.join(sorted(bases))}")
    zones = sorted({row.cells[others["zone"]] for row in rows}) if "zone" in others else []
    if len(zones) > 1:
        raise RefusedError(f"{name} holds {len(zones)} zones: {', '.join(map(shown, zones[:5]))}; give one zone a file")
    told = [f"column '{bases[basis]}' [g/kWh]; times are UTC"]
    if len(bases) > 1:
        told.append(
            f"the other column, {', '.join(column for key, column in bases.items() if key != basis)}, is not used"
        )
    if "estimated" in others:
        guessed = sum(row.cells[others["estimated"]].lower() in ("true", "1", "yes") for row in rows)
        told.append(
            f"{guessed:,} of {len(rows):,} rows were estimated by the publisher" if guessed else "no row estimated"
        )
    points = _points(name, rows, others["time"], bases[basis], separator, said, "UTC", 1.0)
    counted: Literal["life_cycle", "direct"] = "life_cycle" if basis == "life_cycle" else "direct"
    return Parts(points, counted, tuple(told), bases=tuple(bases), area="".join(zones))


def neso(name: str, text: str, separator: str, said: Said, factors: Mapping[str, float]) -> Parts:
    """The actual intensity; the forecast is never put in its place."""
    rows, header = _rows(name, text, separator, "NESO")
    found = columns_like(header, {NESO: "value", UTC_TIME: "time"})
    points = _points(name, rows, found["time"], found["value"], separator, said, "UTC", 1.0)
    blank = [point for point in points if point.value is None]
    told = [f"column '{found['value']}' [g/kWh]; times are UTC; {GB_BASIS}"]
    if blank:
        told.append(f"rows without an actual value: {len(blank):,}, first row {blank[0].row.number:,}: missing, not 0")
    return Parts(points, "direct", tuple(told), area=GB)


def neso_mix(name: str, text: str, separator: str, said: Said, factors: Mapping[str, float]) -> Parts:
    """The column CARBON_INTENSITY of the generation mix."""
    rows, header = _rows(name, text, separator, "NESO")
    found = columns_like(header, MIX)
    points = _points(name, rows, found["time"], found["value"], separator, said, "UTC", 1.0)
    told = f"column '{found['value']}' [g/kWh]; times are taken as UTC; {GB_BASIS}"
    return Parts(points, "direct", (told,), area=GB)


def watttime(name: str, text: str, separator: str, said: Said, factors: Mapping[str, float]) -> Parts:
    """Marginal emissions. The file does not say its unit, so it is asked for."""
    factor = _unit(name, "value", said, "WattTime writes lb/MWh")
    rows, header = _rows(name, text, separator, "WattTime")
    found = columns_like(header, {"point_time": "time", "value": "value"})
    told = f'marginal, {said.unit}: it feeds the line "scored on marginal" alone, and no inventory'
    points = _points(name, rows, found["time"], found["value"], separator, said, "", factor)
    return Parts(points, "marginal", (told,))


def plain(name: str, text: str, separator: str, said: Said, factors: Mapping[str, float]) -> Parts:
    """A time and a value; the unit is in the value's name, or asked for."""
    rows, header = _rows(name, text, separator, "plain")
    time, value = header
    named = next((unit for form, unit in NAMED if re.search(form, value.strip().lower())), "")
    unit = said.unit or named
    factor = _unit(name, value, Said(unit=unit), "usually g/kWh")
    zone = "UTC" if "utc" in time.lower() else ""
    points = _points(name, rows, time, value, separator, said, zone, factor)
    clock = f"times are {zone or said.zone}" if zone or said.zone else "times name their zone"
    told = f"column '{value}' [{unit}]; {clock}; what it counts is not said"
    return Parts(points, "unknown", (told,), unit_guessed=True)


def _unit(name: str, column: str, said: Said, usual: str) -> float:
    if not said.unit:
        raise UnansweredError(
            "unit", f"{name}: the column '{shown(column)}' does not say its unit; {usual}; say it", tuple(UNITS)
        )
    if said.unit not in UNITS:
        raise RefusedError(f"{name}: the unit '{shown(said.unit)}' is not known; it must be one of {', '.join(UNITS)}")
    return UNITS[said.unit]


def _rows(name: str, text: str, separator: str, what: str) -> tuple[list[Row], list[str]]:
    rows = list(rows_of(name, text, separator, (), what))
    return rows, list(rows[0].cells)


def _points(
    name: str, rows: Sequence[Row], time: str, value: str, separator: str, said: Said, zone: str, factor: float
) -> tuple[Point, ...]:
    """The rows as points; RefusedError for a negative value."""
    found = []
    for row, at in zip(rows, moments(name, rows, time, said, zone), strict=True):
        number = value_of(row, value, separator)
        if number is not None and number < 0:
            raise RefusedError(f"{row.where}, column {value}: {number:g} is negative; an intensity is 0 or more")
        found.append(Point(row, at, None if number is None else number * factor))
    return tuple(found)
