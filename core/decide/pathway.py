"""What a target asks of a choice: by line and year what is allowed, and what an inventory books of each workload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.plan import Plan, Workload
from core.results.purchases import OWNED
from core.results.scopes import counts_sold_products, electricity_scope
from core.targets.amounts import added
from core.targets.judged import judged
from core.targets.tracked import Milestone, Track

Floats = NDArray[np.float64]
# Figures of a workload that an inventory books, beside the electricity by the target's basis.
BOOKED = ("carbon_embodied_kg", "carbon_devices_sold_kg")


@dataclass(frozen=True, slots=True)
class Pathway:
    """The lines of a target in the years that must be met, (lines, years) [kgCO2e]; `places` are those years' places.

    `beside_kg` stands beside the plan on a line whatever it does: the rest of a company, or what is carried along.
    """

    track: Track
    lines: tuple[str, ...]
    places: tuple[int, ...]
    allowed_kg: Floats
    beside_kg: Floats
    basis: str
    sold_counts: bool

    def booked_kg(self, workload: Workload, values: Mapping[str, Floats]) -> Floats:
        """What an inventory must book of a workload at least, (lines, rows, years, 1 + draws).

        Hardware of one's own is booked in the year of its purchase, which hangs on all years before: at least nothing.
        """
        scope = str(electricity_scope(workload)[0])
        sold_kg = values["carbon_devices_sold_kg"]
        drawn_kg = values[f"carbon_{self.basis}_kg"] - sold_kg
        made_kg = values["carbon_embodied_kg"] if workload.hosting not in OWNED else np.zeros_like(sold_kg)
        third_kg = made_kg + sold_kg if self.sold_counts else made_kg
        out = np.zeros((len(self.lines), *sold_kg.shape))
        for place, line in enumerate(self.lines):
            if scope in line.split("+"):
                out[place] += drawn_kg
            if "3" in line.split("+"):
                out[place] += third_kg
        return out[:, :, list(self.places)]


def pathway_of(plan: Plan) -> Pathway | None:
    """What the target asks, read off the plan without its candidates; None while there is nothing to compare with."""
    found = judged(plan)
    if not found.all_scopes or found.standing not in ("on track", "off track"):
        return None
    years = years_asked(plan, found.all_scopes)
    places = tuple(year - plan.first_year for year in years)
    basis = found.basis
    beside = [
        (line.plan.on(basis) - added([found.scopes[scope] for scope in line.scope.split("+")]).on(basis))[:, 0]
        for line in found.lines
    ]
    return Pathway(
        found,
        tuple(line.scope for line in found.lines),
        places,
        np.array([line.allowed_kg[list(places)] for line in found.lines]),
        np.array([kg[list(places)] for kg in beside]),
        basis,
        counts_sold_products(plan),
    )


def years_asked(plan: Plan, milestones: Sequence[Milestone]) -> tuple[int, ...]:
    """The years in which a search must meet the target: the last alone, or every one up to it."""
    years = tuple(one.year for one in milestones)
    return years if plan.search.milestones == "every_year" else years[-1:]


def first_free_year(found: Track) -> int:
    """The first year in which a lever moves no emissions that the target itself counts from.

    Where base or newest emissions are the plan's own, a lever that acts then would move the target along.
    """
    target = found.view.target
    years = [
        year
        for line in found.lines
        for origin, year in zip(line.origins, (target.base_year, target.recent_year), strict=True)
        if "plan" in origin and year is not None
    ]
    return max(years, default=found.view.first_year - 1) + 1


def verdict(plan: Plan, found: Track) -> tuple[bool, float]:
    """Whether the central case meets every line in the years asked, and the probability of all of them at once."""
    every_year = plan.search.milestones == "every_year"
    return found.meets(every_year), found.met_share(every_year)
