"""Where a workload runs: its grid, facility overhead and cooling water, each as low, central, high [P10, P50, P90]."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog import Assumption, Catalog, CloudRegion, Premises, Region
from core.plan import Workload


@dataclass(frozen=True, slots=True)
class Ranged:
    """A quantity with its 80 % range, where it comes from (source keys, or `input`), and how sure that is.

    `key` names the factor in the joint draws.
    """

    low: float
    central: float
    high: float
    source: str
    key: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """The grid and the building. `key` names the site in the joint draws; `premises` is a building of one's own."""

    key: str
    region: Region
    pue: Ranged
    wue_l_per_kwh: Ranged
    premises: Premises | None = None


def find_region(catalog: Catalog, key: str) -> tuple[Region | None, CloudRegion | None]:
    """The grid behind a region field, and the cloud region when it names one; None, None when it names neither."""
    cloud, premises = catalog.cloud_regions.get(key), catalog.premises.get(key)
    grid = cloud.region_id if cloud else premises.region_id if premises else key
    return catalog.regions.get(grid), cloud


def site_of(catalog: Catalog, workload: Workload) -> Site | None:
    """The site of a workload; None when the catalog does not know the region."""
    region, cloud = find_region(catalog, workload.region)
    if region is None:
        return None
    provider = cloud.provider if cloud else workload.hosting
    key = f"{workload.region}:{provider}"
    premises = catalog.premises.get(workload.region)
    pue, wue = _pue(catalog, workload, cloud, key), _wue(catalog, workload, cloud, key)
    return Site(key, region, pue, wue, premises)


def given(value: float, key: str, source: str = "input") -> Ranged:
    """A value that somebody entered, in the plan or in an entry of one's own."""
    return Ranged(value, value, value, source, key, "entered")


def assumed(assumption: Assumption, key: str) -> Ranged:
    """The range of an assumption, under the name of the factor that draws it."""
    return Ranged(assumption.low, assumption.central, assumption.high, assumption.source, key, assumption.status)


def _around(value: float, spread: Assumption, cloud: CloudRegion, key: str) -> Ranged:
    source = merged(cloud.source, spread.source)
    return Ranged(value * spread.low, value, value * spread.high, source, key, cloud.status)


def merged(*sources: str) -> str:
    """Source keys of several parts, each once, in order."""
    return ";".join(dict.fromkeys(key for source in sources for key in source.split(";") if key))


def site_default(catalog: Catalog, quantity: str, workload: Workload, cloud: CloudRegion | None) -> Assumption:
    """The PUE or WUE that stands in where nobody published or entered one: the provider's, else the hosting's."""
    names = [f"{quantity}_{cloud.provider}" if cloud else "", f"{quantity}_{workload.hosting}", f"{quantity}_own"]
    return next(catalog.assumptions[name] for name in names if name in catalog.assumptions)


def _pue(catalog: Catalog, workload: Workload, cloud: CloudRegion | None, key: str) -> Ranged:
    if workload.pue is not None:
        return given(workload.pue, f"pue:{workload.id}")
    premises = catalog.premises.get(workload.region)
    if premises and premises.pue is not None:
        return given(premises.pue, f"pue:{key}", premises.source)
    if cloud and cloud.pue is not None:
        over = _around(cloud.pue - 1.0, catalog.assumptions["pue_published_factor"], cloud, f"pue:{key}")
        return Ranged(1.0 + over.low, cloud.pue, 1.0 + over.high, over.source, over.key, over.status)
    return assumed(site_default(catalog, "pue", workload, cloud), f"pue:{key}")


def _wue(catalog: Catalog, workload: Workload, cloud: CloudRegion | None, key: str) -> Ranged:
    if workload.wue_l_per_kwh is not None:
        return given(workload.wue_l_per_kwh, f"wue:{workload.id}")
    premises = catalog.premises.get(workload.region)
    if premises and premises.wue_l_per_kwh is not None:
        return given(premises.wue_l_per_kwh, f"wue:{key}", premises.source)
    if cloud and cloud.wue_l_per_kwh is not None:
        return _around(cloud.wue_l_per_kwh, catalog.assumptions["wue_published_factor"], cloud, f"wue:{key}")
    return assumed(site_default(catalog, "wue", workload, cloud), f"wue:{key}")


def lifetime_years(catalog: Catalog, workload: Workload, site: Site) -> Ranged:
    """Years after which the hardware is replaced: the workload's, else its site's, else the catalog's assumption."""
    if workload.lifetime_years is not None:
        return given(workload.lifetime_years, f"lifetime:{workload.id}")
    if site.premises and site.premises.lifetime_years is not None:
        return given(site.premises.lifetime_years, "lifetime", site.premises.source)
    return assumed(catalog.assumptions["lifetime_years"], "lifetime")


def grid_of(region: Region) -> Ranged:
    """The carbon intensity of a grid's electricity [g/kWh], under the name of the factor that draws it."""
    low, high = region.carbon_low_g_per_kwh, region.carbon_high_g_per_kwh
    return Ranged(low, region.carbon_g_per_kwh, high, region.source, f"grid:{region.id}", region.status)
