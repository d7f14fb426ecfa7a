"""Energy, water and cost of the headline's year: what stands beside the answer on pages and in files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core import words
from core.results import Results, interval
from core.results.draws import Floats
from core.words import Scale

COSTS = {
    "cost_hire_usd": "Hired accelerators",
    "cost_api_usd": "Tokens bought",
    "cost_energy_usd": "Electricity of own servers",
    "cost_hardware_usd": "Own hardware, spread over its life",
    "cost_operations_usd": "Operations of own servers",
    "cost_levers_usd": "Work and money for levers",
}


@dataclass(frozen=True, slots=True)
class Supporting:
    """One of the three figures beside the headline: its draws, (1 + draws,), and whether parts of it are unknown."""

    label: str
    unit: str
    draws: Floats
    help: str
    figure: str  # of the Methods page
    least: bool = False

    def middle(self, scale: Scale) -> str:
        """The central case; where parts are unknown, the known ones as "at least"."""
        low, mid, high = interval(self.draws)
        text = words.with_range(mid, low, high, scale)[0]
        return f"at least {text}" if self.least and np.isfinite(mid) else text

    def range(self, scale: Scale) -> str | None:
        """The 80 % range in words; None where there is none."""
        low, mid, high = interval(self.draws)
        ends = words.with_range(mid, low, high, scale)[1]
        return f"80 % range {ends}" if np.isfinite(mid) and ends and not self.least else None


def three(found: Results) -> list[Supporting]:
    """Energy, water and cost of the headline's year."""
    year = found.plan.shown_year()
    when = found.place(year)
    energy = found.total(found.values["energy_facility_kwh"])[when]
    water = found.total(found.values["water_site_l"] + found.values["water_source_l"])[when]
    cost = known_cost(found, when)
    spent = cost if cost is not None else np.array([np.nan])
    return [
        Supporting(
            f"Energy at the meter, {year}",
            "kWh",
            energy,
            "All electricity the sites take for these workloads.",
            "energy_facility_kwh",
        ),
        Supporting(
            f"Water, {year}", "l", water, "Evaporated on site, and where the electricity is made.", "water_source_l"
        ),
        Supporting(
            f"Cost, {year}",
            "USD",
            spent,
            "Hire, tokens, or electricity and hardware, by hosting.",
            "cost_usd",
            bool(unpriced(found, when)),
        ),
    ]


def known_cost(found: Results, when: int) -> Floats | None:
    """The sum of every cost that is known, (1 + draws,); None when none is."""
    parts = [part for name in COSTS if (part := known_part(found, name, when)) is not None]
    return np.asarray(sum(parts)) if parts else None


def unpriced(found: Results, when: int) -> list[str]:
    """Names of the shown workloads whose cost that year is unknown in part or whole."""
    costs = found.values["cost_usd"][:, when]
    return [found.workloads[place].name for place in found.shown() if np.isnan(costs[place]).any()]


def known_part(found: Results, name: str, when: int) -> Floats | None:
    """The sum of a cost over the workloads where it is known and not nothing; None when there is none."""
    rows = [row for row in found.values[name][found.shown(), when] if not np.isnan(row).any() and row.any()]
    return np.asarray(np.sum(rows, axis=0)) if rows else None
