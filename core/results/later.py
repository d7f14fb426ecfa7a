"""What quicker machines of later years make of a workload's demand, and of a busy share that was measured once."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from core.plan import Workload
from core.results.columns import busy_share
from core.results.demand import ceiling_requests_per_day
from core.results.drawing import Fields
from core.results.draws import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Later:
    """Requests over those without the plan's rebound, and an answer's time alone over today's, (years, 1) each."""

    requests_factor: Floats
    work_factor: Floats


def rebound(elasticity: float, cost_ratio: float) -> float:
    """Requests over those without rebound, where an answer's cost takes a ratio to what it was; a rise lowers none.

    >>> rebound(1.0, 0.5), rebound(0.5, 0.5), rebound(1.0, 2.0)
    (1.5, 1.25, 1.0)
    """
    return 1.0 + elasticity * max(1.0 - cost_ratio, 0.0)


def rebound_by_year(elasticity: float, was: Floats, now: Floats) -> Floats | None:
    """The same by year, (years, 1), from the cost of the same answers before and after; None where one is unknown."""
    if not all(map(isfinite, (*was, *now))) or not was.any():
        return None
    ratios = np.divide(now, was, out=np.ones_like(now), where=was > 0)
    return np.array([[rebound(elasticity, float(ratio))] for ratio in ratios])


def one_at_a_time(workload: Workload) -> Workload:
    """The workload answering requests one after another, whatever was measured of it.

    Its activity is not checked again: that of a metered period, all year, may lie beyond what a plan takes.
    """
    return workload.model_copy(update={"busy_share": None, "batch": 1.0})


def busy_share_after(busy_share: float, work: float) -> float:
    """The busy share once the work is so many times as much: requests that arrive at random keep their gaps.

    A copy is idle while nothing is in flight: idle share = exp(-work in flight), so the idle share takes the power.

    >>> busy_share_after(0.2, 1.0), round(busy_share_after(0.2, 0.5), 6), round(busy_share_after(0.01, 2.0), 4)
    (0.2, 0.105573, 0.0199)
    """
    return busy_share if work == 1.0 else 1.0 - (1.0 - busy_share) ** work


def asked_later(workload: Workload, requests: Floats, later: Later) -> Floats:
    """Requests a year with the plan's rebound, (years, any); no more than the seats can make."""
    most = ceiling_requests_per_day(workload) * workload.operating_days
    return np.asarray(np.minimum(requests * later.requests_factor, most))


def busy_later(busy: Floats, later: Later) -> Floats:
    """A measured busy share as quicker machines leave it, (years, any)."""
    factors = np.broadcast_to(later.work_factor, busy.shape)
    return np.where(factors == 1.0, busy, 1.0 - (1.0 - busy) ** factors)


def in_service(workload: Workload, fields: Fields, later: Later) -> Fields:
    """Columns of serving with the demand and the busy share of later years."""
    asked = asked_later(workload, np.asarray(fields["requests"]), later)
    return fields | {"requests": asked, "busy_share": busy_later(busy_share(workload, asked), later)}
