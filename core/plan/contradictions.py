"""Why the parts of a plan cannot stand together: each in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.plan.limits import (
    CASE_ID,
    MOST_ACTUALS,
    MOST_CANDIDATES,
    MOST_HOURS_FILES,
    MOST_INVENTORY,
    MOST_LEVERS,
    MOST_OWN,
    MOST_WORKLOADS,
)
from core.plan.lines import clashes, unfit
from core.plan.own import OWN

if TYPE_CHECKING:
    from core.plan.plan import Plan


def impossible(plan: Plan) -> str:
    """Why the plan's parts cannot stand together, in one sentence; empty when they can."""
    if plan.last_year < plan.first_year:
        return f"last_year is {plan.last_year}; it must not be before first_year, {plan.first_year}"
    if plan.last_year - plan.first_year > 30:
        return f"the plan spans {plan.last_year - plan.first_year + 1} years; the limit is 31 years"
    if len(plan.workloads) > MOST_WORKLOADS:
        return f"the plan has {len(plan.workloads)} workloads; the limit is {MOST_WORKLOADS} workloads"
    twice = _twice([w.id for w in plan.workloads])
    if twice:
        return f"id '{twice}' is used by two workloads; each needs its own"
    if plan.case.id != CASE_ID:
        return f"id of the estimate is '{plan.case.id}'; it must be '{CASE_ID}'"
    return (
        _impossible_currency(plan)
        or _impossible_own(plan)
        or _impossible_calibrations(plan)
        or _impossible_levers(plan)
        or _impossible_candidates(plan)
        or _impossible_hours(plan)
        or _impossible_inventory(plan)
        or _impossible_actuals(plan)
    )


def _impossible_calibrations(plan: Plan) -> str:
    ids = [c.id for c in plan.calibrations]
    twice, known = _twice(ids), {w.id for w in plan.workloads}
    if twice:
        return f"workload '{twice}' has two calibrations; the limit is 1"
    return next((f"the calibration of '{key}' has no workload in this plan" for key in ids if key not in known), "")


def _impossible_currency(plan: Plan) -> str:
    if plan.currency == "USD" and plan.exchange_rate != 1:
        return "exchange_rate must be 1 where the currency is USD"
    if plan.currency != "USD" and not plan.currency_date:
        return f"currency_date is blank; a rate of {plan.currency} needs its date"
    return ""


def _impossible_own(plan: Plan) -> str:
    ids = [entry.id for _, entry in plan.own()]
    if any(len(getattr(plan, field)) > MOST_OWN for field in OWN):
        return f"the plan has over {MOST_OWN} own entries of one kind; the limit is {MOST_OWN}"
    twice = _twice(ids)
    return f"id '{twice}' is used by two of your own entries; each needs its own" if twice else ""


def _impossible_levers(plan: Plan) -> str:
    if len(plan.levers) > MOST_LEVERS:
        return f"the plan uses {len(plan.levers)} levers; the limit is {MOST_LEVERS} levers"
    twice = _twice([lever.id for lever in plan.levers])
    return f"lever '{twice}' stands there twice; a second use is named '{twice}.2'" if twice else ""


def _impossible_candidates(plan: Plan) -> str:
    if len(plan.candidates) > MOST_CANDIDATES:
        return f"the plan has {len(plan.candidates)} candidates; the limit is {MOST_CANDIDATES} candidates"
    twice = _twice([lever.id for lever in plan.candidates])
    return f"candidate '{twice}' stands there twice; a second one is named '{twice}.2'" if twice else ""


def _impossible_hours(plan: Plan) -> str:
    if len(plan.hours_files) > MOST_HOURS_FILES:
        return f"the plan names {len(plan.hours_files)} files of hours; the limit is {MOST_HOURS_FILES} files"
    twice = _twice([file.id for file in plan.hours_files])
    return f"two files of hours stand for '{twice}'; the limit is 1" if twice else ""


def _impossible_inventory(plan: Plan) -> str:
    if len(plan.inventory) > MOST_INVENTORY:
        return f"the inventory has {len(plan.inventory):,} rows; the limit is {MOST_INVENTORY:,} rows"
    return next(iter(clashes(plan.inventory).values()), "")


def _impossible_actuals(plan: Plan) -> str:
    if len(plan.actuals) > MOST_ACTUALS:
        return f"the plan has {len(plan.actuals):,} actuals; the limit is {MOST_ACTUALS:,} actuals"
    return next(iter(unfit(plan.actuals, {w.id for w in plan.workloads}).values()), "")


def _twice(ids: list[str]) -> str:
    return next((key for key in ids if ids.count(key) > 1), "")
