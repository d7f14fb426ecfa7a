"""Generation by type, as ENTSO-E publishes it, turned into intensity with life-cycle factors, and told so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.imports.hourly_parts import Parts
from core.imports.hourly_rows import Point, Said, moments, value_of
from core.imports.reading import RefusedError
from core.imports.sheet import Row, header_of, rows_of, shown
from core.units import PERCENT

LONG = ("DateTime(UTC)", "ProductionType", "ActualGenerationOutput[MW]")
LONG_OLD = ("DateTime", "ProductionType", "ActualGenerationOutput")  # the library's files before their third version
AREAS = ("AreaDisplayName", "AreaName")
AREA_KIND = "AreaTypeCode"
KINDS = ("BZN", "CTY", "CTA", "SCA")  # of several that stand for one area, the first counts
MAP_CODES = ("AreaMapCode", "MapCode")
RESOLUTION = "ResolutionCode"
MINUTES = {"PT15M": 15, "PT30M": 30, "PT60M": 60, "PT1H": 60}
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
    return set(LONG) <= set(header) or set(LONG_OLD) <= set(header)


def is_wide(header: Sequence[str]) -> bool:
    """Whether the header is that of ENTSO-E's export with one column a type."""
    return any(WIDE.fullmatch(column) for column in header) and _clock_column(header) != ""


def long(name: str, text: str, separator: str, said: Said, factors: Mapping[str, float]) -> Parts:
    """One row a type and time, in UTC; each holds as long as its resolution code says."""
    columns = LONG if LONG[0] in header_of(text, separator) else LONG_OLD
    time, kind, power = columns
    rows, told = _one_area(name, list(rows_of(name, text, separator, columns, "generation")))
    mixes: dict[datetime, tuple[Row, Mix, int]] = {}
    energy_mwh: dict[str, float] = {}
    for row, at in zip(rows, moments(name, rows, time, said, "UTC"), strict=True):
        minutes = _minutes(row)
        _, mix, before = mixes.setdefault(at, (row, {}, minutes))
        if row.cells[kind] in mix:
            raise RefusedError(f"{row.where}: {shown(row.cells[kind])} stands there twice for {at:%Y-%m-%d %H:%M} UTC")
        if minutes != before:
            raise RefusedError(
                f"{row.where}, column {RESOLUTION}: it is {minutes} minutes, of another type at that time {before}"
            )
        mix[row.cells[kind]] = value_of(row, power, separator)
        energy_mwh[row.cells[kind]] = energy_mwh.get(row.cells[kind], 0.0) + (
            (mix[row.cells[kind]] or 0.0) * minutes / MINUTES["PT60M"]
        )
    parts = _parts(name, [(row, at, mix) for at, (row, mix, _) in mixes.items()], factors, "times are UTC")
    points = tuple(replace(point, lasts_min=mixes[point.at][2]) for point in parts.points)
    if any(energy_mwh.values()):
        made = ", ".join(f"{kind} {total:,.0f}" for kind, total in energy_mwh.items() if total)
        told.append(f"generated over the file, MWh: {made}")
    code = next((column for column in MAP_CODES if column in rows[0].cells), "")
    return replace(parts, points=points, said=(*told, *parts.said), area=rows[0].cells[code] if code else "")


def _minutes(row: Row) -> int:
    code = row.cells.get(RESOLUTION, "")
    if code and code not in MINUTES:
        raise RefusedError(f"{row.where}, column {RESOLUTION}: '{shown(code)}' is none of {', '.join(MINUTES)}")
    return MINUTES.get(code, 0)


def _one_area(name: str, rows: list[Row]) -> tuple[list[Row], list[str]]:
    """The rows of one area by one kind of it; RefusedError where they are of several areas."""
    by_code = next((column for column in MAP_CODES if column in rows[0].cells), "")
    for column in (*AREAS, by_code):
        of_kind: dict[str, set[str]] = {}
        for row in rows:
            of_kind.setdefault(row.cells.get(AREA_KIND, ""), set()).add(row.cells.get(column, ""))
        mixed = next((sorted(found) for found in of_kind.values() if len(found) > 1), None)
        if mixed:
            raise RefusedError(
                f"{name}, column {shown(column)}: it holds {', '.join(map(shown, mixed[:4]))}; give one area a file"
            )
    kinds = list(dict.fromkeys(row.cells.get(AREA_KIND, "") for row in rows))
    if len(kinds) == 1:
        return rows, []
    codes = list(dict.fromkeys(row.cells[by_code] for row in rows)) if by_code else []
    if len(codes) != 1:
        raise RefusedError(
            f"{name}, column {AREA_KIND}: it holds {', '.join(map(shown, kinds[:4]))}; give one area a file"
        )
    taken = min(kinds, key=lambda kind: (KINDS.index(kind) if kind in KINDS else len(KINDS), kind))
    kept = [row for row in rows if row.cells[AREA_KIND] == taken]
    others = ", ".join(kind for kind in kinds if kind != taken)
    left = f"{len(rows) - len(kept):,} rows are left out"
    return kept, [f"{shown(codes[0])} stands there as {taken} and again as {others}: {taken} counts, {left}"]


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
