"""What was measured beside what the plan says of the same time, and why they differ.

The plan's figure of a month is the year's share of days. What nobody measured is unknown: no part is made up for it,
and the factors on both sides of it are told together.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.plan import Actual, Plan, Workload
from core.plan.actual import MEASURED
from core.results.demand import demand_factor
from core.results.draws import DRAWS, Floats, interval
from core.results.figures import Results, of
from core.targets.explained import explained, undividable
from core.units import DAYS_PER_YEAR

VOLUME, LENGTH, EFFICIENCY, GRID = "volume", "length", "efficiency", "grid"
ENERGY = "energy_facility_kwh"
CARBON = ("carbon_location_kg", "carbon_market_kg")
EXPLAINED = (ENERGY, *CARBON)
MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a difference one cause makes, (1 + draws,); several causes where they cannot be told apart."""

    causes: tuple[str, ...]
    amount: Floats


@dataclass(frozen=True, slots=True)
class Compared:
    """One quantity, measured and planned, (1 + draws,). `nought` names what is 0 and so keeps no causes apart."""

    quantity: str
    measured: float
    planned: Floats
    parts: tuple[Part, ...] = ()
    nought: tuple[str, ...] = ()

    @property
    def difference(self) -> float:
        """Measured less planned, central case; NaN where the plan does not know."""
        return self.measured - float(self.planned[0])

    @property
    def inside(self) -> bool | None:
        """Whether it lies in the plan's 80 % range; None where there is no range."""
        low, _, high = interval(self.planned)
        return None if np.isnan([low, high]).any() else bool(low <= self.measured <= high)


@dataclass(frozen=True, slots=True)
class Beside:
    """One measurement and its workload beside the plan; `reason` says why nothing can be compared."""

    actual: Actual
    workload: Workload
    compared: tuple[Compared, ...] = ()
    reason: str = ""


@lru_cache(maxsize=MOST_KEPT)
def beside_plan(plan: Plan, draws: int = DRAWS) -> tuple[Beside, ...]:
    """Every measurement of the plan beside its figures, by workload in the plan's order, then by time."""
    if not plan.actuals:
        return ()
    found, order = of(plan, draws), [w.id for w in plan.workloads]
    rows = sorted(plan.actuals, key=lambda a: (order.index(a.workload), a.year, a.month or 0))
    return tuple(_beside(plan, found, row) for row in rows)


def _beside(plan: Plan, found: Results, actual: Actual) -> Beside:
    workload = plan.workload(actual.workload)
    assert workload is not None  # the plan refuses a measurement of no workload
    if actual.year not in plan.years():
        years = f"{plan.first_year} to {plan.last_year}"
        return Beside(actual, workload, reason=f"the plan has no figures of {actual.year}; its years are {years}")
    place = found.of(workload.id)
    if place is None:
        return Beside(actual, workload, reason=f"the plan has no figures of it: {found.refused[workload.id]}")
    under = found.workloads[place]
    planned = planned_amounts(found, place, under, actual)
    measured = {name: float(value) for name in MEASURED if (value := getattr(actual, name)) is not None}
    return Beside(actual, workload, tuple(_compared(name, measured, planned) for name in measured))


def period_share(year: int, month: int | None) -> float:
    """A month's share of the days of its year; 1 for the whole year.

    >>> period_share(2027, 2) == 28 / 365, period_share(2028, 2) == 29 / 366, period_share(2027, None)
    (True, True, 1.0)
    """
    return 1.0 if month is None else monthrange(year, month)[1] / (DAYS_PER_YEAR + isleap(year))


def planned_amounts(found: Results, place: int, workload: Workload, actual: Actual) -> dict[str, Floats]:
    """The plan's figures of a period, each (1 + draws,): the year's, by days; NaN where the kind of work has none.

    Devices that the company sells stand at its customers, behind no meter of the site.
    """
    share, year = period_share(actual.year, actual.month), found.place(actual.year)

    def of_year(name: str) -> Floats:
        return np.asarray(found.values[name][place, year])

    sold_kg, unknown = of_year("carbon_devices_sold_kg"), np.full_like(of_year("requests"), np.nan)
    answers = workload.kind == "inference"
    amounts = {
        "requests": of_year("requests") if answers else unknown,
        "output_tokens": of_year("output_tokens_year") if answers else unknown,
        "runs": unknown if answers else _runs(found, workload, year),
        ENERGY: of_year(ENERGY) - of_year("energy_devices_sold_kwh"),
        **{name: of_year(name) - sold_kg for name in CARBON},
    }
    return {name: amount * share for name, amount in amounts.items()}


def _runs(found: Results, workload: Workload, year: int) -> Floats:
    """Runs of a year, (1 + draws,): as many as are planned, however short a lever makes each."""
    draws = found.values["input_tokens_year"].shape[-1] - 1
    return np.asarray(workload.runs_per_year * demand_factor(found.plan, workload, draws)[year])


def _compared(name: str, measured: dict[str, float], planned: dict[str, Floats]) -> Compared:
    if name not in EXPLAINED or np.isnan(planned[name]).any():
        return Compared(name, measured[name], planned[name])
    rungs, nought = ladder(name, measured, planned), []
    known = [rung for rung, _ in rungs if rung]
    while (at := undividable([planned[r] for r in known], [measured[r] for r in known])) is not None:
        nought.append(known.pop(at))
    amounts = explained([planned[r] for r in known], [measured[r] for r in known])
    parts, waiting = [], []
    for rung, cause in rungs:
        waiting.append(cause)
        if rung in known:
            parts.append(Part(tuple(waiting), amounts[known.index(rung)]))
            waiting = []
    return Compared(name, measured[name], planned[name], tuple(parts), tuple(nought))


def ladder(name: str, measured: dict[str, float], planned: dict[str, Floats]) -> list[tuple[str, str]]:
    """From the volume to an amount: what was measured on each rung, blank where nothing was, and the cause it tells."""
    known = {rung for rung in measured if not np.isnan(planned[rung]).any()}
    counts = [rung for rung in ("requests", "runs", "output_tokens") if rung in known]
    rungs: list[tuple[str, str]] = [(counts[0] if counts else "", VOLUME)]
    if counts[:2] == ["requests", "output_tokens"]:
        rungs.append(("output_tokens", LENGTH))
    rungs.append((ENERGY if ENERGY in known else "", EFFICIENCY))
    return rungs if name == ENERGY else [*rungs, (name, GRID)]


def totals(rows: Iterable[Beside], quantity: str) -> Compared | None:
    """All measurements of a quantity that the plan knows too, added up, parts by cause; None where there is none."""
    found = [c for row in rows for c in row.compared if c.quantity == quantity and not np.isnan(c.planned).any()]
    if not found:
        return None
    parts: dict[tuple[str, ...], Floats] = {}
    for part in (part for one in found for part in one.parts):
        parts[part.causes] = parts.get(part.causes, 0.0) + part.amount
    planned: Floats = np.sum([one.planned for one in found], axis=0)
    measured = sum(one.measured for one in found)
    return Compared(quantity, measured, planned, tuple(Part(causes, amount) for causes, amount in parts.items()))
