"""Where a company's inventory books each part: GHG Protocol scope and scope 3 category, by hosting and basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.plan import Plan, Workload
from core.results.draws import Floats
from core.results.figures import Results
from core.results.settings import contract_counts, counts_of, settings
from core.results.site import find_region

# Scope and scope 3 category of the electricity, and category of the hardware's making, by hosting.
# Own servers, in a hall of one's own or somebody else's: scope 2, as who runs the servers controls what they draw.
# Where the hall's owner does, it is category 8 (`electricity_scope`). Bought services and cloud: category 1.
ELECTRICITY_SCOPE = {"own": (2, None), "colocation": (2, None), "cloud": (3, 1), "api": (3, 1)}
HARDWARE_CATEGORY = {"own": 2, "colocation": 2, "cloud": 1, "api": 1}
LEASED_CATEGORY, SOLD_CATEGORY = 8, 11
CATEGORIES = {
    None: "purchased electricity",
    1: "purchased goods and services",
    2: "capital goods",
    8: "upstream leased assets",
    11: "use of sold products",
}
MOVES_GRID = "region"  # the one field whose levers change what a grid factor counts
DIRECT, MIXED = "direct", "mixed"


@dataclass(frozen=True, slots=True)
class ScopePart:
    """One line of the inventory in one year: its scope, category, what it holds, and carbon by both methods [kg].

    `location_kg` and `market_kg` are draws, (1 + draws,). `bases` are the bases of the grid factors in it, `basis` is
    what they count: `life_cycle`, `direct`, or `mixed` where a lever splits a workload over grids; empty for hardware.
    A line that is not `counted` stands outside the inventory's total.
    """

    scope: int
    category: int | None
    what: str
    workloads: int
    location_kg: Floats
    market_kg: Floats
    bases: tuple[str, ...]
    basis: str = ""
    counted: bool = True


def by_scope(found: Results, year: int) -> list[ScopePart]:
    """The shown workloads' carbon by scope, category and basis; the parts add up to the total with hardware.

    Direct and life-cycle factors never share a line.
    """
    lines: dict[tuple[int, int, str, str], list[int]] = {}
    for place in found.shown():
        workload = found.workloads[place]
        scope, category = electricity_scope(workload)
        basis = _basis(found, workload, year)
        lines.setdefault((scope, category or 0, "electricity", basis), []).append(place)
        lines.setdefault((3, HARDWARE_CATEGORY[workload.hosting], "hardware", ""), []).append(place)
        if found.values["energy_devices_sold_kwh"][place, found.place(year), 0] > 0:
            lines.setdefault((3, SOLD_CATEGORY, "devices", basis), []).append(place)
    return [_part(found, year, key, places) for key, places in sorted(lines.items())]


def electricity_scope(workload: Workload) -> tuple[int, int | None]:
    """Scope and scope 3 category of a workload's electricity."""
    if workload.hosting == "colocation" and workload.it_control == "landlord":
        return 3, LEASED_CATEGORY
    return ELECTRICITY_SCOPE[workload.hosting]


def counts_sold_products(plan: Plan) -> bool:
    """Whether power of devices that the company sells, category 11, is in the inventory's total."""
    return plan.target.sold_products == "counted"


def inventory_kg(found: Results, year: int, method: str) -> Floats:
    """The inventory's total by one method, `location` or `market` [kg]: every counted line of every scope."""
    kept = [getattr(part, f"{method}_kg") for part in by_scope(found, year) if part.counted]
    return np.asarray(sum(kept, np.zeros(found.values["carbon_location_kg"].shape[-1])))


def categories(found: Results) -> frozenset[int]:
    """Categories of scope 3 in which any counted line of any year has carbon, central case."""
    booked, values = set(), found.values
    for place, workload in enumerate(found.workloads):
        (scope, category), sold_kg = electricity_scope(workload), values["carbon_devices_sold_kg"][place, :, 0]
        if scope == 3 and (values["carbon_location_kg"][place, :, 0] > sold_kg).any():
            booked.add(category or 0)
        if values["carbon_embodied_kg"][place, :, 0].any():
            booked.add(HARDWARE_CATEGORY[workload.hosting])
        if counts_sold_products(found.plan) and sold_kg.any():
            booked.add(SOLD_CATEGORY)
    return frozenset(booked)


def unmatched_kwh(found: Results, year: int) -> Mapping[str, float]:
    """Electricity that market-based takes at the grid's average, by id of the shown workloads that have any [kWh]."""
    at = found.values["energy_no_residual_kwh"][:, found.place(year), 0]
    return {found.workloads[place].id: float(at[place]) for place in found.shown() if at[place] > 0}


def without_upstream_kwh(found: Results, year: int) -> Mapping[str, float]:
    """Electricity on direct factors, by id [kWh]: its fuel supply and losses, category 3, are not known.

    A life-cycle factor already holds them, so nothing is added to it.
    """
    when, energy = found.place(year), found.values["energy_facility_kwh"]
    shown = ((place, found.workloads[place]) for place in found.shown())
    kept = [(place, w) for place, w in shown if _basis(found, w, year) != "life_cycle"]
    return {w.id: float(energy[place, when, 0]) for place, w in kept if energy[place, when, 0] > 0}


def unlike_contracts(found: Results, year: int) -> tuple[str, ...]:
    """Ids of the shown workloads whose contract's factor counts another thing than their grid's."""
    covered = found.values["energy_contract_kwh"][:, found.place(year), 0]
    mine = [found.workloads[place] for place in found.shown() if covered[place] > 0]
    return tuple(
        w.id for w in mine if (counts := contract_counts(found.catalog, w)) and counts != _basis(found, w, year)
    )


def _part(found: Results, year: int, key: tuple[int, int, str, str], places: list[int]) -> ScopePart:
    scope, category, what, basis = key
    when = found.place(year)

    def draws(name: str) -> Floats:
        return np.asarray(found.values[name][places, when].sum(axis=0))

    sold = draws("carbon_devices_sold_kg")
    shown = {
        "electricity": (draws("carbon_location_kg") - sold, draws("carbon_market_kg") - sold),
        "hardware": (draws("carbon_embodied_kg"),) * 2,
        "devices": (sold, sold),
    }[what]
    on_grid = what != "hardware"
    bases = {name for p in places for name in _bases(found, found.workloads[p], year)} if on_grid else set()
    counted = what != "devices" or counts_sold_products(found.plan)
    return ScopePart(
        scope, category or None, what, len(places), *shown, tuple(sorted(bases)), basis if on_grid else "", counted
    )


def _moved(found: Results) -> bool:
    """Whether a lever of the plan moves work to another grid."""
    operations = found.catalog.lever_operations
    return any(one.target == MOVES_GRID for lever in found.plan.levers for one in operations.get(lever.key, ()))


def _bases(found: Results, workload: Workload, year: int) -> tuple[str, ...]:
    """Bases of the grid factors a workload takes in a year, as the catalog words them."""
    if _moved(found):
        return tuple(region.carbon_basis for region in settings(found, workload)[found.place(year)].regions)
    region, _ = find_region(found.catalog, workload.region)
    return (region.carbon_basis,) if region else ()


def _basis(found: Results, workload: Workload, year: int) -> str:
    """What they count together: `life_cycle`, `direct` or `mixed`."""
    if _moved(found):
        return settings(found, workload)[found.place(year)].basis
    region, _ = find_region(found.catalog, workload.region)
    return counts_of(region) if region else ""
