"""What a plan asks of its targets, line by line; what it does not say is a question in words, and no number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from core.catalog.targets import TargetFacts
from core.plan import Plan
from core.plan.target import Target
from core.targets import gates
from core.targets.amounts import Amounts
from core.targets.ask import Ask, Submission
from core.targets.finding import Findings
from core.targets.inventory import Held, known_scopes, of_portfolio, stated
from core.units import PERCENT

QUESTIONS = {
    "base_year": "Base year: from which year is the target measured?",
    "recent_year": "Most recent year: which is the newest year with an inventory?",
    "submission_year": "Submission: in which year, and in which half of it, would the target be handed in?",
    "target_year": "Target year: by when must emissions have fallen?",
}
NOTHING_TO_COUNT = "Workloads: the plan has none; what is the target of?"
RATE = "Own rate: by how many per cent of the base year must emissions fall a year?"
GROWTH = "Growth of the activity: by how many per cent a year does what the intensity is of grow?"


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a target: the scopes in it, and its case, or else what is missing; the inventory says where from."""

    scope: str
    scopes: tuple[str, ...]
    base: Mapping[str, Held]
    recent: Mapping[str, Held]
    ask: Ask | None = None
    questions: tuple[str, ...] = ()
    findings: Findings = ()

    def origin(self, when: str) -> str:
        """Where `base` or `recent` emissions are from: `inventory`, `plan`, both, or empty for none."""
        held = self.base if when == "base" else self.recent
        return "; ".join(dict.fromkeys(one.origin for one in held.values() if one.origin))


def asked_of(plan: Plan) -> tuple[str, ...]:
    """What the target itself does not say, as questions; empty when it can be worked out."""
    target = plan.target
    missing = [said for name, said in QUESTIONS.items() if getattr(target, name) is None]
    if target.method == "own_rate" and target.own_rate_pct is None:
        missing.append(RATE)
    if target.method == "intensity" and target.activity_growth_pct is None:
        missing.append(GROWTH)
    if target.base_year is not None and target.target_year is not None and target.target_year <= target.base_year:
        missing.append(f"Target year: {target.target_year} is not after the base year, {target.base_year}; which year?")
    return tuple(missing) or _too_late(target)


def _too_late(target: Target) -> tuple[str, ...]:
    recent, last = target.recent_year, target.target_year
    if recent is None or last is None or last > recent:
        return ()
    return (f"Target year: {last} is not after the newest inventory, {recent}; which year?",)


def refused_by_year(facts: TargetFacts, target: Target) -> Findings:
    """What the rules refuse by the years alone, whatever the inventory says; V2.0 has rules of its own."""
    if target.method == "v2_preview":
        return ()
    found = gates.inputs(target.base_year, None, target.recent_year, None)
    if target.base_year is not None:
        found += gates.base_year(facts, target.base_year)
    submission = submitted(target)
    if submission is not None:
        if target.target_year is not None:
            found += gates.window(facts, target.target_year, submission)
        if target.recent_year is not None:
            found += gates.recent_age(facts, target.recent_year, submission)
    return found


def submitted(target: Target) -> Submission | None:
    """The half-year in which the target is handed in; None where the year is not said."""
    if target.submission_year is None:
        return None
    return Submission(target.submission_year, 1 if target.submission_half == "H1" else 2)


def lines_of(facts: TargetFacts, plan: Plan, own: Mapping[str, Amounts]) -> tuple[Asked, ...]:
    """The lines that the target is made of, in order of scope; `own` is what the plan emits by scope."""
    if plan.target.mode == "portfolio" and not plan.workloads:
        return ()
    scopes = known_scopes(plan, own)
    both = tuple(scope for scope in scopes if scope != "3")
    if plan.target.scopes12 == "apart" or not both:
        return tuple(_line(facts, plan, own, scope, (scope,)) for scope in scopes)
    return tuple(
        _line(facts, plan, own, name, group) for name, group in (("1+2", both), ("3", scopes[len(both) :])) if group
    )


def _line(facts: TargetFacts, plan: Plan, own: Mapping[str, Amounts], name: str, scopes: tuple[str, ...]) -> Asked:
    target = plan.target
    assert target.base_year is not None
    assert target.recent_year is not None
    base = {scope: _held(plan, own, scope, target.base_year) for scope in scopes}
    recent = {scope: _held(plan, own, scope, target.recent_year) for scope in scopes}
    questions = dict.fromkeys(
        _question(target, scope, year)
        for year, held in ((target.base_year, base), (target.recent_year, recent))
        for scope in scopes
        if held[scope].on(target.scope2_basis) is None
    )
    if questions:
        incomplete = gates.scope3_needed(facts, 0.0, None) if name == "3" else ()
        return Asked(name, scopes, base, recent, questions=tuple(questions), findings=incomplete)
    return Asked(name, scopes, base, recent, ask=_ask(target, name, base, recent))


def _held(plan: Plan, own: Mapping[str, Amounts], scope: str, year: int) -> Held:
    if plan.target.mode == "company":
        return stated(plan, "company", year, scope)
    return of_portfolio(plan, year, scope, own)


def _question(target: Target, scope: str, year: int) -> str:
    whose = "the whole company" if target.mode == "company" else "the AI portfolio"
    basis = f", {target.scope2_basis}-based" if scope == "2" else ""
    return f"Inventory: how many tonnes was scope {scope} of {whose} in {year}{basis}?"


def _ask(target: Target, name: str, base: Mapping[str, Held], recent: Mapping[str, Held]) -> Ask:
    assert target.base_year is not None
    assert target.target_year is not None
    growth_pct = target.activity_growth_pct
    return Ask(
        scope=name,
        ambition=target.scope3_ambition if name == "3" else "1.5C",
        base_year=target.base_year,
        base_kg=total_kg(base, target.scope2_basis),
        recent_year=target.recent_year,
        recent_kg=total_kg(recent, target.scope2_basis),
        recent_scope1_share=_scope1_share(recent, target.scope2_basis) if name == "1+2" else None,
        base_scope1_share=_scope1_share(base, target.scope2_basis) if name == "1+2" else None,
        target_year=target.target_year,
        submission=submitted(target),
        net_zero_year=target.net_zero_year,
        activity_growth_share=None if growth_pct is None else growth_pct / PERCENT,
        scope2_basis=target.scope2_basis,
        tracking_basis=target.scope2_basis,
    )


def total_kg(held: Mapping[str, Held], basis: str) -> float:
    """Emissions of a line's scopes together by one method; NaN where one is unknown."""
    return sum(math.nan if (kg := one.on(basis)) is None else kg for one in held.values())


def _scope1_share(held: Mapping[str, Held], basis: str) -> float:
    """Scope 1's share of scopes 1 and 2; none where both are nothing: the base of 0 is refused before it matters."""
    both_kg = total_kg(held, basis)
    first = held["1"].on(basis) if "1" in held else 0.0
    return (first or 0.0) / both_kg if both_kg else 0.0
