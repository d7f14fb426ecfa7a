"""The plain tables: sources, hardware, cloud regions, facilities, prices, assumptions, factors, projections."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TypeVar

from core.catalog.everyday import Equivalent
from core.catalog.records import (
    Assumption,
    CloudRegion,
    EmissionFactor,
    Facility,
    FleetShare,
    Hardware,
    Precision,
    Price,
    Projection,
    Source,
)
from core.catalog.rows import STATUSES, Row, columns_of, frozen, keyed, read, record
from core.units import UNITLESS, UNITS

PRECISIONS = {
    "fp32": "peak_fp32_tflops",
    "tf32": "peak_tf32_tflops",
    "bf16": "peak_bf16_tflops",
    "fp16": "peak_fp16_tflops",
    "fp8": "peak_fp8_tflops",
    "int8": "peak_int8_tops",
    "int4": "peak_int4_tops",
    "fp4": "peak_fp4_tflops",
}
CARBON_FREE = ("carbon_free_share", "carbon_free_year")

Kind = TypeVar("Kind", Facility, Price, Assumption)


def by_id(row: Row) -> str:
    """The key in the `id` column."""
    return row.text("id")


def checked(
    rows: list[Row],
    sources: Collection[str],
    *,
    statuses: tuple[str, ...] = ("status",),
    cited: tuple[str, ...] = ("source",),
) -> list[Row]:
    """Rows whose sources and status words are known."""
    for row in rows:
        for column in cited:
            row.one_of(column, sources, "source")
        for column in statuses:
            row.one_of(column, STATUSES, "status")
    return rows


def sources(folder: Path) -> Mapping[str, Source]:
    """Every publication, by key."""
    rows = keyed(read(folder, "sources.csv", columns_of(Source)), lambda row: row.text("key"), "key")
    return frozen({key: record(Source, row) for key, row in rows.items()})


def hardware(folder: Path, known: Collection[str]) -> Mapping[str, Hardware]:
    """Every accelerator and CPU server, by id."""
    columns = [*columns_of(Hardware, without=["peak_tflops"]), *PRECISIONS.values()]
    rows = read(folder, "hardware/hardware.csv", columns)
    statuses = ("status_specs", "status_idle", "status_embodied")
    checked(rows, known, statuses=statuses, cited=("source_specs", "source_idle", "source_embodied"))
    return frozen({key: device(row, known) for key, row in keyed(rows, by_id, "id").items()})


def device(row: Row, known: Collection[str]) -> Hardware:
    """One accelerator, its peaks by precision."""
    row.rising("idle_low_w", "idle_w", "idle_high_w")
    row.rising("embodied_low_kg", "embodied_kg", "embodied_high_kg")
    row.one_of("supports", PRECISIONS, "precision")
    if row.cells["host_w"]:
        row.one_of("source_host", known, "source")
    peaks = {name: row.number(column) for name, column in PRECISIONS.items() if row.cells[column]}
    return record(Hardware, row, peak_tflops=frozen(peaks), supports=frozenset(row.text("supports").split(";")))


def cloud_regions(folder: Path, known: Collection[str], regions: Collection[str]) -> Mapping[str, CloudRegion]:
    """Every provider region, by `provider:region`."""
    rows = read(folder, "cloud/cloud_regions.csv", columns_of(CloudRegion, without=CARBON_FREE))
    keyed_rows = keyed(checked(rows, known), cloud_key, "region")
    shares = carbon_free(folder, known, keyed_rows)
    return frozen({key: cloud_region(row, shares.get(key), regions) for key, row in keyed_rows.items()})


def cloud_key(row: Row) -> str:
    """The key, as in `aws:us-east-1`."""
    return f"{row.text('provider')}:{row.text('region')}"


def carbon_free(folder: Path, known: Collection[str], regions: Collection[str]) -> Mapping[str, Row]:
    """Hourly carbon-free shares, which stand in a file of their own licence."""
    rows = read(folder, "cloud/gcp_carbon_free.csv", ["provider", "region", *CARBON_FREE, "source"])
    found = keyed(checked(rows, known, statuses=()), cloud_key, "region")
    for key, row in found.items():
        if key not in regions:
            row.fail("region", "not a region of cloud/cloud_regions.csv")
    return found


def cloud_region(row: Row, share: Row | None, regions: Collection[str]) -> CloudRegion:
    """One provider region on a known grid."""
    row.one_of("region_id", regions, "region")
    if row.cells["region_id_alternative"]:
        row.one_of("region_id_alternative", regions, "region")
    return record(
        CloudRegion,
        row,
        carbon_free_share=share.number("carbon_free_share") if share else None,
        carbon_free_year=share.whole("carbon_free_year") if share else None,
    )


def facilities(folder: Path, known: Collection[str]) -> Mapping[str, Facility]:
    """Published PUE and WUE figures, by id."""
    rows = read(folder, "facilities/facilities.csv", columns_of(Facility))
    return frozen({key: ranged(Facility, row) for key, row in keyed(checked(rows, known), by_id, "id").items()})


def prices(folder: Path, known: Collection[str]) -> Mapping[str, Price]:
    """Prices, by `category:key`."""
    rows = keyed(checked(read(folder, "prices/prices.csv", columns_of(Price)), known), by_id, "id")
    for row in rows.values():
        row.cells.update({end: row.cells[end] or row.cells["central"] for end in ("low", "high")})
        if row.text("id") != f"{row.text('category')}:{row.text('key')}":
            row.fail("id", "not category:key")
    return frozen({key: ranged(Price, row) for key, row in rows.items()})


def assumptions(folder: Path, known: Collection[str]) -> Mapping[str, Assumption]:
    """Defaults of the engine, by id."""
    rows = read(folder, "assumptions.csv", columns_of(Assumption))
    return frozen({key: ranged(Assumption, row) for key, row in keyed(checked(rows, known), by_id, "id").items()})


def ranged(kind: type[Kind], row: Row) -> Kind:
    """A record with a low, a central and a high value in a known unit."""
    row.rising("low", "central", "high")
    row.one_of("unit", UNITS.keys() | UNITLESS.keys(), "unit")
    return record(kind, row)


def precisions(folder: Path, known: Collection[str]) -> Mapping[str, Precision]:
    """Number formats, by id."""
    rows = checked(read(folder, "precisions.csv", columns_of(Precision)), known)
    return frozen({key: record(Precision, row) for key, row in keyed(rows, by_id, "id").items()})


def provider_fleet(folder: Path, known: Collection[str], devices: Collection[str]) -> tuple[FleetShare, ...]:
    """What an API may run on when its provider names nothing."""
    rows = checked(read(folder, "provider_fleet.csv", columns_of(FleetShare)), known)
    for row in rows:
        row.one_of("hardware_id", devices, "device")
    keyed(rows, lambda row: row.text("hardware_id"), "hardware_id")
    shares = tuple(record(FleetShare, row) for row in rows)
    if rows and not math.isclose(sum(share.weight for share in shares), 1.0):
        rows[-1].fail("weight", "the weights do not add up to 1")
    return shares


def emission_factors(folder: Path, known: Collection[str]) -> Mapping[str, EmissionFactor]:
    """Carbon by way of generating electricity, by id."""
    rows = checked(read(folder, "emission_factors.csv", columns_of(EmissionFactor)), known)
    for row in rows:
        row.rising("unece_low_g_per_kwh", "unece_high_g_per_kwh")
    return frozen({key: record(EmissionFactor, row) for key, row in keyed(rows, by_id, "id").items()})


def equivalents(folder: Path, known: Collection[str]) -> Mapping[str, Equivalent]:
    """Everyday things to set carbon beside, by id."""
    rows = checked(read(folder, "equivalents.csv", columns_of(Equivalent)), known)
    for row in rows:
        row.rising("carbon_low_kg_per_km", "carbon_kg_per_km", "carbon_high_kg_per_km")
    return frozen({key: record(Equivalent, row) for key, row in keyed(rows, by_id, "id").items()})


def projections(folder: Path, known: Collection[str]) -> Mapping[str, Projection]:
    """Grid scenarios, by `scenario:region`."""
    columns = ["scenario_id", "year", *columns_of(Projection, without=["id", "years"])]
    series: dict[str, list[Row]] = {}
    for file in ("projections/nrel.csv", "projections/oecm.csv"):
        for row in checked(read(folder, file, columns), known):
            series.setdefault(f"{row.text('scenario_id')}:{row.text('region')}", []).append(row)
    return frozen({key: projection(key, rows) for key, rows in series.items()})


def projection(key: str, rows: list[Row]) -> Projection:
    """One scenario in one region, its years in rising order."""
    years = tuple(row.whole("year") for row in rows)
    for row, before, year in zip(rows[1:], years, years[1:], strict=False):
        if year <= before:
            row.fail("year", f"does not come after {before}")
    values = tuple(row.number("carbon_g_per_kwh") for row in rows)
    return record(Projection, rows[0], id=key, years=years, carbon_g_per_kwh=values)


def projection_areas(
    folder: Path, known: Collection[str], series: Mapping[str, Projection]
) -> Mapping[str, frozenset[str]]:
    """Countries of each area that a scenario is for, by the area's name."""
    rows = checked(read(folder, "projections/areas.csv", ["area", "country_code", "status", "source"]), known)
    keyed(rows, lambda row: f"{row.text('area')}:{row.text('country_code')}", "country_code")
    found: dict[str, set[str]] = {}
    for row in rows:
        row.one_of("area", {one.region for one in series.values()}, "area of a scenario")
        found.setdefault(row.text("area"), set()).add(row.text("country_code"))
    return frozen({area: frozenset(codes) for area, codes in found.items()})
