"""Where nothing meets: the smallest change of each limit alone, or of several at once, under which some choice does.

Choices here start in their earliest years. Each limit is walked up from the set that needs least of it, and the first
choice that holds by the plan's own evaluation is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.decide.candidates import searched
from core.decide.chances import Chances
from core.decide.choices import best_choice
from core.decide.found import Choice, Relaxation
from core.decide.nearest import MOST_LOOKED_AT, MOST_TRIED, likeliest
from core.decide.pathway import first_free_year
from core.decide.space import ROUNDING, Space, space_of
from core.decide.together import more_share, over_share, together
from core.decide.told import aim, rounded_down, rounded_up
from core.decide.walk import BATCH, holds
from core.decide.watch import EndedError, at, ended
from core.plan import Plan
from core.plan.knob import plain
from core.units import KG_PER_T, PERCENT

Floats = NDArray[np.float64]


def relaxations(space: Space, chances: Chances) -> tuple[Relaxation, ...]:
    """Every limit whose change alone helps; first the smallest change of all, where that is one of several limits.

    Where the reader ends it, those that were found by then.
    """
    found: list[Relaxation] = []
    for look in (_several, _probability, _target, _budget, _latency, _quality, _earlier):
        try:
            one = look(space, chances)
        except EndedError:
            one = None
        if ended():
            break
        found += [one] if one is not None else []
    return tuple(found)


def _several(space: Space, chances: Chances) -> Relaxation | None:
    """The smallest change of all, where it is one of several limits."""
    smallest = together(space, chances)
    return smallest if smallest is not None and len(smallest.changes) > 1 else None


def _budget(space: Space, chances: Chances) -> Relaxation | None:
    now = space.found.plan.search.budget_usd
    return None if now is None else _limit(space, "budget_usd", now, "USD", "spent_now_usd")


def _latency(space: Space, chances: Chances) -> Relaxation | None:
    now = space.found.plan.search.latency_ceiling_s
    return None if now is None else _limit(space, "latency_ceiling_s", now, "s", "latency_s")


def _quality(space: Space, chances: Chances) -> Relaxation | None:
    now = space.found.plan.search.quality_floor_pct
    return None if now is None else _limit(space, "quality_floor_pct", now, "%", "loss_pct")


def _probability(space: Space, chances: Chances) -> Relaxation | None:
    """The most probable of the choices whose central case meets."""
    best = likeliest(space, chances)
    if best is None:
        return None
    wanted = space.found.plan.search.meet_share
    said = f"Met with a probability of {plain(rounded_down(best.met_share * PERCENT, 1))} % instead of {_pct(wanted)} %"
    return Relaxation(limit="meet_share", now=wanted, needed=best.met_share, unit="share", choice=best, said=said)


def _target(space: Space, chances: Chances) -> Relaxation | None:
    """The least share by which every line would have to allow more."""
    within = np.flatnonzero(space.within_limits())
    some = within[np.argsort(space.excess_share[within], kind="stable")][:MOST_LOOKED_AT]
    best, needed = None, np.inf
    for tried, one in enumerate(some):
        if max(float(space.excess_share[one]), 0.0) >= needed or tried == MOST_TRIED:
            break
        if not at("Looking for the least that the target would have to allow", tried, min(len(some), MOST_TRIED)):
            return None
        choice = best_choice(space.found, space.found.chosen(int(one)))
        more = more_allowed_share(space, choice)
        if more < needed:
            best, needed = choice, more
    if best is None:
        return None
    now_t = float(space.pathway.allowed_kg[:, -1].sum()) / KG_PER_T
    needed_t = now_t * (1.0 + needed)
    central = max(float(over_share(space, best)[0]), 0.0)
    said = _target_said(space, needed_t - now_t, needed, central)
    return Relaxation(limit="target", now=now_t, needed=needed_t, unit="t", choice=best, said=said)


def _target_said(space: Space, more_t: float, more: float, central: float) -> str:
    """What every line would have to allow more, for the simulations asked and, where that is less, in the middle."""
    plan = space.found.plan
    often, when = _pct(plan.search.meet_share), f" in {_last_year(space)}" * (plan.search.milestones == "every_year")
    pct, t = plain(rounded_up(more * PERCENT, 1)), plain(rounded_up(more_t, 3))
    said = f"Met in {often} of 100 simulations if every line of {aim(plan)} allowed {pct} % more, {t} t in all{when}"
    if central <= ROUNDING:
        return f"{said}; the central case meets it as it is"
    middle = plain(rounded_up(central * PERCENT, 1))
    return f"{said}; {middle} % more would do for the central case alone" if middle != pct else said


def more_allowed_share(space: Space, choice: Choice) -> float:
    """The least share by which every line must allow more for a choice to meet, central case and as often as asked."""
    return more_share(over_share(space, choice), space.found.plan.search.meet_share)


def _limit(space: Space, name: str, now: float, unit: str, figure: str) -> Relaxation | None:
    """The first choice that holds without a limit, in the order of what it needs of it."""
    plan = space.found.plan.with_search(**{name: None})
    other = _space(space, plan)
    choice = next((one for one in _upwards(other, getattr(other, figure)) if holds(other, one)), None)
    if choice is None:
        return None
    reached = {"spent_now_usd": choice.spent_usd, "latency_s": choice.latency_s}
    needed = reached.get(figure, PERCENT - choice.quality_loss_pct)
    dollars, up, down = (plain(one) for one in (rounded_up(needed, 0), rounded_up(needed, 1), rounded_down(needed, 1)))
    said = {
        "budget_usd": f"Met with a budget of {dollars} USD instead of {plain(now)} USD",
        "latency_ceiling_s": f"Met where an answer may take {up} s instead of {plain(now)} s",
        "quality_floor_pct": f"Met where {down} % of the score is kept instead of {plain(now)} %",
    }[name]
    return Relaxation(limit=name, now=now, needed=needed, unit=unit, choice=choice, said=said)


def _upwards(space: Space, figure: Floats) -> Iterator[Choice]:
    """Choices that may hold, those with the least of a figure first."""
    chances, wanted, tried = Chances(space), space.found.plan.search.meet_share, 0
    within = space.within_limits() & np.isfinite(figure) & (space.excess_share <= ROUNDING)
    some = np.flatnonzero(within)
    some = some[np.argsort(figure[some], kind="stable")][:MOST_LOOKED_AT]
    for start in range(0, len(some), BATCH):
        if not at("Looking for the smallest change of one limit", start, len(some)):
            return
        batch = some[start : start + BATCH]
        for one in batch[chances.met_share([int(each) for each in batch], wanted) >= wanted]:
            if tried == MOST_TRIED:
                return
            tried += 1
            yield best_choice(space.found, space.found.chosen(int(one)))


def _space(space: Space, plan: Plan) -> Space:
    """The space of a plan with other limits or earlier years."""
    free = first_free_year(space.pathway.track)
    some = searched(plan, free)
    if some.levers == space.found.levers:
        return replace(space, found=replace(space.found, plan=plan, base=some.base))
    return space_of(some, space.pathway)


def _earlier(space: Space, chances: Chances) -> Relaxation | None:
    """The fewest years by which every candidate would have to be free earlier."""
    plan, first = space.found.plan, max(first_free_year(space.pathway.track), space.found.plan.first_year)
    latest = max(lever.start_year or first for lever in space.found.levers)

    def sooner(years: int) -> Choice | None:
        moved: Any = [
            lever.but(start_year=max((lever.start_year or plan.first_year) - years, plan.first_year))
            for lever in plan.candidates
        ]
        other = _space(space, plan.but(candidates=tuple(moved)))
        return next((one for one in _upwards(other, other.excess_share) if holds(other, one)), None)

    low, high = 0, latest - first
    choice = sooner(high) if high > 0 else None
    if choice is None:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        found = sooner(middle)
        low, high, choice = (low, middle, found) if found is not None else (middle, high, choice)
    years = f"{high} year{'s' * (high > 1)}"
    said = f"Met if every candidate could start {years} earlier"
    return Relaxation(limit="start_year", now=0.0, needed=float(high), unit="years", choice=choice, said=said)


def _last_year(space: Space) -> int:
    return space.found.base.first_year + space.last_asked


def _pct(share: float) -> str:
    return plain(round(share * PERCENT, 1))
