"""Rules of the Corporate Net-Zero Standard V2.0, as a preview: gates alone, since its residual levels were not seen."""

from __future__ import annotations

from core.catalog.targets import TargetFacts
from core.targets.finding import Finding, Findings
from core.targets.told import figure


def separate(scope: str) -> Findings:
    """Whether scopes 1 and 2 have targets of their own."""
    if scope != "1+2":
        return ()
    said = "scope is 1+2; V2.0 wants a target for each scope (C10.1, C12.1)"
    return (Finding("V2_SCOPES_MUST_BE_SEPARATE", "refuse", said, "coverage_s12"),)


def location_based(scope2_basis: str) -> Findings:
    """Whether ambition is set on the grid's own carbon."""
    if scope2_basis == "location":
        return ()
    said = f"scope2_basis is {scope2_basis or 'not said'}; V2.0 sets ambition location-based alone (C9.4)"
    return (Finding("V2_LOCATION_BASED_ONLY", "refuse", said, "scope2_basis"),)


def base_year_newest(year: int, recent_year: int) -> Findings:
    """Whether the base year is the most recent one with comprehensive data."""
    if year == recent_year:
        return ()
    said = f"base_year is {year}; V2.0 wants the most recent year, {recent_year}, or a reason (C4.1-C4.3)"
    return (Finding("V2_BASE_YEAR_NOT_MOST_RECENT", "refuse", said, "base_year_v2"),)


def all_covered(excluded_pct: float) -> Findings:
    """Whether all of scopes 1 and 2 is covered."""
    if excluded_pct == 0.0:
        return ()
    said = f"{excluded_pct:g} % of scopes 1 and 2 are left out; V2.0 allows none (C10.1, C12.1)"
    return (Finding("V2_NO_EXCLUSIONS", "fail", said, "coverage_s12"),)


def demand_allows(facts: TargetFacts, growth_pct: float, category: str) -> Findings:
    """Whether a target of low-carbon electricity alone is enough: not where demand grows fast, in Category A."""
    most = facts.amount("demand_growth_pct")
    if category != "A" or growth_pct <= most:
        return ()
    grows = f"Electricity grows {figure(growth_pct)} % a year (over {most:g} %)"
    said = f"{grows}: Category A must set a scope 2 target (C12.4)"
    return (Finding("V2_EMISSIONS_TARGET_REQUIRED", "fail", said, "demand_growth_v2"),)


def scope3_always(category: str) -> Findings:
    """Whether scope 3 needs a target: always in Category A; what V2.0 asks of others was not read."""
    if category != "A":
        return ()
    said = "Category A companies always need a target for scope 3 (C9.1)"
    return (Finding("SCOPE3_TARGET_REQUIRED", "note", said, "scope3_required"),)


def low_carbon(facts: TargetFacts, intensity_kg_per_kwh: float, year: int) -> Findings:
    """Whether a generator counts as low-carbon, by its direct emissions."""
    later = year >= facts.year("low_carbon_later_year")
    most = facts.amount("low_carbon_later_kg_per_kwh" if later else "low_carbon_kg_per_kwh")
    if intensity_kg_per_kwh <= most:
        return ()
    emits = f"The generator emits {intensity_kg_per_kwh:g} kgCO2/kWh"
    said = f"{emits}; in {year} at most {most:g} count as low-carbon (Key Terms)"
    return (Finding("NOT_LOW_CARBON", "fail", said, "low_carbon"),)


def significant(facts: TargetFacts, share_pct: float) -> bool:
    """Whether a category of scope 3 is significant, by its share of categories 1 to 14 (C14.1)."""
    return share_pct >= facts.amount("significant_pct")
