"""Whether a plan meets its target, and how likely: `judged(plan)`, the one verdict of every page and command.

It comes from as many joint draws as the plan asks for. What needs no probability takes `track(plan, 0)`.
"""

from __future__ import annotations

from functools import lru_cache

from core.plan import Plan, Search
from core.results.counted import counted
from core.results.figures import of
from core.results.inventory_view import as_inventory
from core.targets.amounts import scope_kg
from core.targets.track import track, track_of
from core.targets.tracked import Track

MOST_KEPT = 12


def judged(plan: Plan) -> Track:
    """A plan beside its targets by scope, in all of its draws; what a search may choose from changes nothing of it."""
    return _judged(plan.model_copy(update={"candidates": (), "search": Search()}))


@lru_cache(maxsize=MOST_KEPT)
def _judged(plan: Plan) -> Track:
    central = track(plan, 0)
    if not central.lines:
        return central
    view = as_inventory(plan)
    now, was = (of(one, 0) for one in (view, view.model_copy(update={"levers": ()})))
    return track_of(plan, now, was, scope_kg(counted(view, int(plan.points))), scope_kg(was))
