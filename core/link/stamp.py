"""What a link says about its making: the data, the headline, and by which rules its target was worked out."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from core import results
from core.plan import Plan, Target
from core.targets.regime import regime_of
from core.targets.track import track
from core.targets.tracked import ALL_SCOPES


@dataclass(frozen=True, slots=True)
class TargetStamp:
    """By which rules a target was worked out, and what all its lines came to in the target year, where they did.

    `allowed_kg` is the pathway, `plan_kg` the plan's central case [kgCO2e]; None is refused, incomplete or not said.
    """

    standard: str = ""
    formula: str = ""
    rule_date: str = ""
    parameters: str = ""
    allowed_kg: float | None = None
    plan_kg: float | None = None

    @property
    def rules(self) -> tuple[str, str, str, str]:
        """The rules alone, without what they came to."""
        return self.standard, self.formula, self.rule_date, self.parameters


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a link says about its making: data version, the headline [kg] shown then, and its target's rules."""

    data_version: str = ""
    headline_kg: float | None = None
    target: TargetStamp | None = None


NO_STAMP = Stamp()


def stamp(plan: Plan) -> Stamp:
    """The stamp of a plan under today's data: its headline as the page shows it, and its target where it asks one."""
    found = results.of(plan)
    kg = float(found.total(found.carbon_kg())[found.place(plan.shown_year()), 0])
    return Stamp(found.data_version, _known(kg), target_stamp(plan))


def target_stamp(plan: Plan) -> TargetStamp | None:
    """What a link says of its target; None where none is asked, or not wholly."""
    if plan.target == Target() or plan.target.target_year is None:
        return None
    found, regime = track(plan, 0), regime_of(plan)
    if found.standing == "asked":
        return None
    at = found.milestone(ALL_SCOPES, plan.target.target_year)
    allowed_kg, plan_kg = (None, None) if at is None else (_known(at.allowed_kg), _known(at.central_kg))
    return TargetStamp(regime.standard, regime.formula, regime.rule_date, regime.parameters, allowed_kg, plan_kg)


def _known(kg: float) -> float | None:
    return kg if isfinite(kg) else None
