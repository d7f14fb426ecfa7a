"""What a link says about its making."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from core import results
from core.plan import Plan


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a link says about its making: data version, and the headline [kg] shown then."""

    data_version: str = ""
    headline_kg: float | None = None


NO_STAMP = Stamp()


def stamp(plan: Plan) -> Stamp:
    """The stamp of a plan under today's data: its headline as the page shows it."""
    found = results.of(plan)
    kg = float(found.total(found.carbon_kg())[found.place(plan.shown_year()), 0])
    return Stamp(found.data_version, kg if isfinite(kg) else None)
