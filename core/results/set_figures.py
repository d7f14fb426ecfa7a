"""Figures of one workload under many sets of its levers: each set as if it were the plan's own.

Every distinct row of a kernel and every distinct place is worked out once; each set gathers those of its parts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core import engine
from core.engine import FootprintColumns, PartColumns, SetSums
from core.plan import Calibration, Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.draws import Floats
from core.results.factored import once_each
from core.results.lever_activity import Activity, activity_of
from core.results.lever_columns import Moves
from core.results.lever_places import Places, places_of
from core.results.lever_rows import LeverRows, lever_rows
from core.results.lever_sets import MOST_BITS, Sets, Use, chosen, distinct, uses_of
from core.results.once import ADDED, one_run, spread_over
from core.results.one import BY_PURCHASE
from core.results.purchases import OWNED
from core.results.set_purchases import carbon_bought_kg
from core.results.under_levers import figures_under

MOST_CELLS = 1 << 21  # of sets, years and draws worked out at a time, where there are draws
PANELS = "carbon_embodied_panels_kg"
MAKING = "carbon_embodied_kg"


@dataclass(frozen=True, slots=True)
class SetFigures:
    """Figures by name, each (sets, years, 1 + draws); NaN, and `known` False, where a set leaves no figure."""

    known: npt.NDArray[np.bool_]
    values: Mapping[str, Floats]


def set_figures(
    view: Plan,
    workload: Workload,
    levers: tuple[Lever, ...],
    sets: Sets,
    names: tuple[str, ...],
    draws: int = 0,
    calibration: Calibration | None = None,
) -> SetFigures:
    """Figures under sets of these levers, in the order of composition, without what levers take themselves."""
    if not len(sets) or len(levers) > MOST_BITS or not set(names) <= set(SetSums._fields):
        return one_by_one(view, workload, levers, sets, names, draws, calibration)
    moves = Moves(catalog_of(view), view, workload, levers, draws)
    most = max(MOST_CELLS // (moves.shape[0] * moves.shape[1]), 1) if draws else max(len(sets), 1)
    found = [_together(moves, sets[first : first + most], names, calibration) for first in range(0, len(sets), most)]
    if len(found) == 1:
        return found[0]
    values = {name: np.concatenate([one.values[name] for one in found]) for name in names}
    return SetFigures(np.concatenate([one.known for one in found]), values)


def one_by_one(
    view: Plan,
    workload: Workload,
    levers: tuple[Lever, ...],
    sets: Sets,
    names: tuple[str, ...],
    draws: int = 0,
    calibration: Calibration | None = None,
) -> SetFigures:
    """The slow way: each set by itself."""
    values = {name: np.full((len(sets), len(view.years()), 1 + draws), np.nan) for name in names}
    known = np.zeros(len(sets), dtype=bool)
    for place, some in enumerate(sets):
        found = figures_under(view, workload, tuple(chosen(levers, int(some))), draws, calibration)
        known[place] = not found.reason
        for name in names if known[place] else ():
            values[name][place] = found.values[name]
    return SetFigures(known, values)


def _together(moves: Moves, sets: Sets, names: tuple[str, ...], calibration: Calibration | None) -> SetFigures:
    """The quick way: every distinct part of the traffic once."""
    uses = uses_of(moves.catalog, moves.view, moves.levers, sets)
    taken = np.concatenate([use.levers for use in uses])
    rows, row_of = _rows(moves, uses, taken, calibration)
    some, place_of = distinct(taken, moves.place)
    places = places_of(moves, some)
    activity, place_of = activity_of(moves, rows, calibration), places.rows[place_of]
    refused, known = activity.refused[row_of] | places.refused[place_of], np.ones(len(sets), dtype=bool)
    gathered = _gathered(moves, uses, row_of, place_of)
    set_of = np.concatenate([use.sets for use in uses])
    known[set_of[refused]] = False
    bought = moves.view.hardware_view == BY_PURCHASE and moves.workload.hosting in OWNED and MAKING in names
    sums = _sums(moves, rows, activity, places, gathered, len(sets), {*names, PANELS} if bought else {*names})
    values = sums._asdict()
    if bought:
        making_kg = carbon_bought_kg(moves, rows, activity, places, gathered, len(sets))
        values[MAKING] = making_kg + values[PANELS]
    _single_runs(moves, uses, gathered, activity, values, names, len(sets))
    for name in names:
        values[name][~known] = np.nan
    return SetFigures(known, {name: values[name].reshape(len(sets), *moves.shape) for name in names})


def _gathered(moves: Moves, uses: Sequence[Use], row_of: Sets, place_of: Sets) -> list[engine.Use]:
    """The uses as rows of the kernels, over the cells of their years."""
    ends, draws = np.cumsum([len(use.levers) for use in uses])[:-1], moves.shape[1]
    return [
        engine.Use(use.sets, mine, where, use.years.start * draws, use.years.stop * draws, float(use.share))
        for use, mine, where in zip(uses, np.split(row_of, ends), np.split(place_of, ends), strict=True)
    ]


def _rows(moves: Moves, uses: Sequence[Use], taken: Sets, calibration: Calibration | None) -> tuple[LeverRows, Sets]:
    """The rows of the kernel, and which of them each part has."""
    shares = sorted({use.share for use in uses})
    share = np.repeat([shares.index(use.share) for use in uses], [len(use.levers) for use in uses])
    some, which = distinct(taken, moves.kernel)
    firsts, kinds = once_each(which * len(shares) + share, len(some) * len(shares))
    rows = lever_rows(moves, some[which[firsts]], np.array(shares)[share[firsts]], calibration)
    return rows, rows.rows[kinds]


def _sums(
    moves: Moves,
    rows: LeverRows,
    activity: Activity,
    places: Places,
    uses: Sequence[engine.Use],
    sets: int,
    names: Collection[str],
) -> SetSums:
    """Sums over the parts of each set; a figure that is not asked for has one row."""
    cells = moves.shape[0] * moves.shape[1]
    out = SetSums(*(np.zeros((sets if name in names else 1, cells)) for name in SetSums._fields))
    sold = np.broadcast_to(rows.of("sold_share")[:, None], (len(rows), cells))
    beside = PartColumns(
        *(one.reshape(-1) for one in (activity.values["hours_ratio"], activity.values["request_time_s"], sold))
    )
    x = FootprintColumns(*(column.reshape(-1) for column in places.columns))
    engine.set_sums(uses, cells, activity.columns(), beside, x, out)
    return out


def _single_runs(
    moves: Moves,
    uses: Sequence[Use],
    gathered: Sequence[engine.Use],
    activity: Activity,
    values: dict[str, Floats],
    names: tuple[str, ...],
    sets: int,
) -> None:
    """Add what a lever takes one time only, in the sets under which it acts at all."""
    years, draws = moves.shape
    tokens = activity.values["output_tokens_year"].reshape(-1, years * draws)
    for place, change in moves.single_runs():
        run = one_run(moves.view, moves.workload, change, moves.draws)
        if run.reason:
            continue
        answered, acts = np.zeros((sets, years * draws)), np.zeros(sets, dtype=bool)
        for use, mine in zip(uses, gathered, strict=True):
            on = (use.levers >> place & 1).astype(bool)
            acts[use.sets[on]] = True
            answered[use.sets[on], mine.first : mine.end] += tokens[mine.parts[on], mine.first : mine.end]
        if not acts.any():
            continue
        by_year = answered[acts].reshape(-1, years, draws).transpose(1, 0, 2).reshape(years, -1)
        weight = spread_over(by_year).reshape(years, -1, draws).transpose(1, 0, 2)
        for name in (one for one in names if one in ADDED):
            values[name][acts] += (weight * run.values[name]).reshape(len(weight), -1)
