"""The arithmetic of targets, one small formula after another. Shares are fractions of the emissions named."""

from __future__ import annotations


def yearly_share(reduction_share: float, net_zero_year: int, recent_year: int) -> float:
    """The fall a year that reaches the long-term cut in time, of most recent emissions."""
    return reduction_share / (net_zero_year - recent_year)


def blended_share(recent_scope1_share: float, scope1_share: float, scope2_share: float) -> float:
    """The fall a year of scopes 1 and 2 together, by their shares of most recent emissions, before any floor."""
    return recent_scope1_share * scope1_share + (1.0 - recent_scope1_share) * scope2_share


def reached_kg(recent_kg: float, yearly_share: float, target_year: int, recent_year: int) -> float:
    """Emissions in the target year on the straight line from the most recent inventory [kgCO2e]."""
    return recent_kg * (1.0 - yearly_share * (target_year - recent_year))


def dynamic_share(base_kg: float, reached_kg: float, base_year: int, target_year: int, floor_share: float) -> float:
    """The dynamic linear annual reduction rate, of base-year emissions: what the line asks, at least the floor."""
    return max(floor_share, (base_kg - reached_kg) / base_kg / (target_year - base_year))


def cut_share(rate_share: float, base_year: int, year: int) -> float:
    """The cut that a linear rate has asked for by a year, never over the whole."""
    return min(1.0, rate_share * max(0, year - base_year))


def line_kg(base_kg: float, rate_share: float, base_year: int, year: int) -> float:
    """The target line in a year [kgCO2e]: linear, never compound, never below zero."""
    return base_kg * (1.0 - cut_share(rate_share, base_year, year))


def superseded_cut_share(floor_share: float, base_year: int, target_year: int, anchor_year: int) -> float:
    """The cut of the rules before April 2026: the old rate from the base year, or from 2020 where that is later."""
    return min(1.0, floor_share * (target_year - min(base_year, anchor_year)))


def intensity_cut_share(yearly_cut_share: float, base_year: int, target_year: int, anchor_year: int) -> float:
    """The least cut of an intensity by a compound yearly rate, counted from the earlier of base year and anchor."""
    kept_share: float = (1.0 - yearly_cut_share) ** (target_year - min(base_year, anchor_year))
    return 1.0 - kept_share


def implied_kg(base_kg: float, intensity_cut_share: float, activity_growth_share: float, years: int) -> float:
    """Emissions that an intensity target lets through when its activity grows [kgCO2e]."""
    grown: float = (1.0 + activity_growth_share) ** years
    return base_kg * (1.0 - intensity_cut_share) * grown


def converged_ratio(base: float, sector_base: float, sector_then: float, end: float, market_ratio: float) -> float:
    """The intensity that converges with its sector's by 2050, in the unit of `base`: d × p × m + the end."""
    return (base - end) * (sector_then - end) / (sector_base - end) * market_ratio + end
