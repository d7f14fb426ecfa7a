"""What is known of the past beside a target: inventories, and the plan with what was measured in its place."""

from __future__ import annotations

from math import isfinite, nan
from typing import Any

from core.exports.verdict import View
from core.results.draws import Floats
from core.results.scopes import electricity_scope
from core.targets.actuals import beside_plan
from core.targets.inventory import of_portfolio, stated

INVENTORY = "circles: inventory"
MEASURED = "crosses: the plan with what was measured in its place"


def points(view: View, scope: str, plan_kg: Floats) -> list[dict[str, Any]]:
    """Points of the chart by year, in the page's unit; `plan_kg` is the plan's central case by year."""
    return [*_inventoried(view, scope), *_measured(view, scope, plan_kg)]


def told(view: View) -> str:
    """What the points stand for."""
    return f"{INVENTORY} · {MEASURED}" if view.plan.actuals else INVENTORY


def _scopes(view: View, scope: str) -> list[str]:
    return [one for line in view.lines(scope) for one in line.scope.split("+")]


def _inventoried(view: View, scope: str) -> list[dict[str, Any]]:
    """What inventories say of the scopes drawn, a point a year in which every one of them is known."""
    plan, covers = view.plan, view.target.mode
    scopes = _scopes(view, scope)
    points = []
    for year in sorted({row.year for row in plan.inventory if row.covers == covers}):
        held = [
            stated(plan, covers, year, one) if covers == "company" else of_portfolio(plan, year, one, view.found.scopes)
            for one in scopes
        ]
        kg = [one.on(view.found.basis) for one in held]
        total_kg = sum(nan if one is None else one for one in kg)
        if isfinite(total_kg) and any(one.origin == "inventory" for one in held):
            points.append({"year": year, "value": total_kg / view.scale.divisor, "kind": "inventory"})
    return points


def _measured(view: View, scope: str, plan_kg: Floats) -> list[dict[str, Any]]:
    """Of each year in which anything was measured: the plan, plus what the measurements say more or less than it."""
    more_kg: dict[int, float] = {}
    for row in beside_plan(view.plan):
        in_scope = str(electricity_scope(row.workload)[0]) in _scopes(view, scope)
        for one in row.compared:
            if in_scope and one.quantity == f"carbon_{view.found.basis}_kg" and isfinite(one.difference):
                more_kg[row.actual.year] = more_kg.get(row.actual.year, 0.0) + one.difference
    at = view.plan.years().index
    return [
        {"year": year, "value": (float(plan_kg[at(year)]) + kg) / view.scale.divisor, "kind": "actual"}
        for year, kg in more_kg.items()
    ]
