"""The gates of a company's targets as a list: passed, held, failed or unknown, each with its criterion and source.

What is not said is unknown, and never passed. What no input can break here is held by construction, and no pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.catalog.targets import TargetFacts, TargetRule
from core.targets import gates
from core.targets.ask import Ask
from core.targets.finding import Findings

State = Literal["pass", "held", "fail", "unknown"]
# Gates about how a company works; no figure of a plan answers them, so that they stay unknown.
UNASKED = {"Target reviewed every five years": "review", "Suppliers with targets of their own": "suppliers"}

# Gates that nothing typed into a plan can break, and why: a verdict of them would be no test of the company.
HELD = {
    "One basis for scope 2": "One switch sets the basis of target and plan alike; the other method is drawn beside it.",
    "No credits taken off": (
        "Credits enter no total here. Whether an inventory was netted before it was entered, nobody here can tell."
    ),
    "No avoided emissions taken off": (
        "Avoided emissions enter no total here. Whether an inventory was netted before it was entered, nobody here can "
        "tell."
    ),
}
NOT_READ = "number not read"
BASE_KNOWN = "Base-year emissions above 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What the gates ask of a company's inventory beside one scope's target; None is: not said.

    `bases_kg` are base-year emissions, a line of the target each.
    """

    bases_kg: tuple[float | None, ...] = ()
    scope12_kg: float | None = None
    scope3_kg: float | None = None
    excluded_pct: float | None = None
    coverage_near_pct: float | None = None
    coverage_long_pct: float | None = None
    long_reduction_pct: float | None = None
    long_target_year: int | None = None
    renewable_pct: float | None = None
    renewable_year: int | None = None
    base_change_pct: float | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """One line of the checklist; `rule` has its criterion, status and source."""

    title: str
    state: State
    rule: TargetRule
    findings: Findings

    def criterion(self, v2: bool = False) -> str:
        """The criterion of V1, or of V2.0, that it rests on; that its number was not read, or that there is none.

        A rule of both standards names each with its own, as in `C5 (V1); C10.1 C12.1 (V2)`.
        """
        parts = [part.strip() for part in self.rule.criterion.split(";") if part.strip()]
        mine = [part.partition(" (")[0] for part in parts if " (" not in part or (" (V2" in part) is v2]
        if mine or not parts:
            return "; ".join(mine) or self.rule.standard
        return NOT_READ


def checklist(facts: TargetFacts, ask: Ask | None, company: Company) -> tuple[Gate, ...]:
    """Every gate of V1.3.1 and V5.3.1, in the order in which a reviewer asks; None: the years are not said."""
    c = company
    scope3 = None if c.scope12_kg is None else gates.scope3_needed(facts, c.scope12_kg, c.scope3_kg)
    near = None if c.coverage_near_pct is None else gates.scope3_coverage(facts, c.coverage_near_pct, long_term=False)
    far = None if c.coverage_long_pct is None else gates.scope3_coverage(facts, c.coverage_long_pct, long_term=True)
    if c.long_reduction_pct is None or c.long_target_year is None:
        long_term = None
    else:
        long_term = gates.long_term(facts, c.long_reduction_pct, c.long_target_year)
    if c.renewable_pct is None or c.renewable_year is None:
        renewable = None
    else:
        renewable = gates.renewable(facts, c.renewable_pct, c.renewable_year)
    lines: tuple[tuple[str, str, Findings | None], ...] = (
        ("Base year", "base_year", None if ask is None else gates.base_year(facts, ask.base_year)),
        (BASE_KNOWN, "arithmetic", _based(c.bases_kg)),
        ("Age of the newest inventory", "base_year", _aged(facts, ask)),
        ("Target year in its window", "window", _in_window(facts, ask)),
        ("One basis for scope 2", "scope2_basis", _one_basis(ask)),
        ("Scopes 1 and 2 covered", "coverage_s12", _excluded(facts, c.excluded_pct)),
        ("Scope 3 known", "scope3_required", scope3),
        ("Scope 3 covered, near term", "coverage_s3", near),
        ("Scope 3 covered, long term", "coverage_s3", far),
        ("Long-term target", "long_term", long_term),
        ("Renewable electricity", "renewable", renewable),
        ("Base year still holds", "recalculation", _changed(facts, c.base_change_pct)),
        ("No credits taken off", "credits", _netted(ask, "credits")),
        ("No avoided emissions taken off", "avoided", _netted(ask, "avoided")),
        *((title, rule, None) for title, rule in UNASKED.items()),
    )
    return tuple(Gate(title, _verdict(title, found), facts.rules[rule], found or ()) for title, rule, found in lines)


def _verdict(title: str, found: Findings | None) -> State:
    """Held in the place of passed, where nothing could have failed."""
    seen = state(found)
    return "held" if seen == "pass" and title in HELD else seen


def _based(bases_kg: tuple[float | None, ...]) -> Findings | None:
    """Whether every line of the target has emissions in its base year; a known 0 counts before what is not known."""
    nothing = next((kg for kg in bases_kg if kg == 0.0), None)
    if nothing is not None:
        return gates.inputs(None, nothing, None, None)
    return () if bases_kg and all(kg is not None for kg in bases_kg) else None


def state(found: Findings | None) -> State:
    """Passed where nothing stands against it; unknown where nobody said, or where the inventory is incomplete.

    >>> state(None), state(())
    ('unknown', 'pass')
    """
    if found is None or any(finding.effect == "incomplete" for finding in found):
        return "unknown"
    against = any(finding.effect != "note" or finding.code == "RECALC_REQUIRED" for finding in found)
    return "fail" if against else "pass"


def _netted(ask: Ask | None, rule: str) -> Findings | None:
    return None if ask is None else tuple(finding for finding in gates.netted(ask) if finding.rule == rule)


def _aged(facts: TargetFacts, ask: Ask | None) -> Findings | None:
    if ask is None or ask.recent_year is None or ask.submission is None:
        return None
    return gates.recent_age(facts, ask.recent_year, ask.submission)


def _in_window(facts: TargetFacts, ask: Ask | None) -> Findings | None:
    return gates.window(facts, ask.target_year, ask.submission) if ask is not None and ask.submission else None


def _one_basis(ask: Ask | None) -> Findings | None:
    if ask is None:
        return None
    if ask.scope not in ("2", "1+2"):
        return ()
    if not ask.scope2_basis or not ask.tracking_basis:
        return None
    return gates.basis(ask.scope2_basis, ask.tracking_basis)


def _excluded(facts: TargetFacts, excluded_pct: float | None) -> Findings | None:
    return None if excluded_pct is None else gates.excluded(facts, excluded_pct)


def _changed(facts: TargetFacts, change_pct: float | None) -> Findings | None:
    return None if change_pct is None else gates.recalculation(facts, change_pct)
