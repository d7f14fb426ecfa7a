"""Which facts of the catalog a workload's factors are read from, so that the values of an older one can be put back.

A factor that is worked out from several facts is put back into the one that its row shows. What stands in the plan
itself, and the fits to measurements, are not put back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isclose

from core.catalog import Assumption, Catalog, Region, price_electricity, price_hour
from core.levers import acting
from core.plan import Plan, Workload
from core.plan.own import PREFIX
from core.plan.own_catalog import catalog_of
from core.plan.plan import Fact
from core.plan.then import PARAMETERS, PEAK
from core.results.lever_factors import parameter_name
from core.results.machine_factors import TRAINING_MEMORY, devices, peak_of
from core.results.projection import grid_index
from core.results.site import Site, find_region, site_default, site_of

Shown = tuple[float, float | None, float | None]  # value and range of a factor's row
Put = Callable[[Shown], tuple[Fact, ...]]
ENDS = ("central", "low", "high")
ASSUMED = {
    "Memory kept free of weights and requests": "memory_reserve_share",
    "Memory kept free": "memory_reserve_share",
    "Requests a copy must have room for": "room_batch",
    "Requests the provider answers at a time": "api_batch",
    "Most requests at a time": "batch_cap",
    "Share of held hours spent training": "training_utilization",
    "Share of the provider's hours at work": "provider_utilization",
    "Making of the server, per accelerator": "embodied_server_share_kg",
    "Contract's electricity": "contract_g_per_kwh",
    **{name: key for key, name, _ in TRAINING_MEMORY},
}


def facts_behind(plan: Plan, workload: Workload) -> Mapping[str, Put]:
    """By the name of a factor, what its row says as facts; of those factors alone that come from the catalog."""
    catalog, site = catalog_of(plan), None
    if workload.model in catalog.models:
        site = site_of(catalog, workload)
    if site is None:
        return {}
    found = {name: _of("assumptions", key, *ENDS) for name, key in ASSUMED.items()}
    found |= _model(catalog, workload) | _devices(catalog, workload, site) | _grid(catalog, plan, site.region)
    found |= _place(catalog, workload, site) | _prices(catalog, workload, site)
    for lever in acting(catalog, plan, workload):
        for one in catalog.lever_parameters.get(lever.key, ()):
            key = f"{lever.key}|{one.parameter}|{one.hardware}"
            found[parameter_name(catalog.levers[lever.key], one)] = _of(PARAMETERS, key, *ENDS)
    return found


def _of(table: str, key: str, *fields: str, scale: float = 1.0, blank: bool = False) -> Put:
    """A row's value, and its range where fields are named for it; without a range the ends are the value, or blank."""

    def put(shown: Shown) -> tuple[Fact, ...]:
        value = shown[0]
        ends = (None if blank and end is None else value if end is None else end for end in shown)
        return tuple(
            (table, key, field, None if end is None else end / scale) for field, end in zip(fields, ends, strict=False)
        )

    return put if not key.startswith(PREFIX) else lambda _: ()


def _model(catalog: Catalog, workload: Workload) -> dict[str, Put]:
    key, active = workload.model, "params_active"
    return {
        "Active parameters": _of("models", key, f"{active}_b", f"{active}_low_b", f"{active}_high_b", blank=True),
        "All parameters": _of("models", key, "params_total_b"),
        "Cache per token": _of("models", key, "kv_bytes_per_token"),
        "Bytes per weight": _of("precisions", workload.precision, "weight_byte"),
    }


def _devices(catalog: Catalog, workload: Workload, site: Site) -> dict[str, Put]:
    found: dict[str, Put] = {}
    for device in devices(catalog, workload):
        peak = peak_of(catalog, workload, device)[0]
        formats = [f"{PEAK}{name}" for name, value in device.peak_tflops.items() if value == peak]
        host = _of("hardware", device.id, "host_w")
        if device.host_w is None and (site.premises is None or site.premises.host_w is None):
            host = _of("assumptions", "host_w", *ENDS)
        found |= {
            f"{device.name}: power limit": _of("hardware", device.id, "tdp_w"),
            f"{device.name}: peak arithmetic": _same("hardware", device.id, formats),
            f"{device.name}: memory": _of("hardware", device.id, "memory_gb"),
            f"{device.name}: memory bandwidth": _of("hardware", device.id, "bandwidth_gb_s"),
            f"{device.name}: link to the next accelerator": _of("hardware", device.id, "link_gb_s"),
            f"{device.name}: rest of the server": host,
            f"{device.name}: power when idle": _of("hardware", device.id, "idle_w", "idle_low_w", "idle_high_w"),
            f"{device.name}: making": _of("hardware", device.id, "embodied_kg", "embodied_low_kg", "embodied_high_kg"),
        }
    return found


def _same(table: str, key: str, fields: list[str]) -> Put:
    """One value in several fields."""
    puts = [_of(table, key, field) for field in fields]
    return lambda shown: tuple(fact for put in puts for fact in put(shown))


def _grid(catalog: Catalog, plan: Plan, region: Region) -> dict[str, Put]:
    scale = grid_index(catalog, plan, region).by_year[plan.shown_year() - plan.first_year]
    around = catalog.assumptions["water_source_factor"]
    fields = ("carbon_g_per_kwh", "carbon_low_g_per_kwh", "carbon_high_g_per_kwh")
    if region.water_is_world_default and region.id.startswith(PREFIX):
        return {}
    return {
        f"Grid of {region.name}": _of("regions", region.id, *fields, scale=scale),
        "Water for electricity": _around("regions", region.id, "water_l_per_kwh", around, 0.0),
    }


def _place(catalog: Catalog, workload: Workload, site: Site) -> dict[str, Put]:
    _, cloud = find_region(catalog, workload.region)
    found = {}
    for name, field, quantity, base in (
        ("Facility overhead (PUE)", "pue", "pue", 1.0),
        ("Cooling water (WUE)", "wue_l_per_kwh", "wue", 0.0),
    ):
        if getattr(workload, field) is not None or (site.premises and getattr(site.premises, field) is not None):
            continue
        if cloud and getattr(cloud, field) is not None:
            found[name] = _around(
                "cloud_regions", cloud.id, field, catalog.assumptions[f"{quantity}_published_factor"], base
            )
        else:
            found[name] = _of("assumptions", site_default(catalog, quantity, workload, cloud).id, *ENDS)
    if workload.lifetime_years is None and (site.premises is None or site.premises.lifetime_years is None):
        found["Life of the hardware"] = _of("assumptions", "lifetime_years", *ENDS)
    return found


def _around(table: str, key: str, field: str, spread: Assumption, base: float) -> Put:
    """A published value, and the range that the catalog lays around what of it is above a base."""

    def put(shown: Shown) -> tuple[Fact, ...]:
        value, low, high = shown
        found: tuple[Fact, ...] = ((table, key, field, value),)
        if low is not None and high is not None and value != base:
            ends = (("low", spread.low, low), ("high", spread.high, high))
            shares = ((end, today, (at - base) / (value - base)) for end, today, at in ends)
            found += tuple(
                ("assumptions", spread.id, end, share) for end, today, share in shares if not isclose(share, today)
            )
        return found

    return put if not key.startswith(PREFIX) else lambda _: ()


def _prices(catalog: Catalog, workload: Workload, site: Site) -> dict[str, Put]:
    hire = price_hour(catalog, workload.hardware) if workload.hosting == "cloud" else None
    power = price_electricity(catalog, site.region) if workload.hosting in ("own", "colocation") else None
    found = {}
    if hire and workload.price_hire_usd_per_h is None:
        found["Hire price"] = _of("prices", hire.id, *ENDS)
    if power and workload.price_electricity_usd_per_kwh is None:
        found["Electricity price"] = _of("prices", power.id, *ENDS)
    return found
