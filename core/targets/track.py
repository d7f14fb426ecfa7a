"""A plan against its targets: `track(plan)`, the one way from a plan to what the Targets page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from core.catalog.targets import TargetFacts, facts
from core.plan import Plan
from core.results.draws import DRAWS
from core.results.figures import Results, of
from core.results.inventory_view import as_inventory
from core.targets import gates
from core.targets.amounts import Amounts, added, scope_kg
from core.targets.asked import NOTHING_TO_COUNT, Asked, asked_of, lines_of, refused_by_year
from core.targets.beside import Beside, beside, beside_kg
from core.targets.credits import credits_kg
from core.targets.finding import Findings, Outcome, refused
from core.targets.lens import electricity_growth_pct
from core.targets.milestones import with_milestones
from core.targets.notes import notes_of
from core.targets.regime import regime_of
from core.targets.target_line import allowed_by_year_kg, long_term_kg, outcome_of
from core.targets.tracked import Milestone, ScopeLine, Standing, Track
from core.units import KG_PER_T

MOST_KEPT = 16


@lru_cache(maxsize=MOST_KEPT)
def track(plan: Plan, draws: int = DRAWS) -> Track:
    """A plan beside its targets by scope; what is missing is a question, what a rule refuses has no figure."""
    view = as_inventory(plan)
    now, was = of(view, draws), of(view.model_copy(update={"levers": ()}), draws)
    return track_of(plan, now, was, scope_kg(now), scope_kg(was))


def track_of(plan: Plan, now: Results, was: Results, own: Mapping[str, Amounts], usual: Mapping[str, Amounts]) -> Track:
    """The same for emissions by scope in any draws of the plan and of business as usual; `now` and `was` hold less."""
    rules, view = facts(), as_inventory(plan)
    ready = Track(
        view=view, regime=regime_of(plan), basis=plan.target.scope2_basis, scopes=dict(own), usual_scopes=dict(usual),
        lines=(), line_years=(), all_scopes=(), questions=(*asked_of(plan), *_without_figures(now, was)), findings=(),
        notes=notes_of(plan), standing="asked",
    )  # fmt: skip
    early = refused_by_year(rules, plan.target)
    if refused(early):
        return replace(ready, findings=early, standing="refused")
    if ready.questions:
        return ready
    return _with_lines(rules, plan, ready, now)


def beside_the_target(plan: Plan, last: Milestone) -> Findings:
    """Credits and avoided emissions stand beside the comparison, and take nothing off."""
    avoided_kg = (plan.target.avoided_t or 0.0) * KG_PER_T
    return gates.progress(last.central_kg, last.allowed_kg, credits_kg(plan), avoided_kg)


def _without_figures(now: Results, was: Results) -> list[str]:
    """Workloads that have no figures: a sum without them would be too low to be called met."""
    reasons = {**was.refused, **now.refused}
    return [f"{key} has no figures, so that no sum is known: {why}" for key, why in reasons.items()]


def _with_lines(rules: TargetFacts, plan: Plan, ready: Track, now: Results) -> Track:
    target, asked = plan.target, lines_of(rules, plan, ready.scopes)
    more = beside(plan, ready.scopes, tuple(scope for line in asked for scope in line.scopes))
    ends = [year for year in (target.target_year, target.long_target_year, plan.last_year) if year is not None]
    starts = [year for year in (target.base_year, plan.first_year) if year is not None]
    years = tuple(range(min(starts), max(ends) + 1))
    lines = tuple(_line(rules, plan, ready, one, more, years) for one in asked)
    lines, together = with_milestones(lines, plan.years(), ready.basis)
    aside = beside_the_target(plan, together[-1]) if together else ()
    questions = tuple(dict.fromkeys(said for line in lines for said in line.questions))
    questions = questions if lines else (NOTHING_TO_COUNT,)
    return replace(
        ready, lines=lines, findings=aside, line_years=years, all_scopes=together, questions=questions,
        standing=_standing(plan, lines), notes=notes_of(plan, asked, more, now),
    )  # fmt: skip


def _line(
    rules: TargetFacts, plan: Plan, ready: Track, asked: Asked, more: Beside, years: tuple[int, ...]
) -> ScopeLine:
    questions = (*asked.questions, *(more.questions.get(scope, "") for scope in asked.scopes))
    questions = tuple(filter(None, questions))
    outcome, ask = Outcome(valid="incomplete", findings=asked.findings), None if questions else asked.ask
    unknown = np.full(len(years), np.nan)
    allowed, line, long_line = np.full(len(plan.years()), np.nan), unknown, unknown
    if ask is not None:
        outcome = outcome_of(rules, plan.target, ask, electricity_growth_pct(plan, ask.target_year))
        allowed = allowed_by_year_kg(rules, plan.target, ask, outcome, plan.years())
        line = allowed_by_year_kg(rules, plan.target, ask, outcome, years)
        long_line = long_term_kg(plan.target, ask, outcome, years)
    return ScopeLine(
        scope=asked.scope, plan=_emitted(plan, ready.scopes, asked.scopes, more),
        usual=_emitted(plan, ready.usual_scopes, asked.scopes, more), ask=ask, outcome=outcome, questions=questions,
        origins=(asked.origin("base"), asked.origin("recent")), allowed_kg=allowed, line_kg=line,
        long_line_kg=long_line,
    )  # fmt: skip


def _emitted(plan: Plan, kg: Mapping[str, Amounts], scopes: tuple[str, ...], more: Beside) -> Amounts:
    """A line's emissions: the plan's of its scopes, and what stands beside them."""
    total = added([kg[scope] for scope in scopes])
    for scope in scopes:
        held = more.held[scope]
        total = total.with_more(beside_kg(plan, held.location_kg), beside_kg(plan, held.market_kg))
    return total


def _standing(plan: Plan, lines: tuple[ScopeLine, ...]) -> Standing:
    """Where the plan stands: what is missing or refused comes first, and is never on track."""
    if any(line.questions for line in lines) or not lines:
        return "incomplete"
    if plan.target.method == "v2_preview":
        return "preview"
    if not all(line.has_target for line in lines):
        return "refused"
    last = [line.milestones[-1] if line.milestones else None for line in lines]
    if any(one is None or one.year != plan.target.target_year or np.isnan(one.central_kg) for one in last):
        return "incomplete"
    return "on track" if all(one is not None and one.gap_kg <= 0.0 for one in last) else "off track"
