"""Where no set meets the target: what comes nearest, and what binds it."""

from __future__ import annotations

import numpy as np

from core.decide.chances import Chances
from core.decide.choices import best_choice
from core.decide.found import Choice, Miss
from core.decide.space import ROUNDING, Space
from core.decide.told import share_below
from core.decide.watch import at, ended
from core.plan.knob import plain
from core.units import KG_PER_T, PERCENT

MOST_LOOKED_AT = 1_024  # sets whose draws are looked at
BATCH = 64
FEW = 8  # of a search that was stopped
MOST_TRIED = 40  # choices evaluated as whole plans


def nearest(space: Space, chances: Chances) -> Miss | None:
    """The set within the limits that is least above what the target allows, and the line it fails."""
    within = np.flatnonzero(space.within_limits())
    if not len(within):
        return None
    excess = space.excess_share[within]
    some = int(within[np.argmin(excess)])
    if space.excess_share[some] > ROUNDING:
        return _over(space, some, best_choice(space.found, space.found.chosen(some)))
    return _unlikely(space, likeliest(space, chances) or best_choice(space.found, space.found.chosen(some)))


def _over(space: Space, some: int, choice: Choice) -> Miss:
    kg, allowed_kg = space.now_kg[:, :, some], space.pathway.allowed_kg
    line, when = np.unravel_index(np.argmax((kg - allowed_kg) / np.maximum(allowed_kg, ROUNDING)), kg.shape)
    scope, year = space.pathway.lines[line], space.found.base.first_year + space.pathway.places[when]
    reached_t, limit_t = float(kg[line, when]) / KG_PER_T, float(allowed_kg[line, when]) / KG_PER_T
    over = float(space.excess_share[some])
    pct = plain(round(over * PERCENT, 1))
    said = f"in the central case the nearest is {pct} % over what scope {scope} may be in {year}"
    return Miss(
        choice=choice, binds=f"scope {scope}", year=year, limit=limit_t, reached=reached_t, unit="t",
        excess_share=over, said=said,
    )  # fmt: skip


def likeliest(space: Space, chances: Chances) -> Choice | None:
    """The most probable of the choices within the limits whose central case meets, each from its earliest years.

    Those furthest below the target are looked at first, and not more than some thousands.
    """
    some = np.flatnonzero(space.within_limits() & (space.excess_share <= ROUNDING))
    some = some[np.argsort(space.excess_share[some], kind="stable")][:MOST_LOOKED_AT]
    if not len(some):
        return None
    best: Choice | None = None
    for start in range(0, len(some), BATCH):
        go_on = at("Looking for the likeliest set", start, len(some))
        if not go_on and best is not None:
            break
        batch = some[start : start + (BATCH if go_on else FEW)]
        best = _likelier(space, chances, [int(one) for one in batch], best)
    return best


def _likelier(space: Space, chances: Chances, batch: list[int], best: Choice | None) -> Choice | None:
    """The most probable of some sets, where it is more probable than the best so far."""
    shares = chances.met_share(batch, best.met_share if best else 0.0)
    for place in np.argsort(-shares, kind="stable")[:MOST_TRIED]:
        if best is not None and (best.met_share >= shares[place] or ended()):
            break
        choice = best_choice(space.found, space.found.chosen(batch[place]))
        better = choice.meets and (best is None or choice.met_share > best.met_share)
        best = choice if better else best
    return best


def _unlikely(space: Space, best: Choice) -> Miss:
    """What the likeliest choice lacks."""
    wanted = space.found.plan.search.meet_share
    year = space.found.base.first_year + space.last_asked
    said = f"the likeliest does in {share_below(best.met_share, wanted)} of 100 simulations"
    return Miss(
        choice=best, binds="meet_share", year=year, limit=wanted, reached=best.met_share, unit="share",
        excess_share=(wanted - best.met_share) / max(wanted, ROUNDING), said=said,
    )  # fmt: skip
