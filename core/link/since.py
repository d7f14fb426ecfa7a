"""What has changed of a target since its link was made: the rules, and what they come to."""

from __future__ import annotations

from core.link.read import Opened
from core.link.stamp import TargetStamp, target_stamp
from core.targets.told import tonnes

NEWS_SHARE = 0.005  # a figure that moved by less than this is not news


def since(opened: Opened) -> tuple[str, ...]:
    """The rules of then and now where they differ, and the figures where they moved; nothing where neither did."""
    then, now = opened.stamp.target, target_stamp(opened.plan)
    if then is None:
        return ()
    said = []
    if now is None or now.rules != then.rules:
        today = "no target is worked out" if now is None else f"the rules are {_rules(now)}"
        said.append(f"The target of this link was worked out by {_rules(then)}. Today {today}.")
    if now is None or _moved(then.allowed_kg, now.allowed_kg) or _moved(then.plan_kg, now.plan_kg):
        today = "" if now is None else f" Today: {_figures(now)}."
        year = opened.plan.target.target_year
        said.append(f"The target of {year} when this link was made: {_figures(then)}.{today}")
    return tuple(said)


def _rules(one: TargetStamp) -> str:
    """Standard, formula, day and parameters, in one clause."""
    day = f", rules of {one.rule_date}" if one.rule_date else ""
    more = f" ({one.parameters})" if one.parameters else ""
    return f"{one.standard}, formula {one.formula}{day}{more}"


def _figures(one: TargetStamp) -> str:
    if one.allowed_kg is None or one.plan_kg is None:
        return "no figure of all scopes"
    return f"{tonnes(one.allowed_kg)} t allowed, {tonnes(one.plan_kg)} t reached by the plan"


def _moved(then_kg: float | None, now_kg: float | None) -> bool:
    if then_kg is None or now_kg is None:
        return then_kg is not now_kg
    return abs(now_kg - then_kg) > NEWS_SHARE * abs(then_kg)
