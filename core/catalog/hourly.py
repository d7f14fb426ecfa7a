"""How a grid's carbon intensity moves from hour to hour: a reference year of 2023 for 158 zones, read when asked for.

An hour is the mean of its day times one of four typical daily shapes of its month; hours are UTC. It is no measured
series: use it as a shape, scaled to a region's own yearly mean.

>>> zones()["DE"].timezone
'Europe/Berlin'
>>> len(reference_hours("DE"))
8760
"""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core import catalog
from core.catalog.rows import CatalogError, Row, columns_of, frozen, keyed, pair, read, record, text_of
from core.catalog.tables import checked

ZONES, DAYS, SHAPES = "grid_hourly/zones.csv", "grid_hourly/days.csv", "grid_hourly/shapes.csv"
YEAR = 2023  # the year whose days these are
DAYS_IN_YEAR, HOURS_IN_DAY, MONTHS, SHAPES_A_MONTH = 365, 24, 12, 4
DAY_COLUMNS = ("zone", "day_of_year", "mean_g_per_kwh", "shape")
SHAPE_COLUMNS = ("zone", "month", "shape", *(f"h{hour:02d}" for hour in range(HOURS_IN_DAY)))
MEAN_TOLERANCE = 0.001  # shapes are published with three decimals
QUALITIES = {
    "ok": "",
    "flat": "The hours of {zone} are a yearly estimate, the same all day: shifting in time cannot be computed there.",
    "estimated": "Every hour of {zone} was estimated by a model, none measured: take the result as a hint.",
    "partly_estimated": "Part of the hours of {zone} were estimated by a model.",
    "suspect": "Hours of {zone} look partly estimated: take the result as a hint.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyZone:
    """A grid zone with an hourly shape: its year 2023 in a few figures, and how far its hours can be trusted."""

    zone: str
    timezone: str
    mean_g_per_kwh: float
    p05_g_per_kwh: float
    p95_g_per_kwh: float
    mean_daily_swing_g_per_kwh: float
    cleanest_local_hour: int
    dirtiest_local_hour: int
    saving_best_8h_pct: float
    quality: str
    year: int
    status: str
    source: str

    @property
    def flat(self) -> bool:
        """Whether its hours are one yearly estimate, so that shifting in time must be refused."""
        return self.quality == "flat"

    @property
    def caution(self) -> str:
        """What to say beside every figure of this zone; empty where its hours are measured."""
        return QUALITIES[self.quality].format(zone=self.zone)


@lru_cache(maxsize=1)
def zones() -> Mapping[str, HourlyZone]:
    """The project's own zones, read when first asked for."""
    return read_zones(catalog.FOLDER, catalog.load().sources)


@lru_cache(maxsize=8)
def reference_hours(zone: str) -> tuple[float, ...]:
    """The 8,760 hours of a zone's reference year [g/kWh], UTC, from 1 January 2023 00:00."""
    if zone not in zones():
        raise CatalogError(f"{ZONES}: no row for {zone!r}")
    return tuple(load()[zone])


@lru_cache(maxsize=1)
def load() -> Mapping[str, array[float]]:
    """The reference year of every zone [g/kWh]."""
    return read_hours(catalog.FOLDER, zones())


def read_zones(folder: Path, known: Collection[str]) -> Mapping[str, HourlyZone]:
    """The zones of a folder; `known` are the keys of sources."""
    rows = keyed(checked(read(folder, ZONES, columns_of(HourlyZone)), known), lambda row: row.text("zone"), "zone")
    return frozen({key: _zone(row) for key, row in rows.items()})


def _zone(row: Row) -> HourlyZone:
    row.one_of("quality", QUALITIES, "quality")
    row.rising("p05_g_per_kwh", "mean_g_per_kwh", "p95_g_per_kwh")
    try:
        ZoneInfo(row.text("timezone"))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a part of a name is a folder of zones
        row.fail("timezone", "not a time zone")
    return record(HourlyZone, row)


def read_hours(folder: Path, known: Collection[str]) -> Mapping[str, array[float]]:
    """The reference year of every zone of a folder; `known` are the zones that must be there, and no other."""
    shapes = _shapes(folder, known)
    days = _days(folder, known)
    months = [(date(YEAR, 1, 1) + timedelta(day)).month for day in range(DAYS_IN_YEAR)]
    return frozen(
        {
            zone: array(
                "d",
                (
                    mean * part
                    for month, (mean, shape) in zip(months, days[zone], strict=True)
                    for part in shapes[zone, month, shape]
                ),
            )
            for zone in known
        }
    )


def _lines(folder: Path, file: str, columns: tuple[str, ...]) -> list[list[str]]:
    """All lines of a file under exactly these columns in this order; numbers are read by the caller."""
    reader = csv.reader(io.StringIO(text_of(folder, file), newline=""), strict=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        raise CatalogError(f"{file}, line {reader.line_num}: cannot be read: {error}") from error
    if not lines or tuple(lines[0]) != columns:
        raise CatalogError(f"{file}, line 1: the columns must be {', '.join(columns)}")
    return lines[1:]


def _row(file: str, line: int, columns: tuple[str, ...], cells: list[str]) -> Row:
    """A line to complain about, cells by column."""
    return Row(file, line, pair(file, line, list(columns), cells))


def _days(folder: Path, known: Collection[str]) -> dict[str, list[tuple[float, int]]]:
    """Mean [g/kWh] and shape of the 365 days of each zone."""
    found: dict[str, list[tuple[float, int]]] = {zone: [] for zone in known}
    for line, cells in enumerate(_lines(folder, DAYS, DAY_COLUMNS), start=2):
        try:
            zone, day, mean, shape = cells[0], int(cells[1]), float(cells[2]), int(cells[3])
            days = found[zone]
            good = len(cells) == len(DAY_COLUMNS) and day == len(days) + 1 <= DAYS_IN_YEAR and 0 < mean < float("inf")
        except (ValueError, IndexError, KeyError):
            good = False
        if not good or not 1 <= shape <= SHAPES_A_MONTH:
            _complain_of_a_day(_row(DAYS, line, DAY_COLUMNS, cells), known, found)
        days.append((mean, shape))
    for zone, days in found.items():
        if len(days) != DAYS_IN_YEAR:
            raise CatalogError(f"{DAYS}: {len(days)} days of {zone!r}; a year has {DAYS_IN_YEAR}")
    return found


def _complain_of_a_day(row: Row, known: Collection[str], found: Mapping[str, list[tuple[float, int]]]) -> None:
    row.one_of("zone", known, "zone")
    following = len(found[row.text("zone")]) + 1
    if row.whole("day_of_year") != following or following > DAYS_IN_YEAR:
        row.fail("day_of_year", f"day {following} of {row.text('zone')} must come next, up to {DAYS_IN_YEAR}")
    if row.number("mean_g_per_kwh") <= 0:
        row.fail("mean_g_per_kwh", "not above 0")
    if row.whole("shape") not in range(1, SHAPES_A_MONTH + 1):
        row.fail("shape", f"not 1 to {SHAPES_A_MONTH}")


def _shapes(folder: Path, known: Collection[str]) -> dict[tuple[str, int, int], tuple[float, ...]]:
    """The 24 parts of each typical day, of mean 1, by zone, month and number."""
    found: dict[tuple[str, int, int], tuple[float, ...]] = {}
    for line, cells in enumerate(_lines(folder, SHAPES, SHAPE_COLUMNS), start=2):
        try:
            key = (cells[0], int(cells[1]), int(cells[2]))
            parts = tuple(map(float, cells[3:]))
            good = len(parts) == HOURS_IN_DAY and key[0] in known and key not in found and min(parts) >= 0
            good = good and abs(sum(parts) / HOURS_IN_DAY - 1) <= MEAN_TOLERANCE
        except (ValueError, IndexError):
            good = False
        if not good:
            _complain_of_a_shape(_row(SHAPES, line, SHAPE_COLUMNS, cells), known, found)
        found[key] = parts
    numbers = range(1, SHAPES_A_MONTH + 1)
    wanted = ((zone, month, number) for zone in known for month in range(1, MONTHS + 1) for number in numbers)
    if lacking := next((key for key in wanted if key not in found), None):
        raise CatalogError(f"{SHAPES}: no shape {lacking[2]} of month {lacking[1]} for {lacking[0]!r}")
    return found


def _complain_of_a_shape(row: Row, known: Collection[str], found: Collection[tuple[str, int, int]]) -> None:
    row.one_of("zone", known, "zone")
    if (row.text("zone"), row.whole("month"), row.whole("shape")) in found:
        row.fail("shape", "this shape of the month stands there twice")
    for column in SHAPE_COLUMNS[3:]:
        if row.number(column) < 0:
            row.fail(column, "negative")
    row.fail("h00", f"the 24 hours must have a mean of 1, give or take {MEAN_TOLERANCE:g}")
