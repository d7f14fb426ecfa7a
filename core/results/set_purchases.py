"""Hardware in its year of purchase under many sets of levers: what each set needs of each accelerator, and buys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core import engine
from core.engine import Use
from core.results.demand import active_years
from core.results.draws import Floats
from core.results.lever_activity import Activity
from core.results.lever_columns import Moves
from core.results.lever_places import Places
from core.results.lever_rows import LeverRows
from core.results.lever_sets import Sets

MOST_CELLS = 1 << 17  # of a block of sets, so that what they need stays near the processor


def carbon_bought_kg(
    moves: Moves, rows: LeverRows, activity: Activity, places: Places, uses: Sequence[Use], sets: int
) -> Floats:
    """Making of the accelerators that each set buys, in the years it buys them, (sets, cells) [kg]."""
    cells, devices = moves.shape[0] * moves.shape[1], rows.of("hardware").astype(np.int64)
    standing = activity.values["accelerators_installed"].reshape(-1)
    making_kg = np.empty((sets, cells))
    step = max(MOST_CELLS // (cells * len(rows.hardware)), 1)
    for first in range(0, sets, step):
        end = min(first + step, sets)
        shape = (end - first, len(rows.hardware))
        needed, where, came = engine.set_fleets(
            [_between(use, first, end) for use in uses], cells, standing, devices, shape
        )
        there = np.nonzero(where >= 0)
        whole = np.zeros((*shape, *moves.shape))
        whole[there] = _bought_kg(moves, places, needed[there], where[there], came[there])
        making_kg[first:end] = whole.sum(axis=1).reshape(-1, cells)
    return making_kg


def _between(use: Use, first: int, end: int) -> Use:
    """The part of a use that falls on some sets, counted from the first of them."""
    low, high = np.searchsorted(use.sets, (first, end))
    return use._replace(sets=use.sets[low:high] - first, parts=use.parts[low:high], places=use.places[low:high])


def _bought_kg(moves: Moves, places: Places, needed: Floats, where: Sets, came: Sets) -> Floats:
    """Making of what fleets buy, (fleets, years, 1 + draws): one that a lever brings is bought when it comes."""
    years, draws = moves.shape
    by_draw = np.nan_to_num(needed).reshape(-1, years, draws).transpose(0, 2, 1).reshape(-1, years)
    first = np.maximum(came // draws + moves.view.first_year, active_years(moves.view, moves.workload)[0])
    stated = places.bought_year[where]
    age_years = np.where(np.isnan(stated), 0.0, first - stated)
    life_years = places.columns.lifetime_years[:, 0][where].reshape(-1)
    amount = engine.purchases(np.ascontiguousarray(by_draw), life_years, np.repeat(age_years, draws))
    bought: Floats = amount.reshape(-1, draws, years).transpose(0, 2, 1) * places.columns.embodied_kg[where]
    return bought
