"""The gates of the Corporate Net-Zero Standard V2.0 as a list: a preview of its rules, without tonnes."""

from __future__ import annotations

from core.catalog.targets import TargetFacts
from core.targets import preview
from core.targets.ask import Ask
from core.targets.checklist import Gate, State, state
from core.targets.finding import Findings

THIRD = "A target for scope 3"
HELD_THIRD = "A company's target here always has a line of scope 3; without its inventory it reads incomplete."


def checklist_v2(
    facts: TargetFacts,
    ask: Ask | None,
    excluded_pct: float | None,
    growth_pct: float | None,
    category: str,
    whole: bool,
) -> tuple[Gate, ...]:
    """Every rule of V2.0 that was read and can be looked at. `category` is A, B or unknown; None: not said.

    `whole`: the target is of a whole company, which has a line of scope 3 by construction; a portfolio may have none.
    """
    lines: tuple[tuple[str, str, Findings | None], ...] = (
        ("Base year the most recent", "base_year_v2", _newest(ask)),
        ("A target for each of scopes 1 and 2", "coverage_s12", None if ask is None else preview.separate(ask.scope)),
        ("Ambition location-based", "scope2_basis", None if ask is None else preview.location_based(ask.scope2_basis)),
        ("All of scopes 1 and 2 covered", "coverage_s12", _covered(excluded_pct)),
        (THIRD, "scope3_required", preview.scope3_always(category) if category == "A" else None),
        ("No fast growth of electricity", "demand_growth_v2", _demand(facts, growth_pct, category)),
    )
    return tuple(
        Gate(title, _verdict(title, found, whole), facts.rules[rule], found or ()) for title, rule, found in lines
    )


def _verdict(title: str, found: Findings | None, whole: bool) -> State:
    """That a target for scope 3 is needed says of no portfolio that there is one."""
    if title == THIRD and found is not None:
        return "held" if whole else "unknown"
    return state(found)


def _newest(ask: Ask | None) -> Findings | None:
    if ask is None or ask.recent_year is None:
        return None
    return preview.base_year_newest(ask.base_year, ask.recent_year)


def _covered(excluded_pct: float | None) -> Findings | None:
    return None if excluded_pct is None else preview.all_covered(excluded_pct)


def _demand(facts: TargetFacts, growth_pct: float | None, category: str) -> Findings | None:
    """Slow growth passes in any category; fast growth is unknown where the category is."""
    if growth_pct is None:
        return None
    if category == "unknown" and growth_pct > facts.amount("demand_growth_pct"):
        return None
    return preview.demand_allows(facts, growth_pct, category)
