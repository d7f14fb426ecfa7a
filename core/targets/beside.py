"""What stands beside the plan on a line: the rest of the company, or what a portfolio has and no plan works out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.plan import Plan
from core.targets.amounts import Amounts
from core.targets.inventory import METHODS, NOTHING, UNKNOWN, Held, of_portfolio, stated
from core.targets.told import tonnes
from core.units import PERCENT

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Beside:
    """By scope what is added to the plan's emissions, as of the most recent year; what is missing is a question."""

    held: Mapping[str, Held]
    questions: Mapping[str, str]


def beside(plan: Plan, own: Mapping[str, Amounts], scopes: tuple[str, ...]) -> Beside:
    """The rest of the company in the most recent year: its inventory less the portfolio; else what is carried along."""
    recent = plan.target.recent_year
    assert recent is not None
    if plan.target.mode != "company":
        return Beside({scope: _carried(plan, recent, scope) for scope in scopes}, {})
    held, questions = {}, {}
    for scope in scopes:
        whole, part = stated(plan, "company", recent, scope), of_portfolio(plan, recent, scope, own)
        held[scope] = Held(
            _less(whole.location_kg, part.location_kg), _less(whole.market_kg, part.market_kg), whole.origin
        )
        questions[scope] = _question(plan, scope, whole, part)
    return Beside(held, questions)


def _question(plan: Plan, scope: str, whole: Held, part: Held) -> str:
    """What keeps the rest of the company from being known: a part not said, or larger than its whole by any method."""
    recent, basis = plan.target.recent_year, plan.target.scope2_basis
    if whole.on(basis) is not None and part.on(basis) is None:
        said = f", {basis}-based" if scope == "2" else ""
        return f"Inventory: how many tonnes of scope {scope} in {recent} were the AI portfolio's{said}?"
    for method in (basis, *METHODS):
        whole_kg, part_kg = whole.on(method), part.on(method)
        if whole_kg is not None and part_kg is not None and part_kg > whole_kg:
            said = f", {method}-based" if scope == "2" else ""
            return (
                f"Scope {scope} in {recent}{said}: the AI portfolio has {tonnes(part_kg)} t, the whole company "
                f"{tonnes(whole_kg)} t; which of the two is right?"
            )
    return ""


def _carried(plan: Plan, recent: int, scope: str) -> Held:
    found = stated(plan, "portfolio", recent, scope, carried=True)
    return NOTHING if found is UNKNOWN else found


def _less(whole_kg: float | None, part_kg: float | None) -> float | None:
    return None if whole_kg is None or part_kg is None else whole_kg - part_kg


def beside_kg(plan: Plan, held_kg: float | None) -> Floats:
    """What stands beside the plan in each of its years [kgCO2e]: it changes by a yearly share from the recent year on.

    What a portfolio carries along stays as it is; unknown stays unknown (NaN).
    """
    recent = plan.target.recent_year
    assert recent is not None
    if held_kg is None:
        return np.full(len(plan.years()), np.nan)
    yearly = 1.0 + plan.target.rest_change_pct / PERCENT if plan.target.mode == "company" else 1.0
    return held_kg * yearly ** (np.array(plan.years(), dtype=np.float64) - recent)
