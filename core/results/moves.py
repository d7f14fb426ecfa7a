"""Where and when a workload could run instead: the places its limits allow, and what each move does to its carbon.

Places are ranked by carbon of a kWh at the server: grid times facility overhead. The difference of a move comes from
the one road, with draws in common. Grids that count the stack alone are never ranked beside others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, nan, radians, sin, sqrt

import numpy as np

from core.catalog import Catalog, Region
from core.levers import acting
from core.plan import Plan, Workload
from core.plan.own_catalog import catalog_of
from core.results.draws import DRAWS, Floats
from core.results.figures import NOT_IN_FIGURES, carbon_kg
from core.results.hours import AS_THEY_COME
from core.results.site import Site, find_region, site_of
from core.results.under_levers import figures_under

EARTH_RADIUS_KM = 6371.0
FIBRE_KM_PER_MS = 200.0  # light in glass
CABLE_OVER_DISTANCE = 1.5  # cables are longer than the great circle
# Members of the European Economic Area, ISO 3166-1 alpha-2.
EEA = frozenset({
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT",
    "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO",
    "AX", "GF", "GP", "MQ", "RE", "YT",  # parts of Finland and France with a code of their own
})  # fmt: skip
AREAS = {"eea_gb_ch": EEA | {"GB", "CH"}, "eea": EEA, "eu": EEA - {"IS", "LI", "NO"}}  # where data may go
MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class Place:
    """A place a workload could run at: its field value, name, grid, overhead, and the line from today's region [ms].

    `g_per_kwh` is carbon of a kWh at the server, central case; `latency_ms` is NaN where a place has no coordinates.
    """

    key: str
    name: str
    region: Region
    g_per_kwh: float
    latency_ms: float


@dataclass(frozen=True, slots=True)
class Move:
    """A change of place, or of the way hours are chosen, and carbon of the workload's year before and after [kg].

    The differences are after - before, each (low, central, high). `reason` says why there is no figure.
    """

    key: str
    before_kg: float
    after_kg: float
    low_kg: float
    high_kg: float
    water_l: float
    cost_usd: float
    reason: str = ""


def latency_ms(one: Region, other: Region) -> float:
    """Round trip between two grids on the line [ms], by distance alone; NaN without coordinates.

    >>> from core import catalog
    >>> regions = catalog.load().regions
    >>> round(latency_ms(regions["DE"], regions["SE"])), latency_ms(regions["DE"], regions["DE"])
    (12, 0.0)
    """
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return nan
    assert one.latitude is not None
    assert one.longitude is not None
    assert other.latitude is not None
    assert other.longitude is not None
    north, south = radians(one.latitude), radians(other.latitude)
    across = radians(other.longitude - one.longitude)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2
    km = 2 * EARTH_RADIUS_KM * asin(sqrt(min(half, 1.0)))
    return 2 * km * CABLE_OVER_DISTANCE / FIBRE_KM_PER_MS


def server_g_per_kwh(site: Site) -> float:
    """Carbon of a kWh at the server, location-based [g/kWh]: the grid's average times the facility overhead."""
    return site.region.carbon_g_per_kwh * site.pue.central


@lru_cache(maxsize=MOST_KEPT)
def _everywhere(plan: Plan, workload: Workload) -> tuple[Place, ...]:
    """Places of the same kind as today's, cleanest first, after today's own."""
    catalog = catalog_of(plan)
    home = site_of(catalog, workload)
    if home is None:
        return ()
    keys = [key for key in _same_kind(catalog, workload) if key != workload.region]
    sites = {key: site_of(catalog, workload.but(region=key)) for key in keys}
    others = [
        _place(catalog, key, site, home.region)
        for key, site in sites.items()
        if site is not None and site.region.direct == home.region.direct
    ]
    return (_place(catalog, workload.region, home, home.region), *sorted(others, key=lambda place: place.g_per_kwh))


def _same_kind(catalog: Catalog, workload: Workload) -> list[str]:
    """The same provider's regions; else sites of one's own, and the grids on which a provider runs data centres."""
    cloud = catalog.cloud_regions.get(workload.region)
    if cloud is not None:
        return [key for key, other in catalog.cloud_regions.items() if other.provider == cloud.provider]
    grids = dict.fromkeys(other.region_id for other in catalog.cloud_regions.values())
    return [*(catalog.premises if workload.hosting in ("own", "colocation") else ()), *grids]


def _place(catalog: Catalog, key: str, site: Site, home: Region) -> Place:
    cloud = catalog.cloud_regions.get(key)
    name = cloud.location if cloud else site.premises.name if site.premises else site.region.name
    return Place(key, name, site.region, server_g_per_kwh(site), latency_ms(home, site.region))


def places(plan: Plan, workload: Workload) -> tuple[Place, ...]:
    """Today's place, then those that its limits allow, cleanest first; empty when today's is not known."""
    found = _everywhere(plan.model_copy(update=NOT_IN_FIGURES), workload.but(name="", tags=(), owner=""))
    if not found:
        return ()
    home, *others = found
    return (home, *(place for place in others if allowed(workload, home, place)))


def allowed(workload: Workload, home: Place, place: Place) -> bool:
    """Whether a workload's data may go to a place, and its users can wait for the line."""
    if not _may_lie(workload, home.region, place.region):
        return False
    return workload.latency_ms is None or place.latency_ms <= workload.latency_ms


def keeps_residency(plan: Plan, workload: Workload, key: str) -> bool:
    """Whether a workload's data may lie in the region of that id; not where nobody knows its place of today."""
    catalog = catalog_of(plan)
    home, there = (find_region(catalog, one)[0] for one in (workload.region, key))
    return home is not None and there is not None and _may_lie(workload, home, there)


def _may_lie(workload: Workload, home: Region, there: Region) -> bool:
    if workload.residency == "country":
        return _country(there) == _country(home)
    if workload.residency == "listed":
        return _country(there) in {*listed_countries(workload), _country(home)}
    return workload.residency not in AREAS or _country(there) in AREAS[workload.residency]


def listed_countries(workload: Workload) -> tuple[str, ...]:
    """The countries of a workload's own list, in capitals."""
    return tuple(code.strip().upper() for code in workload.residency_countries)


def unknown_countries(plan: Plan, workload: Workload) -> tuple[str, ...]:
    """Codes of a workload's own list that are of no grid of the catalog."""
    known = {_country(region) for region in catalog_of(plan).regions.values()}
    return tuple(code for code in listed_countries(workload) if workload.residency == "listed" and code not in known)


def _country(region: Region) -> str:
    return region.country_code or region.id.split("-")[0]


def move_to(plan: Plan, workload: Workload, key: str, draws: int = DRAWS) -> Move:
    """What another place does to a workload in the headline's year."""
    return _moved(plan, workload, workload.but(region=key, pue=None, wue_l_per_kwh=None), key, draws)


def hours_by(plan: Plan, workload: Workload, way: str, draws: int = DRAWS) -> Move:
    """What a way to choose hours does to a workload in the headline's year, against work as it comes."""
    return _moved(plan, workload.but(hours_chosen=AS_THEY_COME), workload.but(hours_chosen=way), way, draws)


def _moved(plan: Plan, before: Workload, after: Workload, key: str, draws: int) -> Move:
    catalog, view = catalog_of(plan), plan.model_copy(update=NOT_IN_FIGURES)
    found = []
    for workload in (before, after):
        one = figures_under(view, workload, acting(catalog, plan, workload), draws, plan.calibration(workload.id))
        if one.reason:
            return Move(key, nan, nan, nan, nan, nan, nan, one.reason)
        found.append(one.values)
    when = plan.shown_year() - plan.first_year
    was, now = (carbon_kg(plan, values)[when] for values in found)
    low, high = (float(end) for end in np.percentile((now - was)[1:], (10, 90))) if draws else (nan, nan)
    water, cost = (
        float((_sum(found[1], names, when) - _sum(found[0], names, when))[0])
        for names in (("water_site_l", "water_source_l"), ("cost_usd",))
    )
    return Move(key, float(was[0]), float(now[0]), low, high, water, cost)


def _sum(values: Mapping[str, Floats], names: tuple[str, ...], when: int) -> Floats:
    return np.asarray(sum(values[name][when] for name in names))


def grid_of_workload(plan: Plan, workload: Workload) -> Region | None:
    """The grid a workload runs on; None when it is not known."""
    return find_region(catalog_of(plan), workload.region)[0]
