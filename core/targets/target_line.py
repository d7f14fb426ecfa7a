"""The target of one line by year: by the method that the plan chose, and what it allows in each year."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan, nan

import numpy as np

from core.catalog.targets import TargetFacts
from core.plan.target import Target
from core.targets import methods, preview, rates
from core.targets.amounts import Floats
from core.targets.ask import Ask
from core.targets.finding import Outcome, valid
from core.targets.methods import Line
from core.units import PERCENT


def outcome_of(facts: TargetFacts, target: Target, ask: Ask, growth_pct: float = nan) -> Outcome:
    """What a line's target comes to by the plan's method; a refused one has no figure.

    `growth_pct` is that of the electricity of scope 2, which V2.0 asks for.
    """
    if target.method == "superseded" and target.validated_reduction_pct is not None:
        return methods.validated(facts, ask, target.validated_reduction_pct)
    if target.method == "superseded":
        return methods.superseded(facts, ask)
    if target.method == "intensity":
        return methods.intensity(facts, ask, physical=True)
    if target.method == "own_rate":
        assert target.own_rate_pct is not None
        return methods.own_rate(facts, ask, target.own_rate_pct)
    if target.method == "v2_preview":
        return _preview(facts, target, ask, growth_pct)
    return methods.dynamic(facts, ask)


def _preview(facts: TargetFacts, target: Target, ask: Ask, growth_pct: float) -> Outcome:
    found = methods.rules_preview(facts, ask).findings
    if ask.scope == "3":
        found += preview.scope3_always(target.company_category)
    elif target.excluded_pct is not None:
        found += preview.all_covered(target.excluded_pct)
    if ask.scope in ("2", "1+2") and not isnan(growth_pct):
        found += preview.demand_allows(facts, growth_pct, target.company_category)
    return Outcome(valid=valid(found, "n/a"), findings=found)


def allowed_by_year_kg(facts: TargetFacts, target: Target, ask: Ask, outcome: Outcome, years: Sequence[int]) -> Floats:
    """What the target allows in each year [kgCO2e]: after its base year, up to its target year; NaN elsewhere."""
    if outcome.target_kg is None:
        return np.full(len(years), np.nan)
    line = Line(ask.base_year, ask.base_kg, (outcome.rate_pct or 0.0) / PERCENT)
    of_year = [_implied_kg(facts, ask, year) if target.method == "intensity" else line.at_kg(year) for year in years]
    within = [ask.base_year <= year <= ask.target_year for year in years]
    return np.where(within, of_year, np.nan)


def _implied_kg(facts: TargetFacts, ask: Ask, year: int) -> float:
    """What an intensity's path lets through in a year, as its activity grows [kgCO2e]."""
    assert ask.activity_growth_share is not None
    anchor, yearly = facts.year("intensity_anchor_year"), facts.share("intensity_cut_pct")
    if year <= ask.base_year:
        return ask.base_kg
    cut = rates.intensity_cut_share(yearly, ask.base_year, year, anchor)
    return rates.implied_kg(ask.base_kg, cut, ask.activity_growth_share, year - ask.base_year)


def long_term_kg(target: Target, ask: Ask, outcome: Outcome, years: Sequence[int]) -> Floats:
    """The long-term line [kgCO2e]: straight from the near-term target to the long-term one; NaN elsewhere or unknown.

    Straight between the two is ours: the standard asks for the two ends alone.
    """
    end, cut_pct = target.long_target_year, target.long_reduction_pct
    if outcome.target_kg is None or end is None or cut_pct is None or end <= ask.target_year:
        return np.full(len(years), np.nan)
    end_kg = ask.base_kg * (1.0 - cut_pct / PERCENT)
    at = np.array(years, dtype=np.float64)
    line = np.interp(at, [ask.target_year, end], [outcome.target_kg, end_kg])
    return np.where((at >= ask.target_year) & (at <= end), line, np.nan)
