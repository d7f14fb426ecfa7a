"""The Estimate page's question answered by the one road: one workload in one year, shared out over what it does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.catalog import Hardware
from core.plan import Plan, Workload
from core.results.columns import fleet
from core.results.demand import demand_factor
from core.results.drawing import Drawing
from core.results.draws import Floats
from core.results.figures import Results, of
from core.results.parts import CAUSES, HARDWARE, by_cause_kg
from core.results.projection import AS_TODAY


@dataclass(frozen=True, slots=True)
class Answer:
    """Figures of the plan's case in the plan's first year. `done` are the requests, or the training runs, of that year.

    `reason` says in a sentence why there is no figure; then nothing else may be asked.
    """

    found: Results
    done: Floats
    reason: str

    @property
    def case(self) -> Workload:
        """The workload asked about."""
        return self.found.plan.case

    @property
    def one(self) -> str:
        """What a figure is a share of."""
        return "request" if self.case.kind == "inference" else "run"

    def device(self) -> Hardware:
        """The accelerator it runs on; of a bought service, the one the central case takes."""
        hardware, picked = fleet(self.found.catalog, self.case, Drawing(self.found.plan, 0))
        return hardware[int(picked[0])]

    def year(self, name: str) -> Floats:
        """A figure of the whole year, (1 + draws,)."""
        draws: Floats = self.found.values[name][0, 0]
        return draws

    def each(self, name: str) -> Floats:
        """A figure of one request or run, (1 + draws,)."""
        return self.year(name) / self.done

    def carbon_year_kg(self) -> Floats:
        """Carbon of the year by the plan's method and boundary, (1 + draws,)."""
        kg: Floats = self.found.carbon_kg()[0, 0]
        return kg

    def carbon_each_kg(self) -> Floats:
        """Carbon of one request or run by the plan's method and boundary, (1 + draws,)."""
        return self.carbon_year_kg() / self.done

    def causes_kg(self) -> dict[str, float]:
        """What the carbon of one request or run is made of, central case; the making of the hardware last."""
        split = by_cause_kg(self.found)
        return {name: float(split[name][0, 0] / self.done[0]) for name in (*CAUSES.values(), HARDWARE) if name in split}


def alone(plan: Plan, *workloads: Workload) -> Plan:
    """The plan's first year with these workloads and no other, without its levers; hardware is spread over its life.

    A request's share of a purchase booked in one year would be no share of anything, and levers and meters are of the
    plan's own workloads, whatever ids these have. What the plan assumes of later years has no part in the first.
    """
    bare = {**AS_TODAY, "levers": (), "calibrations": (), "business_unit": "", "tag": ""}
    return plan.but(workloads=workloads, last_year=plan.first_year, hardware_view="amortised", **bare)


def answer(plan: Plan) -> Answer:
    """The figures of the plan's case."""
    found = of(alone(plan, plan.case))
    if plan.case.id in found.refused:
        return Answer(found, np.zeros(1), found.refused[plan.case.id])
    done = _done(found)
    return Answer(found, done, "" if done.all() else _nothing(plan.case))


def _done(found: Results) -> Floats:
    case = found.plan.case
    requests: Floats = found.values["requests"][0, 0]
    if case.kind == "inference":
        return requests
    runs: Floats = case.runs_per_year * demand_factor(found.plan, case, len(requests) - 1)[0]
    return runs


def _nothing(case: Workload) -> str:
    name = "requests_per_day" if case.kind == "inference" else "runs_per_year"
    if getattr(case, name) == 0:
        return f"{name} is 0; a share of nothing has no figure, so it must be more"
    return "first_year and last_year leave out the plan's first year, so nothing is done in it"


def distance_km(carbon_kg: float, carbon_kg_per_km: float) -> float:
    """How far something drives that emits as much, by what it emits per kilometre."""
    return carbon_kg / carbon_kg_per_km
