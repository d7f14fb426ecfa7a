"""The plan: the one state of the app. Link, CSV, widgets and engine columns are views of it."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator

from core.plan.record import Record
from core.plan.workload import Workload

Method = Literal["location", "market"]
Boundary = Literal["operation", "with_hardware"]
Stack = Literal["boundary", "workload"]

MOST_WORKLOADS = 500


class Plan(Record):
    """Years, workloads and what is shown of them. Years are calendar years, both ends included."""

    record: ClassVar[str] = "plan"

    name: str = "Example company"
    first_year: int = 2026
    last_year: int = 2035
    seed: int = 1
    carbon_price_usd_per_t: float | None = None
    method: Method = "location"
    boundary: Boundary = "with_hardware"
    headline_year: int | None = None
    stack_by: Stack = "boundary"
    business_unit: str = ""
    tag: str = ""
    workloads: tuple[Workload, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problem = impossible(self)
        if problem:
            raise ValueError(problem)
        return self

    def years(self) -> range:
        """Calendar years of the plan."""
        return range(self.first_year, self.last_year + 1)

    def shown_year(self) -> int:
        """The headline's year, inside the plan's years."""
        wanted = 2030 if self.headline_year is None else self.headline_year
        return min(max(wanted, self.first_year), self.last_year)

    def workload(self, key: str) -> Workload | None:
        """The workload with that id, None when there is none."""
        return next((w for w in self.workloads if w.id == key), None)

    def shown(self) -> tuple[Workload, ...]:
        """The workloads that pass the business-unit and tag filters."""
        return tuple(
            w
            for w in self.workloads
            if (not self.business_unit or w.business_unit == self.business_unit)
            and (not self.tag or self.tag in w.tags)
        )

    def with_workload(self, key: str, **changes: Any) -> Plan:
        """The plan with some fields of one workload changed, bounds checked again."""
        return self.but(workloads=tuple(w.but(**changes) if w.id == key else w for w in self.workloads))

    def adding(self, workload: Workload) -> Plan:
        """The plan with one more workload at the end."""
        return self.but(workloads=(*self.workloads, workload))

    def duplicating(self, key: str) -> Plan:
        """The plan with a copy of one workload behind it."""
        kept: list[Workload] = []
        for w in self.workloads:
            kept.append(w)
            if w.id == key:
                kept.append(w.but(id=self.free_id(), name=f"{w.name[:70]} (copy)"))
        return self.but(workloads=tuple(kept))

    def without(self, key: str) -> Plan:
        """The plan without one workload."""
        return self.but(workloads=tuple(w for w in self.workloads if w.id != key))

    def free_id(self) -> str:
        """The first of W1, W2, ... that no workload has."""
        taken = {w.id for w in self.workloads}
        return next(key for number in range(1, MOST_WORKLOADS + 2) if (key := f"W{number}") not in taken)


def impossible(plan: Plan) -> str:
    """Why the plan's parts cannot stand together, in one sentence; empty when they can."""
    if plan.last_year < plan.first_year:
        return f"last_year is {plan.last_year}; it must not be before first_year, {plan.first_year}"
    if plan.last_year - plan.first_year > 30:
        return f"the plan spans {plan.last_year - plan.first_year + 1} years; the limit is 31 years"
    if len(plan.workloads) > MOST_WORKLOADS:
        return f"the plan has {len(plan.workloads)} workloads; the limit is {MOST_WORKLOADS} workloads"
    ids = [w.id for w in plan.workloads]
    twice = next((key for key in ids if ids.count(key) > 1), "")
    return f"id '{twice}' is used by two workloads; each needs its own" if twice else ""
