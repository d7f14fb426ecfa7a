"""Sentences that must stand beside a target, word for word."""

from __future__ import annotations

from core.targets.told import figure, tonnes
from core.units import PERCENT

PORTFOLIO = (
    "SBTi sets targets for whole companies. This page applies the company-level rate to your AI portfolio as an "
    "internal yardstick. It is not a science-based target and must not be reported as one."
)
DOUBLE_COUNTING = "Provider training, provider scope 2 and customer category 1 can be the same tonnes."
VALIDATED_BEFORE = "Targets validated before 14 April 2026: enter the validated percentage; it is not recomputed."


def growth_said(base_kg: float, today_kg: float, target_kg: float) -> str:
    """How far a portfolio has grown, and how far below today its target lies.

    >>> growth_said(1000.0, 3000.0, 750.0)
    'Your portfolio is 3 times larger than in the base year. The target is 75 % below today.'
    """
    times, below = figure(today_kg / base_kg), figure((1.0 - target_kg / today_kg) * PERCENT)
    return f"Your portfolio is {times} times larger than in the base year. The target is {below} % below today."


def intensity_said(cut_share: float, rise_share: float) -> str:
    """That a falling intensity does not meet an absolute target.

    >>> intensity_said(0.55, 0.284)[:66]
    'Intensity falls 55 % but absolute emissions rise 28.4 %. This does'
    """
    falls, rises = cut_share * PERCENT, rise_share * PERCENT
    return (
        f"Intensity falls {figure(falls)} % but absolute emissions rise {figure(rises)} %. "
        "This does not meet an absolute target."
    )


def credits_said(credits_kg: float) -> str:
    """That credits change nothing.

    >>> credits_said(30_000.0)[:67]
    'Carbon credits (30 t) are shown for information. They do not reduce'
    """
    return (
        f"Carbon credits ({tonnes(credits_kg)} t) are shown for information. "
        "They do not reduce the emissions compared with the target."
    )


def demand_said(growth_pct: float, most_pct: float) -> str:
    """That V2.0 asks more of electricity that grows fast."""
    return (
        f"Electricity grows {figure(growth_pct)} % a year (over {most_pct:g} %). Under CNZS V2.0 C12.4 a Category A "
        "company must set a scope 2 emissions target."
    )
