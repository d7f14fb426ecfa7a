"""What the plan said of the time that a file covers, growth and levers included, beside what the file says."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.imports.periods import Period
from core.imports.usage.record import Amounts
from core.plan import Plan, Workload
from core.results.demand import active_years, demand_factor
from core.results.figures import Results, of
from core.units import DAYS_PER_YEAR, H_PER_DAY, PERCENT

QUANTITIES = {
    "requests": ("requests", "requests"),
    "input_tokens": ("input_tokens_year", "input tokens"),
    "cached_tokens": ("cached_tokens_year", "cached tokens"),
    "output_tokens": ("output_tokens_year", "output tokens"),
}
SAME_PCT = 0.05  # a smaller difference is told as none
APART_PCT = 0.5


@dataclass(frozen=True, slots=True)
class Against:
    """An amount of the covered time: as planned for it, and as the files have it."""

    quantity: str
    planned: float
    measured: float
    said: str

    @property
    def difference_pct(self) -> float | None:
        """Measured over planned, less one; None where nothing was planned."""
        return (self.measured / self.planned - 1.0) * PERCENT if self.planned else None


def growth_of(plan: Plan, workload: Workload | None, period: Period) -> tuple[float, tuple[str, ...]]:
    """Demand in the covered time over that of the workload's first year, central case, and what is to say of it.

    A plan's volume is that of its first year; its growth is taken back from the file's, so that the plan says of the
    file's year what the file says. Where the plan has no such year its volume is taken as it is.
    """
    hours = _by_year(period)
    if workload is None:
        return 1.0, _new_beside(plan, list(hours))
    first, last = active_years(plan, workload)
    inside = {year: h for year, h in hours.items() if max(first, plan.first_year) <= year <= min(last, plan.last_year)}
    factors = demand_factor(plan, workload, 0)[:, 0]
    weighed = sum(h * float(factors[year - plan.first_year]) for year, h in inside.items())
    if not inside or weighed <= 0:
        return 1.0, (
            "the workload has no demand in the files' years; its volume is that of its first",
        ) if hours else ()
    factor = weighed / sum(inside.values())
    if factor == 1.0:
        return 1.0, ()
    return factor, (
        f"the plan lets demand grow to {factor:.3g} times by {_years(list(inside))}; its first year is less by it",
    )


def _new_beside(plan: Plan, years: list[int]) -> tuple[str, ...]:
    """What is to say of a new workload whose files are of years before, after or within the plan's."""
    if not years:
        return ()
    if min(years) < plan.first_year:
        return (f"the files are of {_years(years)}; the plan begins in {plan.first_year}, with this volume",)
    if min(years) > plan.last_year:
        return (f"the files are of {_years(years)}; the plan ends in {plan.last_year} and has this volume before",)
    later = min(years) > plan.first_year
    return (f"it begins in {min(years)}, the year of the files; change it where it ran before",) if later else ()


def against(
    plan: Plan, workload: Workload | None, months: Mapping[str, Amounts], period: Period, requests_counted: bool,
    figures: Results | None = None,
) -> tuple[Against, ...]:  # fmt: skip
    """Each amount of the covered time, planned and measured; empty for a workload without figures of that time.

    `figures` are the plan's central ones, where they stand already.
    """
    hours = _by_year(period)
    if workload is None or not hours or any(year not in plan.years() for year in hours):
        return ()
    found = figures or of(plan, 0)
    place = found.of(workload.id)
    if place is None:
        return ()
    rows = []
    for name, (figure, called) in QUANTITIES.items():
        measured = [getattr(one, name) for month, one in months.items() if month in period.month_h]
        known = [value for value in measured if value is not None]
        if not known or (name == "requests" and not requests_counted):
            continue
        planned = sum(
            float(found.values[figure][place, year - plan.first_year, 0]) * h / _hours(year)
            for year, h in hours.items()
        )
        rows.append(_beside(name, called, planned, sum(known)))
    return tuple(rows)


def still_apart(
    plan: Plan, workload: Workload, months: Mapping[str, Amounts], period: Period, requests_counted: bool
) -> tuple[str, ...]:
    """What the plan still says otherwise of that time once its volume is the files': levers and ceilings act."""
    if not plan.levers and workload.seats is None:
        return ()
    after = against(plan.with_workload(workload.id, **_fields(workload)), workload, months, period, requests_counted)
    apart = [one for one in after if one.difference_pct is None or abs(one.difference_pct) >= APART_PCT]
    why = "a lever or a ceiling of the plan acts on what was measured with it already; it would count twice"
    return tuple(
        f"with this volume the plan says {one.planned:,.0f} {QUANTITIES[one.quantity][1]} of that time: {why}"
        for one in apart
    )


def _fields(workload: Workload) -> dict[str, Any]:
    return {name: getattr(workload, name) for name in type(workload).model_fields if name != "id"}


def _beside(name: str, called: str, planned: float, measured: float) -> Against:
    both = f"{called}: {measured:,.0f} in the files, {planned:,.0f} in the plan for that time"
    bare = Against(name, planned, measured, both)
    change = bare.difference_pct
    if change is None:
        return bare
    word = "as planned" if abs(change) < SAME_PCT else f"{abs(change):,.3g} % {'more' if change > 0 else 'less'}"
    return Against(name, planned, measured, f"{both}: {word}")


def _by_year(period: Period) -> dict[int, float]:
    found: dict[int, float] = {}
    for month, hours in period.month_h.items():
        year = int(month[:4])
        found[year] = found.get(year, 0.0) + hours
    return found


def _hours(year: int) -> float:
    return (DAYS_PER_YEAR + isleap(year)) * H_PER_DAY


def _years(years: list[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{min(years)} to {max(years)}"
