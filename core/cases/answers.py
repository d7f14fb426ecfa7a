"""Our figure of every case, in one call of the engine; and the plans that a case opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from core.cases.figures import FIGURES
from core.cases.records import Case
from core.cases.rows import load
from core.cases.shown import in_unit
from core.plan import Plan, Workload
from core.plan.plan import CASE
from core.results import Results, interval, of
from core.results.estimate import alone


@dataclass(frozen=True, slots=True)
class Ours:
    """The engine's figure of a case in the unit it is shown in: P10, central, P90; `reason` says why there is none."""

    low: float
    mid: float
    high: float
    reason: str = ""


def ours(plan: Plan) -> Mapping[str, Ours]:
    """Case -> our figure, in the first year of a plan and with its draws; cases that open nothing are left out."""
    return _ours(plan.first_year, plan.seed)


@lru_cache(maxsize=4)
def _ours(first_year: int, seed: int) -> Mapping[str, Ours]:
    """All cases as one plan: each keeps its own workloads, the engine is asked once."""
    base = Plan(first_year=first_year, last_year=first_year, seed=seed)
    opening = [case for case in load() if case.workloads]
    together = [w.but(id=f"{case.id}:{w.id}") for case in opening for w in case.workloads]
    found = of(alone(base, *together))
    return MappingProxyType({case.id: _one(case, found) for case in opening})


def _one(case: Case, found: Results) -> Ours:
    """One case's part of the common results."""
    keys = [f"{case.id}:{w.id}" for w in case.workloads]
    reason = next((found.refused[key] for key in keys if key in found.refused), "")
    if reason:
        return Ours(float("nan"), float("nan"), float("nan"), reason)
    places = [place for key in keys if (place := found.of(key)) is not None]
    values = {name: found.values[name][places] for name in found.values if name in USED}
    return figure_of(
        case,
        Results(found.plan, tuple(found.workloads[place] for place in places), {}, values, found.data_version),
    )


USED = (
    "memory_weights_byte", "energy_accelerator_j_per_output_token", "energy_accelerator_kwh", "energy_facility_kwh",
    "carbon_location_kg", "requests", "flop",
)  # fmt: skip


def figure_of(case: Case, found: Results) -> Ours:
    """A case's figure in results that hold its workloads and no other."""
    low, mid, high = (in_unit(value, case.figure_unit) for value in interval(FIGURES[case.figure].of(found)))
    return Ours(low, mid, high)


def estimate_of(case: Case) -> Workload:
    """A case's one workload as the Estimate page's question."""
    return case.workloads[0].but(id=CASE.id, name=case.title)


def plan_of(case: Case, plan: Plan) -> Plan:
    """A case's workloads as a plan of one year, the first of the plan on screen, with its other settings."""
    return alone(plan, *case.workloads).but(name=case.title, headline_year=None)
