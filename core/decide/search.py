"""The cheapest levers, and their years, that land a plan on its pathway: `found(plan)`.

Every set of the candidates is looked at, through the plan's own physics: no saving is added up. The least cost of each
set over all start years is exact, so that sets are tried in the order of their cost and the first that holds is the
cheapest there is. Whether it holds is the verdict of `core/targets/judged.py`, as the Targets page gives it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from core.decide import told
from core.decide.candidates import searched, without_candidates
from core.decide.chains import chains
from core.decide.chances import Chances
from core.decide.choices import usual_choice
from core.decide.found import Choice, Found
from core.decide.front import front, unpriced_sets
from core.decide.nearest import nearest
from core.decide.pathway import first_free_year, pathway_of, verdict
from core.decide.relaxed import relaxations
from core.decide.space import Space, space_of
from core.decide.subsets import Flags
from core.decide.walk import Walk, guessed, walked
from core.decide.watch import EndedError, Watch, ended, watched
from core.plan import Plan
from core.targets.judged import judged

MOST_KEPT = 4


_kept: OrderedDict[Plan, Found] = OrderedDict()


def found(plan: Plan, watch: Watch | None = None) -> Found:
    """The answer to a plan's search; what is missing, contradicts or cannot be met is told in words.

    It is kept, unless whoever watches it ended it early: then it is what it had by then.
    """
    if plan not in _kept:
        with watched(watch):
            answer = _found(plan)
        if answer.stopped:
            return answer
        _kept[plan] = answer
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return _kept[plan]


def known(plan: Plan) -> Found | None:
    """The answer where it was worked out before."""
    return _kept.get(plan)


def forget() -> None:
    """Work everything out anew."""
    _kept.clear()


def _found(plan: Plan) -> Found:
    base = without_candidates(plan)
    before = judged(base)
    pathway = pathway_of(base)
    if pathway is None:
        questions = before.questions or (told.REFUSED,)
        return Found(status="asked", said=told.asked(before), questions=questions)
    some = searched(plan, first_free_year(before))
    usual = usual_choice(base, *verdict(base, before))
    common = Found(status="no candidates", said="", usual=usual, excluded=some.excluded, sets_searched=some.sets)
    if not some.levers:
        return replace(common, said=told.no_candidates(some))
    try:
        space = space_of(some, pathway)
    except EndedError:
        return replace(common, status="stopped", said=told.NOT_BEGUN, stopped=True)
    return replace(_among(space, common, usual), stopped=ended())


def _among(space: Space, common: Found, usual: Choice) -> Found:
    """The answer among the sets of a space."""
    chances = Chances(space)
    walk = cheapest(space, chances)
    common = replace(
        common, valid=int(space.fine.sum()), front=front(space), notes=told.notes(space), best=walk.best,
        proven=walk.proven, why_not_proven=walk.why, bound_usd=walk.bound_usd,
    )  # fmt: skip
    if usual.meets and usual.met_share >= space.found.plan.search.meet_share:
        return replace(common, status="met already", said=told.met_already(space, usual))
    if walk.best is not None:
        return replace(common, status="found", said=told.best(space, walk.best))
    miss = nearest(space, chances)
    return replace(
        common,
        status="none meets",
        said=told.none_meets(space, miss, walk.why),
        nearest=miss,
        relaxations=relaxations(space, chances),
    )


def cheapest(space: Space, chances: Chances) -> Walk:
    """The cheapest choice that holds: of those whose cost is known, else of all."""
    within, unpriced = space.within_limits(), unpriced_sets(space)
    walk = _cheapest(space, within & (unpriced == 0), chances)
    if walk.best is None and unpriced.any():
        return _cheapest(space, within, chances)
    return walk


def _cheapest(space: Space, within: Flags, chances: Chances) -> Walk:
    ways = chains(space, within)
    walk = walked(space, ways, chances)
    return guessed(space, ways, walk) if walk.best is None and not walk.proven else walk
