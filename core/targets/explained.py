"""Why a measured amount differs from the planned one: an exact split among volume, efficiency and grid.

An amount is a product: requests × energy per request × carbon per kWh. Each factor's part of a difference is its mean
over all orders in which the factors may be changed one after another, from planned to measured (Shapley). For carbon
C = V × e × g:

    part of V = (V1 - V0) × (e0 g0 / 3 + (e0 g1 + e1 g0) / 6 + e1 g1 / 3)      and so for e and g

The parts add up to the difference with no remainder, no factor is favoured by its place in the product, and swapping
plan and measurement turns every sign. The logarithmic mean (LMDI) does this too but has no value where an amount is 0,
which a month without requests is; so Shapley's was chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core import engine
from core.results.draws import Floats


def undividable(planned: Sequence[Floats], measured: Sequence[float]) -> int | None:
    """Place of the first rung that is 0 while the next is not: a factor over it would be infinite; None without one."""
    for place in range(len(measured) - 1):
        none_planned = bool(((planned[place] == 0.0) & (planned[place + 1] != 0.0)).any())
        if none_planned or (measured[place] == 0.0 and measured[place + 1] != 0.0):
            return place
    return None


def quotients(rungs: Floats, others: Floats) -> Floats:
    """The first rung, then each over the one before it; where both are 0, the others' quotient: it explains nothing."""
    found = np.array(rungs, dtype=np.float64)
    for place in range(1, len(rungs)):
        below, others_below = rungs[place - 1], others[place - 1]
        usual = np.divide(others[place], others_below, out=np.zeros_like(others_below), where=others_below != 0.0)
        found[place] = np.divide(rungs[place], below, out=usual, where=below != 0.0)
    return found


def explained(planned: Sequence[Floats], measured: Sequence[float]) -> Floats:
    """Each factor's part of measured less planned, (rungs, columns), in the unit of the last rung.

    Rungs lead from the volume to the amount itself, as requests, kWh, kg. No rung may be `undividable`.
    """
    plan = np.array(planned, dtype=np.float64)
    real = np.repeat(np.array(measured, dtype=np.float64)[:, None], plan.shape[1], axis=1)
    from_plan, from_meter = quotients(plan, real), quotients(real, plan)
    rungs = len(plan)
    worth = np.ones((2**rungs, plan.shape[1]))
    for some in range(2**rungs):
        for rung in range(rungs):
            worth[some] *= (from_meter if some >> rung & 1 else from_plan)[rung]
    return engine.shapley(worth)
