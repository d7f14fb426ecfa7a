"""What levers take themselves, once in their first year or every year: work, money, electricity, things that are made.

It stands beside a workload's own figures and is part of its totals. A lever that acts on several workloads is shared
out among them in equal parts; its electricity comes from their site and grid as usual.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from core import engine
from core.catalog import Catalog
from core.engine import ActivityColumns, FootprintColumns
from core.levers import acting, at_rest, start_year
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import market
from core.results.columns import fleet, stack
from core.results.drawing import Drawing
from core.results.draws import Floats
from core.results.place_columns import footprint_fields
from core.results.sample import kept
from core.results.site import Ranged, assumed, given, site_of

MOST_KEPT = 1024
ONCE = ("once_days", "once_usd", "once_kwh", "once_kg")
EVERY_YEAR = ("running_usd_per_year", "running_kwh_per_year")
ITEMS = (*ONCE, *EVERY_YEAR)
MONEY = ("once_days", "once_usd", "running_usd_per_year")
# The totals of a workload that a lever's own work is part of.
TOTALS = (
    "energy_it_kwh", "energy_facility_kwh", "carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg",
    "carbon_embodied_amortised_kg", "water_site_l", "water_source_l", "cost_energy_usd", "cost_levers_usd", "cost_usd",
    "carbon_cost_location_usd", "carbon_cost_market_usd", *market.NAMES,
)  # fmt: skip
Work = Mapping[str, Floats]
Shared = tuple[tuple[Lever, float], ...]


def item(catalog: Catalog, lever: Lever, name: str) -> Ranged | None:
    """One thing that a lever takes: as entered, else the catalog's estimate, else None: unknown."""
    key, entered = f"lever:{lever.key}:{name}", getattr(lever, name)
    if entered is not None:
        return given(entered, key)
    kind = catalog.levers[lever.key]
    if name == "once_days":
        low, high = kind.days_low, kind.days_high
        if low is None or high is None:
            return None
        return Ranged(low, (low + high) / 2.0, high, "own-assumption", key, "assumption")
    known = catalog.lever_costs.get(lever.key, {}).get(name)
    return None if known is None else Ranged(known.low, known.central, known.high, known.source, key, known.status)


def is_priced(catalog: Catalog, lever: Lever) -> bool:
    """Whether anybody said what the lever costs, in working days or in money."""
    return any(item(catalog, lever, name) is not None for name in MONEY)


def day_rate(catalog: Catalog, plan: Plan) -> Ranged:
    """What a working day of an engineer costs [USD]: the plan's, else the catalog's estimate."""
    if plan.price_engineering_usd_per_day is not None:
        return given(plan.price_engineering_usd_per_day, "engineering")
    return assumed(catalog.assumptions["engineering_usd_per_day"], "engineering")


@lru_cache(maxsize=64)
def parts(plan: Plan) -> Mapping[str, float]:
    """The part of each lever's work that falls to one of the workloads on which it acts and moves something."""
    catalog = catalog_of(plan)
    counts = dict.fromkeys((lever.id for lever in plan.levers), 0)
    for workload in plan.workloads:
        for lever in acting(catalog, plan, workload):
            counts[lever.id] += not at_rest(catalog, workload, lever)
    return {key: 1.0 / count for key, count in counts.items() if count}


def work(plan: Plan, view: Plan, workload: Workload, levers: Sequence[Lever], draws: int) -> Work:
    """What levers that act on a workload take there, (years, 1 + draws) by name; empty when nothing is known."""
    return shared_work(view, workload, shares_of(plan, workload, levers), draws)


def shares_of(plan: Plan, workload: Workload, levers: Sequence[Lever]) -> Shared:
    """The levers whose work falls to a workload, each with its part of the whole."""
    catalog, shares = catalog_of(plan), parts(plan)
    return tuple(
        (bare(lever), shares[lever.id])
        for lever in levers
        if lever.id in shares and not at_rest(catalog, workload, lever)
    )


def shared_work(view: Plan, workload: Workload, shares: Shared, draws: int) -> Work:
    """What levers take on a workload by their parts, (years, 1 + draws) by name; empty when nothing is known."""
    found = [one for lever, part in shares if (one := work_of(view, workload, lever, part, draws))]
    return {name: np.asarray(sum(one[name] for one in found)) for name in TOTALS} if found else {}


def bare(lever: Lever) -> Lever:
    """A lever without what its own work does not depend on."""
    return Lever.model_construct(
        **{"id": lever.key, "start_year": lever.start_year} | {n: getattr(lever, n) for n in ITEMS}
    )


@kept(MOST_KEPT)
def work_of(view: Plan, workload: Workload, lever: Lever, part: float, draws: int) -> Work:
    """What one lever takes on one workload, a part of the whole; empty when nothing is known of it."""
    catalog, drawing = catalog_of(view), Drawing(view, draws)
    known = {name: ranged for name in ITEMS if (ranged := item(catalog, lever, name)) is not None}
    if not any(ranged.high for ranged in known.values()):
        return {}

    def amount(name: str) -> Floats:
        """By year and draw: in the first year, or from it on."""
        start, years = start_year(view, lever), np.array(view.years())[:, None]
        when = years == start if name in ONCE else years >= start
        drawn = drawing.of(known[name]) if name in known else np.zeros(1 + draws)
        return np.asarray(when * drawn * part)

    found = _electricity(catalog, view, workload, amount("once_kwh") + amount("running_kwh_per_year"), drawing)
    making = amount("once_kg")
    spent = amount("once_days") * drawing.of(day_rate(catalog, view))
    spent = spent + amount("once_usd") + amount("running_usd_per_year")
    found |= {"carbon_embodied_kg": making, "carbon_embodied_amortised_kg": making, "cost_levers_usd": spent}
    return found | {"cost_usd": spent + found["cost_energy_usd"]}


def _electricity(
    catalog: Catalog, view: Plan, workload: Workload, energy_it_kwh: Floats, drawing: Drawing
) -> dict[str, Floats]:
    """The footprint of electricity at the servers' plug, where the workload runs as usual."""
    nothing = np.zeros_like(energy_it_kwh)
    site = site_of(catalog, workload)
    if site is None or not energy_it_kwh.any():
        return dict.fromkeys(TOTALS, nothing)
    fields = footprint_fields(catalog, view, workload, site, *fleet(catalog, workload, drawing), drawing)
    columns = stack(FootprintColumns, [fields], len(view.years()), drawing.draws)
    flat = dict.fromkeys(ActivityColumns._fields, nothing.reshape(-1)) | {"energy_host_kwh": energy_it_kwh.reshape(-1)}
    result = engine.footprint(ActivityColumns(**flat), columns)._asdict()
    result |= market.market_split(catalog, site.region, result, columns.procurement_share)
    return dict.fromkeys(TOTALS, nothing) | {
        name: result[name].reshape(nothing.shape) for name in TOTALS if name in result
    }
