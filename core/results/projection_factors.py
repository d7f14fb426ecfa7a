"""What a plan assumes of later years, as factors of a workload: its grid's path, software, renewals, rebound."""

from __future__ import annotations

from collections.abc import Iterator

from core.catalog import Catalog, Projection, Region
from core.plan import Plan, Workload
from core.results.factor import Factor, entered
from core.results.projection import GridIndex, grid_index, renewals_by_year
from core.results.purchases import OWNED

# What a scenario's figures count, for its index to be read beside a region's own basis.
SCENARIO_BASES = {
    "direct": "stack emissions",
    "combustion_and_precombustion": "combustion and fuel supply",
}
AS_AN_INDEX = "taken as an index: a grid counted otherwise is assumed to move in step"


def grid_over_years(catalog: Catalog, plan: Plan, region: Region) -> Factor:
    """How a grid without years of one's own moves from the plan's first year to the headline's."""
    found = grid_index(catalog, plan, region)
    if plan.grid_path == "flat":
        return Factor(
            "Grid over the years", "constant", None, None, "", "assumption", "own-assumption",
            "the same figure in every year of the plan: a cleaner grid would lower later years",
        )  # fmt: skip
    now = found.by_year[plan.shown_year() - plan.first_year]
    if found.scenario is None:
        note = found.reason or f"{plan.grid_change_pct:g} % a year from {plan.first_year}"
        return Factor("Grid over the years", now, None, None, "times", "entered", "input", _from(plan, note))
    one = found.scenario
    note = _from(plan, "; ".join(filter(None, (one.scenario, based(one), AS_AN_INDEX, one.note, found.reason))))
    return Factor("Grid over the years", now, None, None, "times", one.status, one.source, note)


def _from(plan: Plan, note: str) -> str:
    return f"{plan.shown_year()} over {plan.first_year}: {note}"


def based(scenario: Projection) -> str:
    """What a scenario's figures count, in words."""
    return f"{scenario.region}, {SCENARIO_BASES[scenario.carbon_basis]}"


def path_in_words(found: GridIndex) -> str:
    """What a grid follows, in a clause."""
    return found.reason or (f"{found.scenario.scenario}, {based(found.scenario)}" if found.scenario else "your change")


def projection_factors(catalog: Catalog, plan: Plan, workload: Workload) -> Iterator[Factor]:
    """Software, renewals and rebound, where the plan assumes any; values for the headline's year."""
    if plan.efficiency_drift_pct:
        note = f"less time of a step, every year from {plan.first_year}"
        yield entered("Software gets quicker by", plan.efficiency_drift_pct, "% a year", note)
    if plan.refresh_every_years is not None:
        done = renewals_by_year(catalog, plan, workload)[plan.shown_year() - plan.first_year]
        whose = "own machines serve no longer" if workload.hosting in OWNED else "the provider's machines"
        note = (
            f"{whose}; renewals by {plan.shown_year()}: {done}, each with {plan.refresh_gain_pct:g} % more at one power"
        )
        yield entered("Accelerators renewed every", float(plan.refresh_every_years), "years", note)
    if plan.rebound_elasticity and workload.kind == "inference":
        note = (
            "demand over the fall of an answer's cost by software, renewals, and levers without a rebound of their own"
        )
        yield entered("Rebound", plan.rebound_elasticity, "", note)
