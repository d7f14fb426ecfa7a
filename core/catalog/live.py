"""Services that tell a grid's carbon intensity as it is now: what each counts, and which of its zones is a region here.

>>> live_services()["watttime"].counts
'marginal'
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from core import catalog
from core.catalog.rows import Row, columns_of, frozen, keyed, read, record
from core.catalog.tables import by_id, checked

SERVICES, ZONES = "live/services.csv", "live/zones.csv"
COUNTS = frozenset({"life_cycle", "direct", "marginal"})
WAYS = frozenset({"hourly", "named"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveService:
    """A service. `zones`: `hourly` where a region's zone of the reference year is its name there, else `named`.

    `longest_days` is the longest period that one question may ask of the past.
    """

    id: str
    name: str
    address: str
    counts: str
    unit: str
    longest_days: int
    zones: str
    key_needed: bool
    status: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveZone:
    """What a service calls a region of the catalog."""

    service: str
    region: str
    zone: str
    status: str
    source: str
    note: str = ""


@lru_cache(maxsize=1)
def live_services() -> Mapping[str, LiveService]:
    """The services known, read when first asked for."""
    return read_services(catalog.FOLDER, catalog.load().sources)


@lru_cache(maxsize=1)
def live_zones() -> Mapping[tuple[str, str], LiveZone]:
    """Zones by service and region, read when first asked for."""
    return read_zones(catalog.FOLDER, catalog.load().sources, live_services(), catalog.load().regions)


def read_services(folder: Path, known: Collection[str]) -> Mapping[str, LiveService]:
    """The services of a folder; `known` are the keys of sources."""
    rows = keyed(checked(read(folder, SERVICES, columns_of(LiveService)), known), by_id, "id")
    return frozen({key: _service(row) for key, row in rows.items()})


def _service(row: Row) -> LiveService:
    row.one_of("counts", COUNTS, "word for what is counted")
    row.one_of("zones", WAYS, "way to name zones")
    if not row.text("address").startswith("https://"):
        row.fail("address", "not https")
    return record(LiveService, row)


def read_zones(
    folder: Path, known: Collection[str], services: Collection[str], regions: Collection[str]
) -> Mapping[tuple[str, str], LiveZone]:
    """The zones of a folder, of services and regions that are known."""
    rows = checked(read(folder, ZONES, columns_of(LiveZone)), known)
    for row in rows:
        row.one_of("service", services, "service")
        row.one_of("region", regions, "region")
    found = keyed(rows, lambda row: f"{row.text('service')}:{row.text('region')}", "region")
    zones = (record(LiveZone, row) for row in found.values())
    return MappingProxyType({(zone.service, zone.region): zone for zone in zones})
