"""Where a company's inventory books each part: GHG Protocol scope and scope 3 category, by hosting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.plan import Workload
from core.results.draws import Floats
from core.results.figures import Results
from core.results.site import find_region

# Scope and scope 3 category of the electricity, and category of the hardware's making, by hosting.
# Own servers, in a hall of one's own or somebody else's: scope 2, as who runs the servers controls what they draw.
# (Where the hall's owner does, it is category 8.) Bought services and cloud: category 1.
ELECTRICITY_SCOPE = {"own": (2, None), "colocation": (2, None), "cloud": (3, 1), "api": (3, 1)}
HARDWARE_CATEGORY = {"own": 2, "colocation": 2, "cloud": 1, "api": 1}
SOLD_CATEGORY = 11
CATEGORIES = {
    None: "purchased electricity",
    1: "purchased goods and services",
    2: "capital goods",
    11: "use of sold products",
}


@dataclass(frozen=True, slots=True)
class ScopePart:
    """One line of the inventory in one year: its scope, category, what it holds, and carbon by both methods [kg].

    `location_kg` and `market_kg` are draws, (1 + draws,). `bases` are the bases of the grid factors in it, empty for
    hardware.
    """

    scope: int
    category: int | None
    what: str
    workloads: int
    location_kg: Floats
    market_kg: Floats
    bases: tuple[str, ...]


def by_scope(found: Results, year: int) -> list[ScopePart]:
    """The shown workloads' carbon by scope and category; the parts add up to the total with hardware."""
    lines: dict[tuple[int, int, str], list[int]] = {}
    for place in found.shown():
        hosting = found.workloads[place].hosting
        scope, category = ELECTRICITY_SCOPE[hosting]
        lines.setdefault((scope, category or 0, "electricity"), []).append(place)
        lines.setdefault((3, HARDWARE_CATEGORY[hosting], "hardware"), []).append(place)
        if found.values["energy_devices_sold_kwh"][place, found.place(year), 0] > 0:
            lines.setdefault((3, SOLD_CATEGORY, "devices"), []).append(place)
    return [_part(found, year, key, places) for key, places in sorted(lines.items())]


def _part(found: Results, year: int, key: tuple[int, int, str], places: list[int]) -> ScopePart:
    scope, category, what = key
    when = found.place(year)

    def draws(name: str) -> Floats:
        return np.asarray(found.values[name][places, when].sum(axis=0))

    sold = draws("carbon_devices_sold_kg")
    shown = {
        "electricity": (draws("carbon_location_kg") - sold, draws("carbon_market_kg") - sold),
        "hardware": (draws("carbon_embodied_kg"),) * 2,
        "devices": (sold, sold),
    }[what]
    return ScopePart(
        scope,
        category or None,
        what,
        len(places),
        *shown,
        tuple(sorted({basis_of(found, found.workloads[p]) for p in places})) if what == "electricity" else (),
    )


def basis_of(found: Results, workload: Workload) -> str:
    """The basis of the grid factor a workload takes, as the catalog words it."""
    region, _ = find_region(found.catalog, workload.region)
    return region.carbon_basis if region else ""
