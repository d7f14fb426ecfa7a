"""What levers change over all years of a plan, central case: the public evaluation of two plans, one less the other.

The whole plan counts, whatever its filters show, hardware spread over its life. A cost whose price nobody said before
and after is left out and named; one that comes to have a price, or loses it, leaves the change of cost unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import fsum, isclose, isnan, nan

import numpy as np

from core.plan import Plan, Search
from core.plan.lever import Lever
from core.results.figures import of

MOST_KEPT = 512
# What a year costs, by what is paid for, and the figures that an unknown amount would follow.
COSTS = {
    "cost_energy_usd": ("electricity", ("energy_facility_kwh",)),
    "cost_hardware_usd": ("hardware", ("carbon_embodied_amortised_kg",)),
    "cost_operations_usd": ("operations", ("held_h",)),
    "cost_hire_usd": ("hired machines", ("held_h",)),
    "cost_api_usd": ("tokens bought", ("input_tokens_year", "cached_tokens_year", "output_tokens_year")),
    "cost_levers_usd": ("the levers", ()),
}
FIGURES = tuple(dict.fromkeys((*COSTS, *(name for _, names in COSTS.values() for name in names))))
ROUNDING = 1e-9
CARBON = ("carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg")


@dataclass(frozen=True, slots=True)
class Change:
    """After less before, over all years, undiscounted: carbon by both methods [kg] and cost [USD], NaN where unknown.

    `left_out` names what changed and has no price, as (id of the workload, what is paid for). `reason` says why a
    workload has no figures: then nothing is known.
    """

    carbon_location_kg: float
    carbon_market_kg: float
    cost_usd: float
    left_out: tuple[tuple[str, str], ...] = ()
    reason: str = ""

    def carbon_kg(self, method: str) -> float:
        """The change of carbon by one method [kg]."""
        return self.carbon_location_kg if method == "location" else self.carbon_market_kg


def whole(plan: Plan, levers: tuple[Lever, ...]) -> Plan:
    """The plan with these levers in use, no filter, and hardware spread over its life: all of it is decided on."""
    usual = {"business_unit": "", "tag": "", "hardware_view": "amortised", "candidates": (), "search": Search()}
    return plan.model_copy(update={"levers": levers, **usual})


def change(base: Plan, before: tuple[Lever, ...], after: tuple[Lever, ...]) -> Change:
    """What a plan changes by when the levers in use are `after` instead of `before`."""
    was, now = (over_all_years(whole(base, levers)) for levers in (before, after))
    reason = now.reason or was.reason
    if reason:
        return Change(nan, nan, nan, (), reason)
    return Change(
        _less(now, was, "carbon_location_kg", base), _less(now, was, "carbon_market_kg", base), *_cost(now, was)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OverYears:
    """Sums over all years by workload, or why one of them has no figures."""

    workloads: Mapping[str, Mapping[str, float]]
    reason: str = ""


@lru_cache(maxsize=MOST_KEPT)
def over_all_years(plan: Plan) -> OverYears:
    """Sums over all years of a plan's public figures, central case, by the id of the workload."""
    found = of(plan, 0)
    if found.refused:
        key, why = next(iter(found.refused.items()))
        workload = plan.workload(key)
        return OverYears({}, f"{workload.name if workload else key}: {why}")
    sums = {name: np.asarray(found.values[name][..., 0].sum(axis=1)) for name in (*CARBON, *FIGURES)}
    return OverYears(
        {
            workload.id: {name: float(column[place]) for name, column in sums.items()}
            for place, workload in enumerate(found.workloads)
        }
    )


def _less(now: OverYears, was: OverYears, name: str, plan: Plan) -> float:
    """Carbon after less before, by one method and the plan's boundary [kg]."""
    names = (name, "carbon_embodied_kg") if plan.boundary == "with_hardware" else (name,)
    return fsum(sign * one[n] for sign, of in ((1, now), (-1, was)) for one in of.workloads.values() for n in names)


def _cost(now: OverYears, was: OverYears) -> tuple[float, tuple[tuple[str, str], ...]]:
    """Cost after less before as far as it has prices [USD], and what else changed."""
    spent: list[float] = []
    left_out: list[tuple[str, str]] = []
    for key, old in was.workloads.items():
        new = now.workloads[key]
        for cost, (what, followed) in COSTS.items():
            if not (isnan(old[cost]) and isnan(new[cost])):
                spent.append(new[cost] - old[cost])
            elif not all(
                isclose(old[name], new[name], rel_tol=ROUNDING) for name in followed if _known(old, new, name)
            ):
                left_out.append((key, what))
    return (nan if any(map(isnan, spent)) else fsum(spent)), tuple(left_out)


def _known(old: Mapping[str, float], new: Mapping[str, float], name: str) -> bool:
    return not (isnan(old[name]) or isnan(new[name]))
