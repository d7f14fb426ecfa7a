"""Generation by type, as ENTSO-E publishes it, turned into intensity with life-cycle factors, and told so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from core.imports.hourly_parts import Parts
from core.imports.hourly_rows import Point, Said, moments, value_of
from core.imports.reading import RefusedError
from core.imports.sheet import Row, rows_of, shown
from core.units import PERCENT

LONG = ("DateTime(UTC)", "ProductionType", "ActualGenerationOutput[MW]")
AREA, AREA_KIND = "AreaDisplayName", "AreaTypeCode"
WIDE = re.compile(r"(.+?)\s+-\s+Actual Aggregated \[MW\]", re.IGNORECASE)
CLOCK = re.compile(r"\((UTC|CET/CEST|CET|BST/GMT|EET/EEST|WET/WEST)\)")
CLOCKS = {
    "UTC": "UTC", "CET/CEST": "Europe/Brussels", "CET": "Etc/GMT-1", "BST/GMT": "Europe/London",
    "EET/EEST": "Europe/Helsinki", "WET/WEST": "Europe/Lisbon",
}  # fmt: skip
NOT_EXPECTED = "n/e"
# Which factor stands for a type; a type without one is left out of the mean, and told.
FACTOR = {
    "Biomass": "biomass",
    "Fossil Brown coal/Lignite": "coal",
    "Fossil Coal-derived gas": "gas",
    "Fossil Gas": "gas",
    "Fossil Hard coal": "coal",
    "Fossil Oil": "oil",
    "Geothermal": "geothermal",
    "Hydro Pumped Storage": "hydro",
    "Hydro Run-of-river and poundage": "hydro",
    "Hydro Water Reservoir": "hydro",
    "Nuclear": "nuclear",
    "Solar": "solar_pv",
    "Waste": "waste",
    "Wind Offshore": "wind_onshore",
    "Wind Onshore": "wind_onshore",
}
STANDS_IN = {
    "Fossil Brown coal/Lignite": "lignite by the factor of coal",
    "Wind Offshore": "wind at sea by that of wind on land",
    "Fossil Coal-derived gas": "gas from coal by that of natural gas",
}

Mix = dict[str, float | None]  # megawatts by type


def is_long(header: Sequence[str]) -> bool:
    """Whether the header is that of ENTSO-E's file library."""
    return set(LONG) <= set(header)


def is_wide(header: Sequence[str]) -> bool:
    """Whether the header is that of ENTSO-E's export with one column a type."""
    return any(WIDE.fullmatch(column) for column in header) and _clock_column(header) != ""


def long(name: str, text: str, separator: str, said: Said, factors: Mapping[str, float]) -> Parts:
    """One row a type and time, in UTC."""
    rows = list(rows_of(name, text, separator, LONG, "generation"))
    for column in (AREA, AREA_KIND):
        found = sorted({row.cells.get(column, "") for row in rows})
        if len(found) > 1:
            raise RefusedError(
                f"{name}, column {column}: it holds {', '.join(map(shown, found[:4]))}; give one area a file"
            )
    time, kind, power = LONG
    mixes: dict[datetime, tuple[Row, Mix]] = {}
    for row, at in zip(rows, moments(name, rows, time, said, "UTC"), strict=True):
        _, mix = mixes.setdefault(at, (row, {}))
        if row.cells[kind] in mix:
            raise RefusedError(f"{row.where}: {shown(row.cells[kind])} stands there twice for {at:%Y-%m-%d %H:%M} UTC")
        mix[row.cells[kind]] = value_of(row, power, separator)
    return _parts(name, [(row, at, mix) for at, (row, mix) in mixes.items()], factors, "times are UTC")


def wide(name: str, text: str, separator: str, said: Said, factors: Mapping[str, float]) -> Parts:
    """One column a type; the clock is named in the time's heading or cells, or asked for."""
    rows = list(rows_of(name, text, separator, (), "generation"))
    header = list(rows[0].cells)
    time = _clock_column(header)
    named = CLOCK.search(time) or CLOCK.search(rows[0].cells[time])
    zone = CLOCKS[named[1]] if named else ""
    plain = [_bare(row, time) for row in rows]
    types = {column: " ".join(found[1].split()) for column in header if (found := WIDE.fullmatch(column))}
    used = {column: kind for column, kind in types.items() if any(_expected(row, column) for row in rows)}
    points = [
        (
            row,
            at,
            {
                kind: value_of(row, column, separator) if _expected(row, column) else 0.0
                for column, kind in used.items()
            },
        )
        for row, at in zip(rows, moments(name, plain, time, said, zone), strict=True)
    ]
    return _parts(name, points, factors, f"times are {zone or said.zone or 'with their zone'}")


def _clock_column(header: Sequence[str]) -> str:
    return next((column for column in header if column.upper().startswith("MTU")), "")


def _expected(row: Row, column: str) -> bool:
    return row.cells[column].lower() != NOT_EXPECTED


def _bare(row: Row, time: str) -> Row:
    """The row with its time freed of the clock's name."""
    return Row(row.where, row.number, row.cells | {time: CLOCK.sub("", row.cells[time]).strip()})


def _parts(name: str, mixes: Sequence[tuple[Row, datetime, Mix]], factors: Mapping[str, float], clock: str) -> Parts:
    """Intensity of each mix: megawatts times factors over megawatts; a mix with a hole has none."""
    points: list[Point] = []
    energy, left = 0.0, dict[str, float]()
    for row, at, mix in mixes:
        for kind, power in mix.items():
            if power is not None and power < 0:
                raise RefusedError(f"{row.where}, {kind}: {power:g} MW is negative; generation is 0 or more")
            if FACTOR.get(kind, "") not in factors:
                left[kind] = left.get(kind, 0.0) + (power or 0.0)
            energy += power or 0.0
        points.append(Point(row, at, _intensity(mix, factors)))
    if not any(point.value is not None for point in points):
        raise RefusedError(f"{name}: no time has generation of a type with a life-cycle factor")
    kinds = {kind for _, _, mix in mixes for kind in mix}
    told = [
        "converted from generation with life-cycle factors (IPCC 2014 medians, Methods, Ways of generating): "
        f"production alone, no imports; {clock}"
    ]
    told += (
        [f"{', '.join(text for kind, text in STANDS_IN.items() if kind in kinds)}"] if kinds & STANDS_IN.keys() else []
    )
    shares = [f"{kind} {total / energy * PERCENT:.1f} %" for kind, total in sorted(left.items()) if total > 0]
    if shares:
        told.append(f"left out, no factor: {', '.join(shares)} of the energy")
    return Parts(tuple(points), "life_cycle", tuple(told))


def _intensity(mix: Mix, factors: Mapping[str, float]) -> float | None:
    if any(power is None for power in mix.values()):
        return None
    known = [(power or 0.0, factors[FACTOR[kind]]) for kind, power in mix.items() if FACTOR.get(kind, "") in factors]
    total = sum(power for power, _ in known)
    return sum(power * factor for power, factor in known) / total if total else None
