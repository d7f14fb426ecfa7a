"""The sentences that must stand beside a plan's target, word for word, where each applies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.catalog.targets import TargetFacts, facts
from core.plan import Plan
from core.targets import warnings
from core.targets.credits import credits_kg
from core.targets.lens import electricity_growth_pct, growth_lens
from core.targets.track import track

About = Literal["portfolio", "growth", "intensity", "credits", "demand", "double counting", "validated"]
CHANGED_YEAR = 2026  # rules changed on 14 April of it
BOUGHT = ("cloud", "api")
FLAT_SHARE = 0.0005  # a yearly change below this is none, in a sentence as in the page's answer


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, and what it is about."""

    about: About
    sentence: str


def warned(plan: Plan) -> tuple[Said, ...]:
    """Every sentence that applies, the banner of a portfolio first."""
    target, rules = plan.target, facts()
    found: list[tuple[About, str]] = [
        ("portfolio", warnings.PORTFOLIO if target.mode == "portfolio" else ""),
        ("growth", _growth(plan)),
        ("intensity", _intensity(plan)),
        ("credits", _credits(plan)),
        ("demand", _demand(rules, plan)),
        ("double counting", _counted_twice(plan)),
        ("validated", warnings.VALIDATED_BEFORE if _before_april(plan) else ""),
    ]
    return tuple(Said(about, sentence) for about, sentence in found if sentence)


def _growth(plan: Plan) -> str:
    """Of a portfolio, by the newest emissions known: of the most recent inventory, or of the plan's first year."""
    found, target = track(plan, 0), plan.target
    asks = [line.ask for line in found.lines if line.has_target and line.ask is not None]
    if target.mode != "portfolio" or not asks or len(asks) < len(found.lines):
        return ""
    base_kg, today_kg = sum(ask.base_kg for ask in asks), sum(ask.recent_kg or 0.0 for ask in asks)
    if target.recent_year is not None and plan.first_year > target.recent_year:
        today_kg = float(sum(line.plan.on(found.basis)[0, 0] for line in found.lines))
    target_kg = sum(line.outcome.target_kg or 0.0 for line in found.lines)
    return warnings.growth_said(base_kg, today_kg, target_kg) if today_kg > max(base_kg, target_kg) else ""


def _intensity(plan: Plan) -> str:
    """From the plan's first year to the target year: less carbon a token, and more of what the target counts.

    A company's target counts the whole company, which may fall while the portfolio grows. Of a plan that meets its
    target the sentence would be false.
    """
    if track(plan, 0).standing == "on track":
        return ""
    last_year = min(plan.target.target_year or plan.last_year, plan.last_year)
    lens = {one.year: one for one in growth_lens(plan)}
    if last_year <= plan.first_year:
        return ""
    first, last = lens[plan.first_year], lens[last_year]
    was, now = first.intensity_g_per_1000_tokens, last.intensity_g_per_1000_tokens
    first_kg, last_kg = first.carbon_kg, last.carbon_kg
    if plan.target.mode == "company":
        found = track(plan, 0)
        kg = sum((line.plan.on(found.basis)[:, 0] for line in found.lines), np.zeros(len(plan.years())))
        first_kg, last_kg = float(kg[0]), float(kg[last_year - plan.first_year])
    if not (now < was and first_kg > 0.0 and last_kg / first_kg - 1.0 > FLAT_SHARE * (last_year - plan.first_year)):
        return ""
    return warnings.intensity_said(1.0 - now / was, last_kg / first_kg - 1.0)


def _credits(plan: Plan) -> str:
    kg = credits_kg(plan)
    return warnings.credits_said(kg) if kg else ""


def _demand(rules: TargetFacts, plan: Plan) -> str:
    most_pct = rules.amount("demand_growth_pct")
    growth_pct = electricity_growth_pct(plan, plan.target.target_year or plan.last_year)
    return warnings.demand_said(growth_pct, most_pct) if growth_pct > most_pct else ""


def _counted_twice(plan: Plan) -> str:
    """Where anything is bought of a provider: its scopes and the customer's category 1 meet."""
    return warnings.DOUBLE_COUNTING if any(w.hosting in BOUGHT for w in plan.workloads) else ""


def _before_april(plan: Plan) -> bool:
    target = plan.target
    submitted = target.submission_year
    return (
        target.method == "superseded"
        or target.validated_reduction_pct is not None
        or (submitted is not None and submitted < CHANGED_YEAR)
    )
