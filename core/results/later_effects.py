"""What each assumption about later years does to the headline's year: the plan with it, and the plan without."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.catalog import Catalog, Hardware
from core.plan import Plan
from core.results.draws import interval
from core.results.figures import of
from core.results.projection import AS_TODAY

# What a plan may assume, by the fields that say it: they fall back to today together.
ASSUMED = {
    "grids": ("grid_path", "grid_change_pct"),
    "software": ("efficiency_drift_pct",),
    "renewal": ("refresh_every_years", "refresh_gain_pct"),
    "rebound": ("rebound_elasticity",),
}
GENERATIONS = ("A100-80-SXM", "H100-SXM", "B200")  # one maker's accelerators for data centres, in their order


@dataclass(frozen=True, slots=True)
class LaterEffect:
    """Carbon of the headline's year without and with an assumption, central case, by the plan's method [kg].

    `low_kg` and `high_kg` are the ends of the 80 % range of the difference, with draws in common.
    """

    what: str
    without_kg: float
    with_kg: float
    low_kg: float
    high_kg: float


def assumed_later(plan: Plan) -> list[str]:
    """What the plan assumes of later years."""
    return [what for what, names in ASSUMED.items() if any(getattr(plan, n) != AS_TODAY[n] for n in names)]


def without(plan: Plan, *what: str) -> Plan:
    """The plan without some of what it assumes of later years."""
    return plan.model_copy(update={name: AS_TODAY[name] for one in what for name in ASSUMED[one]})


def later_effect(plan: Plan, *what: str) -> LaterEffect:
    """What some of a plan's assumptions do together, the others left in place."""
    year = plan.shown_year() - plan.first_year
    found = [of(one) for one in (without(plan, *what), plan)]
    before, after = (one.total(one.carbon_kg())[year] for one in found)
    low, _, high = interval(after - before)
    return LaterEffect(" and ".join(what), float(before[0]), float(after[0]), low, high)


def later_effects(plan: Plan) -> list[LaterEffect]:
    """Each assumption by itself, then all together where there are several; differences do not add up."""
    mine = assumed_later(plan)
    return [later_effect(plan, one) for one in mine] + ([later_effect(plan, *mine)] if len(mine) > 1 else [])


@dataclass(frozen=True, slots=True)
class Generation:
    """From one accelerator to the next of its line: arithmetic and bandwidth per watt over the older's."""

    older: Hardware
    newer: Hardware
    arithmetic_ratio: float
    bandwidth_ratio: float


def generations(catalog: Catalog) -> list[Generation]:
    """What a generation brought so far, by the data sheets: the scale for a gain of one's own."""
    line = [catalog.hardware[key] for key in GENERATIONS]
    return [Generation(old, new, *_per_watt(old, new)) for old, new in pairwise(line)]


def _per_watt(old: Hardware, new: Hardware) -> tuple[float, float]:
    peaks = np.array([[h.peak_tflops["bf16"], h.bandwidth_gb_s] for h in (old, new)])
    watts = np.array([[old.tdp_w], [new.tdp_w]])
    ratio = (peaks / watts)[1] / (peaks / watts)[0]
    return float(ratio[0]), float(ratio[1])
