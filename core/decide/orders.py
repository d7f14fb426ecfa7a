"""How a difference is shared out among what made it, where some sets of changes cannot stand: exactly, or by orders.

Up to ten changes every set is tried, and each change gets its mean over all orders (Shapley). Beyond, it gets the mean
over orders that are drawn in pairs, each with its reverse. Either way the parts add up to the whole. Of more than a
few changes, one that moves nothing when it comes first, and nothing when it comes last, has no part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.engine.shapley import shapley
from core.results.draws import Floats

MOST_EXACT = 10  # changes of which every set is tried
FEW = 6  # changes of which none is left out beforehand
PAIRS = 24  # of orders, where there are more
Worth = Callable[[int], Floats | None]  # of a set of changes, bit k is change k; None where it cannot stand


@dataclass(frozen=True, slots=True)
class Parts:
    """What each group of changes contributes, (groups, draws), and its standard error in the central case, (groups,).

    A group has several changes where one cannot stand without the others; an error of 0 is an exact share.
    """

    groups: tuple[tuple[int, ...], ...]
    values: Floats
    errors: Floats


def parts_of(changes: int, worth: Worth, apart: Sequence[int], seed: int) -> Parts:
    """The parts of a whole that so many changes make; `apart` are those that are grouped first where sets fail."""
    still = _still(changes, worth) if changes > FEW else []
    if not still:
        return _parts_of(changes, worth, apart, seed)
    moving = [one for one in range(changes) if one not in still]
    everything = (1 << changes) - 1

    def among(some: int) -> Floats | None:
        whole = some == (1 << len(moving)) - 1
        return worth(everything if whole else sum(1 << one for place, one in enumerate(moving) if some >> place & 1))

    found = _parts_of(len(moving), among, [moving.index(one) for one in apart if one in moving], seed)
    groups = [tuple(moving[place] for place in group) for group in found.groups]
    nothing = np.zeros((len(still), found.values.shape[1]))
    return Parts(
        (*groups, *((one,) for one in still)),
        np.concatenate([found.values, nothing]),
        np.concatenate([found.errors, np.zeros(len(still))]),
    )


def _still(changes: int, worth: Worth) -> list[int]:
    """The changes that move nothing when they come first, and nothing when they come last; never all of them."""
    everything = (1 << changes) - 1
    first, last = worth(0), worth(everything)

    def same(some: int, as_before: Floats | None) -> bool:
        found = worth(some)
        return found is not None and as_before is not None and bool(np.array_equal(found, as_before))

    still = [one for one in range(changes) if same(1 << one, first) and same(everything ^ 1 << one, last)]
    return still if len(still) < changes else still[1:]


def _parts_of(changes: int, worth: Worth, apart: Sequence[int], seed: int) -> Parts:
    if changes <= MOST_EXACT:
        return _exact(changes, worth)
    alone: list[tuple[int, ...]] = [(one,) for one in range(changes)]
    others = [group for group in alone if group[0] not in apart]
    for groups in (alone, [tuple(apart), *others] if apart else alone, [tuple(range(changes))]):
        found = _by_orders(groups, worth, seed) if len(groups) > MOST_EXACT else _grouped(groups, worth)
        if found is not None:
            return found
    raise AssertionError("the whole always stands")


def tries(changes: int) -> int:
    """How many sets are looked at for so many changes.

    >>> tries(3), tries(20)
    (8, 1008)
    """
    return 1 << changes if changes <= MOST_EXACT else 2 * PAIRS * (changes + 1)


def _grouped(groups: Sequence[tuple[int, ...]], worth: Worth) -> Parts:
    """The exact parts of groups of changes."""
    found = _exact(len(groups), lambda some: worth(_mask(groups, some)))
    joined = tuple(tuple(one for place in group for one in groups[place]) for group in found.groups)
    return Parts(joined, found.values, found.errors)


def _mask(groups: Sequence[tuple[int, ...]], some: int) -> int:
    """A set of groups as a set of changes."""
    return sum(1 << one for place, group in enumerate(groups) if some >> place & 1 for one in group)


def _exact(changes: int, worth: Worth) -> Parts:
    """Every set; changes that do not stand apart become one, until all sets stand."""
    found = [worth(some) for some in range(1 << changes)]
    groups: list[tuple[int, ...]] = [(one,) for one in range(changes)]
    while True:
        masks = [_mask(groups, some) for some in range(1 << len(groups))]
        fails = [some for some, mask in enumerate(masks) if found[mask] is None]
        if not fails:
            known = [value for mask in masks if (value := found[mask]) is not None]
            return Parts(tuple(groups), shapley(np.array(known)), np.zeros(len(groups)))
        least = min(fails, key=_size)
        stands = [some for some, mask in enumerate(masks) if found[mask] is not None and some & least == least]
        together = min(stands, key=_size)
        one = tuple(sorted(change for place, group in enumerate(groups) if together >> place & 1 for change in group))
        groups = sorted([one, *(group for place, group in enumerate(groups) if not together >> place & 1)])


def _size(some: int) -> int:
    return some.bit_count()


def _by_orders(groups: Sequence[tuple[int, ...]], worth: Worth, seed: int) -> Parts | None:
    """The mean over orders drawn in pairs; None where one comes upon a set that cannot stand."""
    rng, kept = np.random.default_rng(seed), dict[int, Floats | None]()

    def known(mask: int) -> Floats | None:
        if mask not in kept:
            kept[mask] = worth(mask)
        return kept[mask]

    pairs = []
    for _ in range(PAIRS):
        order = rng.permutation(len(groups)).astype(np.intp)
        both = [_along(way, groups, known) for way in (order, order[::-1])]
        if both[0] is None or both[1] is None:
            return None
        pairs.append((both[0] + both[1]) / 2.0)
    means = np.array(pairs)
    errors = means[:, :, 0].std(axis=0, ddof=1) / np.sqrt(PAIRS)
    return Parts(tuple(groups), means.mean(axis=0), errors)


def _along(order: NDArray[np.intp], groups: Sequence[tuple[int, ...]], worth: Worth) -> Floats | None:
    """What each group adds when it comes, in one order."""
    mask, before = 0, worth(0)
    added: dict[int, Floats] = {}
    for place in order:
        mask |= _mask(groups, 1 << int(place))
        after = worth(mask)
        if before is None or after is None:
            return None
        added[int(place)], before = after - before, after
    return np.array([added[place] for place in range(len(groups))])
