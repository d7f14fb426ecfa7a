"""The gate checklist of a plan: what its target, its inventory and its years answer; what nobody said is unknown."""

from __future__ import annotations

from math import isnan

from core.catalog.targets import facts
from core.plan import Plan
from core.targets.ask import Ask
from core.targets.asked import submitted
from core.targets.checklist import Company, Gate, checklist
from core.targets.checklist_v2 import checklist_v2
from core.targets.inventory import stated
from core.targets.lens import electricity_growth_pct
from core.targets.track import track


def gate_list(plan: Plan) -> tuple[Gate, ...]:
    """The gates of the standard that the plan's method belongs to, in the order in which a reviewer asks."""
    target, rules = plan.target, facts()
    if target.method != "v2_preview":
        return checklist(rules, _years(plan), company_of(plan))
    growth_pct = electricity_growth_pct(plan, target.target_year or plan.last_year)
    said_pct = None if isnan(growth_pct) else growth_pct
    whole = target.mode == "company"
    return checklist_v2(rules, _years(plan), target.excluded_pct, said_pct, target.company_category, whole)


def company_of(plan: Plan) -> Company:
    """What the gates ask of the company: its inventory of the most recent year, and what the target says."""
    target, year = plan.target, plan.target.recent_year
    held = {} if year is None else {scope: stated(plan, "company", year, scope) for scope in ("1", "2", "3")}
    kg = {scope: one.on(target.scope2_basis) for scope, one in held.items()}
    one, two = kg.get("1"), kg.get("2")
    return Company(
        bases_kg=tuple(None if line.ask is None else line.ask.base_kg for line in track(plan, 0).lines),
        scope12_kg=None if one is None or two is None else one + two,
        scope3_kg=kg.get("3"),
        excluded_pct=target.excluded_pct,
        coverage_near_pct=target.coverage_near_pct,
        coverage_long_pct=target.coverage_long_pct,
        long_reduction_pct=target.long_reduction_pct,
        long_target_year=target.long_target_year,
        renewable_pct=target.renewable_pct,
        renewable_year=target.renewable_year,
        base_change_pct=target.base_change_pct,
    )


def _years(plan: Plan) -> Ask | None:
    """The target's years and bases as a case without emissions; None where its years are not said or contradict."""
    target = plan.target
    if target.base_year is None or target.target_year is None or target.target_year <= target.base_year:
        return None
    return Ask(
        scope="1+2" if target.scopes12 == "together" else "2",
        base_year=target.base_year,
        base_kg=0.0,
        recent_year=target.recent_year,
        target_year=target.target_year,
        submission=submitted(target),
        scope2_basis=target.scope2_basis,
        tracking_basis=target.scope2_basis,
    )
