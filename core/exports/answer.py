"""What every export tells: one plan's answer, its figures by year, the largest workloads, versions and link.

Workbook, report, card and bundle take their figures from here, so that no two of them can differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from math import nan

from core import APP_VERSION, results, table
from core.exports import covers
from core.exports.supporting import known_cost, unpriced
from core.methods.origin import data_date
from core.plan import Plan, Workload
from core.results import DRAWS, Results, interval
from core.results.draws import Floats
from core.results_table import method_of
from core.words import days_old

Ends = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Year:
    """The shown workloads together in one year, central case; carbon by the plan's method and boundary has its range.

    Location, market and hardware stand side by side whatever the plan counts. The cost is what is known of it: NaN
    where nothing is, and `cost_unknown` counts the workloads whose price is missing in part.
    """

    year: int
    carbon_kg: float
    carbon_p10_kg: float
    carbon_p90_kg: float
    carbon_location_kg: float
    carbon_market_kg: float
    carbon_embodied_kg: float
    energy_facility_kwh: float
    water_l: float
    cost_usd: float
    cost_unknown: int


@dataclass(frozen=True, slots=True)
class Part:
    """A workload's carbon in the headline's year [kgCO2e], or that of several which no list names."""

    workload: Workload | None
    count: int
    carbon_kg: float
    carbon_p10_kg: float
    carbon_p90_kg: float


@dataclass(frozen=True)
class Answer:
    """A plan's figures and what a reader of a file must know beside them. `link` opens the plan; empty without one."""

    found: Results
    made_on: date
    link: str = ""
    notes: tuple[str, ...] = ()

    @property
    def plan(self) -> Plan:
        """The plan that is told."""
        return self.found.plan

    @property
    def year(self) -> int:
        """The headline's year."""
        return self.plan.shown_year()

    @cached_property
    def headline(self) -> str:
        """The page's sentence, its range with it."""
        return ", ".join(filter(None, covers.answered(self.found)))

    @property
    def covered(self) -> str:
        """What the answer covers, in one line."""
        return covers.covered(self.found, days_old(data_date(), self.made_on))

    @property
    def filtered(self) -> str:
        """Which filter hides workloads; empty without one."""
        unit, tag = self.plan.business_unit, self.plan.tag
        said = [f"business unit {unit}"] if unit else []
        said += [f"tag {tag}"] if tag else []
        return f"only the workloads of {' and '.join(said)}" if said else ""

    @cached_property
    def by_year(self) -> tuple[Year, ...]:
        """Every year of the plan."""
        return tuple(self._year(year) for year in self.plan.years())

    @property
    def shown(self) -> Year:
        """The headline's year."""
        return self.by_year[self.found.place(self.year)]

    def _year(self, year: int) -> Year:
        found, when = self.found, self.found.place(year)

        def central(values: Floats) -> float:
            return float(found.total(values)[when, 0])

        low, mid, high = interval(found.total(found.carbon_kg())[when])
        named = ("carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg", "energy_facility_kwh")
        location, market, embodied, energy = (central(found.values[name]) for name in named)
        water = central(found.values["water_site_l"] + found.values["water_source_l"])
        cost = known_cost(found, when)
        spent = nan if cost is None else float(cost[0])
        return Year(year, mid, low, high, location, market, embodied, energy, water, spent, len(unpriced(found, when)))

    def largest(self, most: int) -> Iterator[Part]:
        """The shown workloads of the headline's year, the largest first; those beyond `most` together, as the last."""
        found, when = self.found, self.found.place(self.year)
        carbon = found.carbon_kg()[:, when]
        order = sorted(found.shown(), key=lambda place: (-carbon[place, 0], place))
        listed = order if len(order) <= most + 1 else order[:most]
        for place in listed:
            low, mid, high = interval(carbon[place])
            yield Part(found.workloads[place], 1, mid, low, high)
        rest = order[len(listed) :]
        if rest:
            low, mid, high = interval(carbon[rest].sum(axis=0))
            yield Part(None, len(rest), mid, low, high)

    @cached_property
    def versions(self) -> dict[str, str]:
        """By what the figures were made, name by name."""
        return {
            "Glidepath": APP_VERSION,
            "Method": method_of(self.found),
            "Data": self.found.data_version,
            "Plan's SHA-256": plan_sha256(self.plan),
            "Draws of each range": f"{DRAWS}, seed {self.plan.seed}",
        }


def plan_sha256(plan: Plan) -> str:
    """The digest of the plan's file: two exports of one plan bear the same."""
    return sha256(table.write_plan(plan).encode()).hexdigest()


def answer_of(plan: Plan, made_on: date, link: str = "", notes: tuple[str, ...] = ()) -> Answer:
    """A plan worked out by today's data."""
    return Answer(results.of(plan), made_on, link, notes)
