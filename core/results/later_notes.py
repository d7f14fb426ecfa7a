"""What a reader must know of a plan's assumptions about later years, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.catalog import Catalog, Region
from core.plan import Plan
from core.plan.own_catalog import catalog_of
from core.results.later_effects import assumed_later
from core.results.prices import token_prices
from core.results.projection import GridIndex, grid_index, machines_change
from core.results.projection_factors import SCENARIO_BASES
from core.results.purchases import OWNED
from core.results.site import find_region

LIFE_CYCLE = "A figure that counts the life cycle holds fuel supply and building of plants too, which fall more slowly."
JOULES = (
    "More arithmetic at the same power saves less energy than it saves accelerators: a byte read and an operation are "
    "taken to need the energy they needed in every generation measured so far."
)
CARBON_ALONE = (
    "Only carbon follows the path; water and price of electricity stay. A path has no range, its publisher's neither: "
    "the 80 % range is that of today's figure. How far apart the paths at hand lie stands outside it."
)
EMPTIER = (
    "Where machines have room to spare, quicker steps answer fewer requests at a time and read the model's weights "
    "more often: they need fewer accelerators at the peak, and energy may fall little or even rise."
)


def grids(plan: Plan) -> Mapping[str, tuple[Region, GridIndex]]:
    """The grids of the shown workloads and how each moves, by id."""
    catalog = catalog_of(plan)
    found = [find_region(catalog, workload.region)[0] for workload in plan.shown()]
    return {region.id: (region, grid_index(catalog, plan, region)) for region in found if region is not None}


def later_notes(plan: Plan) -> list[str]:
    """Every note, the grids' first; empty where the plan assumes nothing of later years."""
    found = [*_path(plan), *_machines(plan), *_rebound(plan)]
    return found if assumed_later(plan) else []


def _path(plan: Plan) -> Iterator[str]:
    if plan.grid_change_pct and plan.grid_path != "percent":
        yield f"The change of {plan.grid_change_pct:g} % a year moves nothing: grids do not follow a change of yours."
    if plan.grid_path == "flat":
        return
    yield CARBON_ALONE
    moved = grids(plan)
    scenarios = {index.scenario.id: index for _, index in moved.values() if index.scenario is not None}
    for index in scenarios.values():
        yield from _scenario(plan, index)
    if any(index.scenario is not None and not region.direct for region, index in moved.values()):
        yield LIFE_CYCLE
    outside = [region.name for region, index in moved.values() if index.reason == "outside the scenario's area"]
    if outside:
        yield f"Outside the scenario's area, and therefore flat: {', '.join(outside)}."
    mine = [region.name for region, _ in moved.values() if region.id in catalog_of(plan).carbon_by_year]
    if mine:
        yield f"By the years you entered, whatever the path: {', '.join(mine)}."
    if any(workload.contract_share for workload in plan.shown()):
        yield "Contracts keep their own figure: what moves is the grid's average, where no contract is."


def _scenario(plan: Plan, index: GridIndex) -> Iterator[str]:
    one = index.scenario
    assert one is not None
    name = f"{one.scenario}, {one.region}"
    yield f"{name}: counts {SCENARIO_BASES[one.carbon_basis]}, and is taken as an index of {plan.first_year}."
    if one.note:
        yield f"{one.scenario}: {one.note}."
    if plan.first_year < one.years[0]:
        yield f"{one.scenario} starts in {one.years[0]}; earlier years have its first figure."
    if plan.last_year > one.years[-1]:
        yield f"{one.scenario} ends in {one.years[-1]}; later years keep its last figure."
    if 0.0 in index.by_year:
        gone = plan.years()[index.by_year.index(0.0)]
        yield f"{name} reaches 0 in {gone}: no grid's whole life cycle does, so figures from then on are too low."


def _machines(plan: Plan) -> Iterator[str]:
    if machines_change(plan):
        yield EMPTIER
    every, gain = plan.refresh_every_years, plan.refresh_gain_pct
    used = {lever.key for lever in plan.levers}
    if every is None and gain:
        yield f"A gain of {gain:g} % moves nothing: accelerators are never renewed."
    if every is None:
        return
    if not gain:
        yield "Renewals bring no gain yet: own hardware only serves for a shorter time."
    else:
        yield JOULES
    if used & {"newer_gpu", "consolidation"}:
        yield "A lever brings newer accelerators too; what renewals gain comes on top of it."
    if "lifetime" in used and any(workload.hosting in OWNED for workload in plan.shown()):
        yield f"A lever lets hardware serve longer; its renewal every {every} years ends that."
    if plan.hardware_view == "purchase_year":
        yield "Booked in the year of purchase, machines added between two renewals are replaced at their own age."


def _rebound(plan: Plan) -> Iterator[str]:
    if not plan.rebound_elasticity:
        return
    if not machines_change(plan) and not plan.levers:
        yield "Nothing in this plan makes an answer cheaper, so there is no rebound yet."
    listed = [w.name for w in plan.shown() if w.hosting == "api" and _is_listed(catalog_of(plan), plan, w.id)]
    if machines_change(plan) and listed:
        yield f"Tokens at a listed price get no cheaper by themselves, so no rebound: {', '.join(listed)}."


def _is_listed(catalog: Catalog, plan: Plan, key: str) -> bool:
    workload = plan.workload(key)
    if workload is None or workload.kind != "inference":
        return False
    prices = token_prices(catalog, workload)
    return prices[0] is not None and prices[2] is not None
