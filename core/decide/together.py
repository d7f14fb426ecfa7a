"""Where nothing meets: the smallest change of several limits at once under which a choice does.

Limits that bind together have no single change that helps. What each set lacks of every limit is known, so that sets
are tried in the order of all that they lack, each by the plan's own evaluation, until nothing smaller is left. A change
counts as a share of the larger of the limit before and after; changes add up. The target itself is asked to allow more
only where the central case of no set meets it. Choices start in their earliest years.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from core.decide import told
from core.decide.candidates import with_choice
from core.decide.chances import Chances
from core.decide.choices import best_choice
from core.decide.found import Change, Choice, Relaxation
from core.decide.nearest import MOST_LOOKED_AT, MOST_TRIED
from core.decide.space import ROUNDING, Space
from core.decide.subsets import Floats
from core.decide.walk import BATCH
from core.decide.watch import at
from core.targets.judged import judged
from core.units import PERCENT

PROBABILITY, TARGET = "meet_share", "target"


@dataclass(frozen=True, slots=True)
class Lack:
    """What a choice lacks of the probability, or of the target where its central case misses it; nothing at 0."""

    limit: str
    needed: float
    size: float


NOTHING = Lack("", 0.0, 0.0)
FIRST = 8  # sets looked at first; twice as many after that, and so on


def together(space: Space, chances: Chances) -> Relaxation | None:
    """The smallest change that lets a choice meet, of as many limits as it takes; None where no set has figures."""
    if not _limits(space):
        return None  # probability and target are told alone
    meets = space.fine & (space.excess_share <= ROUNDING)
    sets = np.flatnonzero(meets if meets.any() else space.fine)
    limits_lacked_by = limits_lacked(space)
    lacks = limits_lacked_by[sets] + change_size(1.0, 1.0 + np.maximum(space.excess_share[sets], 0.0))
    spent, slow = space.spent_now_usd[sets], space.latency_s[sets]
    sets = sets[np.lexsort((slow, spent, lacks))][:MOST_LOOKED_AT]
    lacks = np.sort(lacks)
    best, tried, start, width = None, 0, 0, FIRST
    waiting: list[tuple[float, int, int]] = []
    while True:
        more = float(lacks[start]) if start < len(sets) else np.inf
        while waiting and waiting[0][0] <= more and tried < MOST_TRIED:
            least, _, some = heappop(waiting)
            if best is not None and least >= best.size - ROUNDING:
                return best
            tried += 1
            found = _needed(space, best_choice(space.found, space.found.chosen(some)))
            best = found if best is None or found.size < best.size - ROUNDING else best
        if tried == MOST_TRIED or (best is not None and more >= best.size - ROUNDING) or not np.isfinite(more):
            return best
        if not at("Looking for the smallest change of several limits", start, len(sets)):
            return best
        batch = [int(one) for one in sets[start : start + width]]
        spare = np.inf if best is None else best.size - more
        for place, (some, size) in enumerate(zip(batch, _least_lacks(space, chances, batch, spare), strict=True)):
            heappush(waiting, (float(limits_lacked_by[some]) + size, start + place, some))
        start, width = start + width, min(2 * width, BATCH)


def _least_lacks(space: Space, chances: Chances, batch: list[int], spare: float) -> list[float]:
    """What sets lack of probability or target at least; what lacks more than is to spare is not looked at closely."""
    wanted = space.found.plan.search.meet_share
    if (space.excess_share[batch] > ROUNDING).any():
        return [_lack(over, wanted).size for over in chances.over_share(batch)]
    shares = chances.met_share(batch, wanted * max(1.0 - spare, 0.0))
    return [0.0 if share >= wanted else float(change_size(wanted, np.array(share))) for share in shares]


def change_size(before: float, after: Floats) -> Floats:
    """How large a change of a limit is: the difference as a share of the larger of both.

    >>> change_size(10.0, np.array([10.0, 40.0, 5.0])).tolist()
    [0.0, 0.75, 0.5]
    """
    larger = np.maximum(np.maximum(np.abs(after), abs(before)), ROUNDING)
    return np.asarray(np.abs(after - before) / larger)


def limits_lacked(space: Space) -> Floats:
    """What each set breaks of budget, time and quality, the sizes of the changes that it needs added up, (sets,)."""
    found = np.zeros(space.found.sets)
    for name, reached, upper in _limits(space):
        now = getattr(space.found.plan.search, name)
        broken = reached > now * (1.0 + ROUNDING) if upper else reached < now * (1.0 - ROUNDING)
        found += np.where(broken, change_size(now, reached), 0.0)
    return found


def _limits(space: Space) -> list[tuple[str, Floats, bool]]:
    """The limits that are set, what every set reaches of each, and whether the limit is an upper one."""
    kept_pct = PERCENT - np.minimum(space.loss_pct, PERCENT)
    known = [
        ("budget_usd", space.spent_now_usd, True),
        ("latency_ceiling_s", space.latency_s, True),
        ("quality_floor_pct", kept_pct, False),
    ]
    return [one for one in known if getattr(space.found.plan.search, one[0]) is not None]


def _lack(over: Floats, wanted: float) -> Lack:
    """What is lacking where emissions are over their lines by so much, as a share of what is allowed, (1 + draws,)."""
    if over[0] > ROUNDING:
        more = more_share(over, wanted)
        return Lack(TARGET, more, float(change_size(1.0, np.array(1.0 + more))))
    share = float((over[1:] <= ROUNDING).mean())
    return NOTHING if share >= wanted else Lack(PROBABILITY, share, float(change_size(wanted, np.array(share))))


def more_share(over: Floats, wanted: float) -> float:
    """The least share by which every line must allow more, for the central case and as many draws as are wanted.

    >>> more_share(np.array([0.1, 0.5, -0.2, 0.3, 0.0]), 0.75)
    0.3
    """
    draws = np.sort(over[1:])
    enough = int(np.ceil(wanted * len(draws) - ROUNDING))
    return max(float(over[0]), float(draws[enough - 1]) if enough else 0.0, 0.0)


def _needed(space: Space, choice: Choice) -> Relaxation:
    """Every limit that a choice breaks, and what it must become for the choice to meet."""
    search = space.found.plan.search
    reached = {
        "budget_usd": choice.spent_usd,
        "latency_ceiling_s": choice.latency_s,
        "quality_floor_pct": PERCENT - choice.quality_loss_pct,
    }
    changes, size = [], 0.0
    for name, _, upper in _limits(space):
        now = float(getattr(search, name))
        broken = reached[name] > now * (1.0 + ROUNDING) if upper else reached[name] < now * (1.0 - ROUNDING)
        if broken:
            changes.append(Change(name, now, reached[name]))
            size += float(change_size(now, np.array(reached[name])))
    lack = _lack(over_share(space, choice), search.meet_share)
    if lack.limit:
        now = search.meet_share if lack.limit == PROBABILITY else 0.0
        changes.append(Change(lack.limit, now, lack.needed))
        size += lack.size
    return Relaxation(
        limit="together", now=0.0, needed=size, unit="share", choice=choice, said=told.all_at_once(changes), size=size,
        changes=tuple(changes),
    )  # fmt: skip


def over_share(space: Space, choice: Choice) -> Floats:
    """How far a choice is over its lines where it is most, by the plan's own evaluation, (1 + draws,)."""
    found = judged(with_choice(space.found.plan, choice.levers))
    over = [
        line.plan.on(found.basis)[list(space.pathway.places)] / np.maximum(allowed_kg, ROUNDING)[:, None] - 1.0
        for line, allowed_kg in zip(found.lines, space.pathway.allowed_kg, strict=True)
    ]
    return np.asarray(np.max(over, axis=(0, 1)))
