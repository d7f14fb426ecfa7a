"""Grids. One file per licence, put together here: carbon, a second carbon figure, water, place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from core.catalog.records import Assumption, Region
from core.catalog.rows import CatalogError, Row, columns_of, frozen, keyed, read, record
from core.catalog.tables import by_id, checked

BASES = frozenset({"life_cycle_production", "life_cycle_consumption", "direct"})
SHARES = ("renewable_pct", "carbon_free_pct")
RANGE = ("carbon_low_g_per_kwh", "carbon_high_g_per_kwh")
PLACE = ("latitude", "longitude", "timezone")
WATER = ("water_l_per_kwh", "water_is_world_default", "water_status", "water_source")
PLAIN = ("regions/ember.csv", "regions/epa_egrid.csv", "regions/china_mee.csv")


def regions(folder: Path, known: Collection[str], margin: Assumption) -> Mapping[str, Region]:
    """Every grid, by id."""
    rows = keyed(checked(carbon_rows(folder), known), by_id, "id")
    places = joined(checked(added(folder, "places", *PLACE, "source"), known, statuses=()), rows)
    water_rows = checked(added(folder, "water", *WATER), known, statuses=("water_status",), cited=("water_source",))
    water = joined(water_rows, rows)
    second_rows = added(folder, "electricity_maps_alternative", "carbon_alt_g_per_kwh", *SHARES, "source")
    second = joined(checked(second_rows, known, statuses=()), rows)
    complete(rows, places, "regions/places.csv")
    complete(rows, water, "regions/water.csv")
    return frozen({key: region(row, places[key], water[key], second.get(key), margin) for key, row in rows.items()})


def carbon_rows(folder: Path) -> list[Row]:
    """The rows of all files that give a region its carbon intensity."""
    columns = columns_of(Region, without=[*RANGE, *SHARES, *PLACE, *WATER])
    rows = [row for file in PLAIN for row in read(folder, file, columns)]
    rows += read(folder, "regions/electricity_maps.csv", [*columns, *SHARES])
    rows += read(folder, "regions/world.csv", [*columns, *RANGE])
    for row in rows:
        row.one_of("carbon_basis", BASES, "basis")
    return rows


def added(folder: Path, name: str, *columns: str) -> list[Row]:
    """Rows of a file that adds columns to regions."""
    return read(folder, f"regions/{name}.csv", ["region_id", *columns])


def joined(rows: list[Row], regions: Collection[str]) -> Mapping[str, Row]:
    """The rows by region id, each of a known region."""
    found = keyed(rows, lambda row: row.text("region_id"), "region_id")
    for row in rows:
        row.one_of("region_id", regions, "region")
    return found


def complete(rows: Mapping[str, Row], found: Mapping[str, Row], file: str) -> None:
    """Every region has its row in the file."""
    for key, row in rows.items():
        if key not in found:
            raise CatalogError(f"{file}: no row for {key!r} of {row.file}, line {row.line}")


def region(row: Row, place: Row, water: Row, second: Row | None, margin: Assumption) -> Region:
    """One grid, each field read from the file it stands in."""
    low, high = carbon_range(row, second, margin)
    shares = second or row
    parts = (row, second) if second else (row,)
    sources = dict.fromkeys(key for part in parts for key in part.text("source").split(";"))
    return record(
        Region,
        row,
        carbon_low_g_per_kwh=low,
        carbon_high_g_per_kwh=high,
        latitude=number_or_none(place, "latitude"),
        longitude=number_or_none(place, "longitude"),
        timezone=place.cells["timezone"],
        renewable_pct=number_or_none(shares, "renewable_pct"),
        carbon_free_pct=number_or_none(shares, "carbon_free_pct"),
        water_l_per_kwh=water.number("water_l_per_kwh"),
        water_is_world_default=water.flag("water_is_world_default"),
        water_status=water.text("water_status"),
        water_source=water.text("water_source"),
        source=";".join(sources),
    )


def number_or_none(row: Row, column: str) -> float | None:
    """A number, or None where the file has no such column or the cell is empty."""
    return row.number(column) if row.cells.get(column) else None


def carbon_range(row: Row, second: Row | None, margin: Assumption) -> tuple[float, float]:
    """The margin around the figure, widened to a second publication; or the range the file gives [g/kWh]."""
    if "carbon_low_g_per_kwh" in row.cells:
        row.rising("carbon_low_g_per_kwh", "carbon_g_per_kwh", "carbon_high_g_per_kwh")
        return row.number("carbon_low_g_per_kwh"), row.number("carbon_high_g_per_kwh")
    value = row.number("carbon_g_per_kwh")
    other = second.number("carbon_alt_g_per_kwh") if second else value
    return min(value * margin.low, other), max(value * margin.high, other)
