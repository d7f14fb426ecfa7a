"""Figures of one workload under many sets of its levers: each set as if it were the plan's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.plan import Calibration, Plan, Workload
from core.plan.lever import Lever
from core.results.draws import Floats
from core.results.lever_sets import Sets, chosen
from core.results.under_levers import figures_under


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
    values = {name: np.full((len(sets), len(view.years()), 1 + draws), np.nan) for name in names}
    known = np.zeros(len(sets), dtype=bool)
    for place, some in enumerate(sets):
        found = figures_under(view, workload, tuple(chosen(levers, int(some))), draws, calibration)
        known[place] = not found.reason
        for name in names if known[place] else ():
            values[name][place] = found.values[name]
    return SetFigures(known, values)
