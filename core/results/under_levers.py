"""One workload under levers: its parts computed each by its own physics, then put together year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import isfinite

import numpy as np

from core import levers as composition
from core.catalog import Catalog
from core.engine import FootprintResult
from core.levers import Change, Served, start_year
from core.plan import Calibration, Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import devices, market
from core.results.demand import active_years
from core.results.draws import Floats
from core.results.later import busy_share_after, one_at_a_time, rebound
from core.results.once import once
from core.results.one import BY_PURCHASE, MOST_KEPT, Figures, figures_of, names
from core.results.purchases import OWNED, accelerators_bought
from core.results.sample import kept

# What adds up over parts of the traffic; every other figure is the mean over the requests or runs of the parts.
SUMS = frozenset(FootprintResult._fields) | {
    "energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh", "held_h", "busy_h", "used_h", "flop", "replicas",
    "accelerators_installed", "input_tokens_year", "cached_tokens_year", "output_tokens_year", "requests",
    "carbon_embodied_amortised_kg", "accelerators_bought", "cost_levers_usd", *devices.NAMES,
    *market.NAMES,
}  # fmt: skip
# Columns that say how much of a workload a part is.
SHARED = ("requests", "runs", "installed")


@kept(MOST_KEPT)
def figures_under(
    view: Plan, workload: Workload, levers: tuple[Lever, ...], draws: int, calibration: Calibration | None = None
) -> Figures:
    """The figures of one workload under the levers that act on it, in the order they were given."""
    if not levers:
        return figures_of(view, workload, draws, calibration)
    catalog = catalog_of(view)
    try:
        parts = composition.served(catalog, view, workload, levers)
    except composition.OutOfBoundsError as error:
        return _refused(str(error))
    parts = [replace(part, changes=(*part.changes, *_rebound(view, workload, part, calibration))) for part in parts]
    found = [_figures_of(view, workload, part, draws, calibration) for part in parts]
    wrong = next((one.reason for one in found if one.reason), "")
    if wrong:
        return _refused(wrong)
    values = _together(view, parts, [one.values for one in found])
    if view.hardware_view == BY_PURCHASE:
        _buy(catalog, view, parts, [one.values for one in found], values)
    tokens = [one.values["output_tokens_year"] for one in found]
    for name, added in once(view, workload, parts, tokens, draws).items():
        values[name] = values[name] + added
    return Figures("", values, found[0].measured)


def _figures_of(view: Plan, workload: Workload, part: Served, draws: int, calibration: Calibration | None) -> Figures:
    """The figures of a part. What runs on users' devices stands in their grid, and no meter of the company's saw it."""
    changes = (*part.changes, *_busier(view, workload, part), *_share(part))
    sold = devices.sold_share(part)
    if sold is None:
        return figures_of(view, part.workload, draws, calibration, workload, changes)
    there = part.workload.but(region=workload.region, deferrable_h=0.0)  # a user waits for nothing
    model = catalog_of(view).models.get(there.model)
    if model is not None and model.openness != "open":
        return Figures(f"{model.name} is sold as a service only; no user's device can hold it", {})
    one = figures_of(view, there, draws, None, workload, changes)
    return one if one.reason else Figures("", devices.on_devices(one.values, sold))


def _refused(reason: str) -> Figures:
    return Figures(f"under its levers, {reason}", {})


def _rebound(view: Plan, workload: Workload, part: Served, calibration: Calibration | None) -> tuple[Change, ...]:
    """More requests where answers get cheaper, for each lever of the part that has an elasticity."""
    return tuple(
        Change("column", "requests", "multiply", rebound_factor(view, workload, lever, calibration))
        for lever in part.levers
        if lever.elasticity and workload.kind == "inference"
    )


@lru_cache(maxsize=MOST_KEPT)
def rebound_factor(view: Plan, workload: Workload, lever: Lever, calibration: Calibration | None = None) -> float:
    """Requests under a lever over those without its rebound: 1 + elasticity x relative fall of an answer's cost.

    The fall that the lever brings alone for what is asked today, central case, over the years in which it acts; a rise
    lowers no demand. A part of the traffic that is served apart has the fall of that part. Where a price is unknown,
    the electricity at the meter stands for the cost.
    """
    apart = catalog_of(view).levers[lever.key].sharing == "split"
    alone = lever.but(elasticity=0.0, **({"share": 1.0} if apart else {}))
    before, after = (figures_under(view, workload, levers, 0, calibration) for levers in ((), (alone,)))
    if before.reason or after.reason:
        return 1.0
    acts = np.array(view.years()) >= start_year(view, lever)
    for name in ("cost_usd", "energy_facility_kwh"):
        was, now = (float(one.values[name][acts, 0].sum()) for one in (before, after))
        if isfinite(was) and isfinite(now) and was > 0:
            return rebound(lever.elasticity or 0.0, now / was)
    return 1.0


def _share(part: Served) -> tuple[Change, ...]:
    if part.share == 1.0:
        return ()
    return tuple(Change("column", column, "multiply", part.share) for column in SHARED)


def _busier(view: Plan, workload: Workload, part: Served) -> tuple[Change, ...]:
    """What less or quicker work makes of a measured busy share."""
    measured = part.workload.busy_share
    if measured is None or workload.busy_share is None:
        return ()
    before, after = alone_s(view, workload), alone_s(view, part.workload, part.changes, workload)
    if not before > 0:
        return ()
    return (Change("column", "busy_share", "multiply", busy_share_after(measured, after / before) / measured),)


def alone_s(view: Plan, workload: Workload, changes: tuple[Change, ...] = (), before: Workload | None = None) -> float:
    """Time of a year's answers, one at a time, central case of the first year in which any is asked [s].

    `before` is the workload without levers: what later years make of its demand stays.
    """
    one = figures_of(view, one_at_a_time(workload), 0, before=before or workload, changes=changes)
    if one.reason:
        return 0.0
    took = one.values["requests"][:, 0] * one.values["request_time_s"][:, 0]
    return float(next((seconds for seconds in took if seconds > 0), 0.0))


def _mask(view: Plan, part: Served) -> Floats:
    """1 in the part's years, 0 in the others, shape (years, 1)."""
    return np.array([[float(part.first_year <= year <= part.last_year)] for year in view.years()])


def _together(view: Plan, parts: Sequence[Served], found: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    if len(parts) == 1:  # the whole of the traffic in every year
        return dict(found[0])
    masks = [_mask(view, part) for part in parts]
    values: dict[str, Floats] = {}
    for name in names(view):
        weights = masks if name in SUMS else [mask * part.share for mask, part in zip(masks, parts, strict=True)]
        terms = [
            np.where(weight > 0, one[name], 0.0) * np.minimum(weight, 1.0)
            for weight, one in zip(weights, found, strict=True)
        ]
        values[name] = np.asarray(sum(terms))
    held = values["held_h"]
    if not np.isnan(values["utilization"]).all():
        values["utilization"] = np.divide(values["busy_h"], held, out=np.zeros_like(held), where=held > 0)
    return values


def _buy(
    catalog: Catalog,
    view: Plan,
    parts: Sequence[Served],
    found: Sequence[Mapping[str, Floats]],
    values: dict[str, Floats],
) -> None:
    """Purchases of each kind of accelerator over all years: one that a lever brings is bought when it comes."""
    bought, making = np.zeros_like(values["held_h"]), np.zeros_like(values["held_h"])
    for device in dict.fromkeys(part.workload.hardware for part in parts):
        mine = [place for place, part in enumerate(parts) if part.workload.hardware == device]
        first = parts[mine[0]].workload
        if first.hosting not in OWNED:
            making = making + sum(found[place]["carbon_embodied_kg"] * _mask(view, parts[place]) for place in mine)
            continue
        masks = {place: _mask(view, parts[place]) for place in mine}
        fleet = {
            name: np.asarray(sum(found[place][name] * mask for place, mask in masks.items()))
            for name in ("accelerators_installed", "held_h")
        }
        one = found[mine[0]]
        # Not checked again: a workload that has ended before the plan's years buys nothing.
        starts = max(min(parts[place].first_year for place in mine), active_years(view, first)[0])
        came = first.model_copy(update={"first_year": starts})
        amount = accelerators_bought(catalog, view, came, fleet, one["lifetime_years"])
        panels = sum(found[place]["carbon_embodied_panels_kg"] * mask for place, mask in masks.items())
        bought, making = bought + amount, making + amount * one["embodied_kg"] + panels
    values["accelerators_bought"], values["carbon_embodied_kg"] = bought, making
