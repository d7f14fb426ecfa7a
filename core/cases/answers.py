"""Our figure of every case, in one call of the engine; and the plans that a case opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from core.cases.figures import FIGURES
from core.cases.records import Case
from core.cases.rows import load
from core.cases.shown import in_unit
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own import Own
from core.plan.plan import CASE
from core.results import Results, interval, of
from core.results.estimate import alone
from core.results.near import near
from core.results.nearness import Nearness


@dataclass(frozen=True, slots=True)
class Ours:
    """The engine's figure of a case in the unit it is shown in: P10, central, P90; `reason` says why there is none.

    `near` says how near the nearest measurement is, once for each way in which its workloads are; of a figure that
    rests on no fit it is empty.
    """

    low: float
    mid: float
    high: float
    reason: str = ""
    near: tuple[Nearness, ...] = ()


def ours(plan: Plan) -> Mapping[str, Ours]:
    """Case -> our figure, in the first year of a plan and with its draws; cases that open nothing are left out."""
    return _ours(plan.first_year, plan.seed)


@lru_cache(maxsize=4)
def _ours(first_year: int, seed: int) -> Mapping[str, Ours]:
    """All cases of a length of time as one plan: each keeps its own workloads, the engine is asked once for each."""
    opening = [case for case in load() if case.opens]
    found: dict[str, Ours] = {}
    for years in sorted({years_needed(case) for case in opening}):
        base = Plan(first_year=first_year, last_year=first_year + years - 1, seed=seed)
        mine = [case for case in opening if years_needed(case) == years]
        together = of(_together(base, mine))
        found |= {case.id: _one(case, together) for case in mine}
    return MappingProxyType({case.id: found[case.id] for case in opening})


def years_needed(case: Case) -> int:
    """How many years of a case its figure is of."""
    return case.years if FIGURES[case.figure].compares else 1


def _together(base: Plan, cases: Sequence[Case]) -> Plan:
    """Several cases in one plan, each under its own levers; those with levers stand there without them as well."""
    workloads: list[Workload] = []
    levers: list[Lever] = []
    own: dict[str, Own] = {}
    for case in cases:
        workloads += [w.but(id=_key(case, w)) for w in case.workloads]
        workloads += [w.but(id=_key(case, w, USUAL)) for w in case.workloads if case.levers]
        own |= {entry.id: entry for entry in case.own}
        for lever in case.levers:
            meant_for = lever.workloads or tuple(w.id for w in case.workloads)
            named = tuple(f"{case.id}:{key}" for key in meant_for)
            levers.append(lever.but(id=f"{lever.key}.{len(levers)}", workloads=named))
    return _with_own(base, own.values()).but(workloads=tuple(workloads), levers=tuple(levers))


def _with_own(plan: Plan, entries: Iterable[Own]) -> Plan:
    for entry in entries:
        plan = plan.with_own(entry)
    return plan


def _key(case: Case, workload: Workload, usual: str = "") -> str:
    return f"{case.id}:{workload.id}{usual}"


def _one(case: Case, found: Results) -> Ours:
    """One case's part of the common results."""
    under = [_key(case, w) for w in case.workloads]
    usual = [_key(case, w, USUAL) for w in case.workloads] if case.levers else under
    reason = next((found.refused[key] for key in (*under, *usual) if key in found.refused), "")
    if reason:
        return Ours(float("nan"), float("nan"), float("nan"), reason)
    figure = figure_of(case, _part(found, under), _part(found, usual))
    return replace(figure, near=_near(found, usual)) if FIGURES[case.figure].fitted else figure


def _near(found: Results, keys: Sequence[str]) -> tuple[Nearness, ...]:
    """How near a measurement is to workloads as usual, each way once."""
    every = (near(found, workload, found.plan.first_year) for workload in found.workloads if workload.id in keys)
    return tuple(dict.fromkeys(one for one in every if one is not None))


def _part(found: Results, keys: Sequence[str]) -> Results:
    places = [place for key in keys if (place := found.of(key)) is not None]
    values = {name: found.values[name][places] for name in USED}
    return replace(found, workloads=tuple(found.workloads[place] for place in places), refused={}, values=values)


USUAL = ":usual"
USED = (
    "memory_weights_byte", "energy_accelerator_j_per_output_token", "energy_accelerator_kwh", "energy_facility_kwh",
    "carbon_location_kg", "requests", "flop", "power_accelerator_w", "batch", "step_time_s", "accelerators_installed",
)  # fmt: skip


def figure_of(case: Case, found: Results, usual: Results) -> Ours:
    """A case's figure in results that hold its workloads and no other, with its levers and as usual without them."""
    figure = FIGURES[case.figure]
    draws = figure.of(found, usual) if figure.compares else figure.of(found)
    if case.figure_through and case.checked:
        draws = case.checked.through(case.figure_through, draws)
    low, mid, high = (in_unit(value, case.figure_unit) for value in interval(draws))
    return Ours(low, mid, high)


def estimate_of(case: Case) -> Workload:
    """A case's one workload as the Estimate page's question."""
    return case.workloads[0].but(id=CASE.id, name=case.title)


def plan_of(case: Case, plan: Plan) -> Plan:
    """A case's workloads, levers and own entries as a plan from the first year of that on screen, with its settings."""
    last, headline = plan.first_year + case.years - 1, None
    if case.years > 1:
        headline = last
    opened = _with_own(alone(plan, *case.workloads), case.own)
    return opened.but(name=case.title, last_year=last, headline_year=headline, levers=case.levers)
