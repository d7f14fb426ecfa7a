"""Compiles every loop over sets, or loads it from the cache."""

from __future__ import annotations

import numpy as np

from core.decide.chances import run_met
from core.decide.front import front_of
from core.decide.subsets import Rows, added, run_ahead, run_beyond, run_grown, run_within


def warm_up() -> None:
    """Run each loop once, on two candidates."""
    rows, takes, best = Rows(2, [(0,), (0, 1)]), np.ones(2), np.zeros(4)
    rows.summed(np.zeros((6, 1)), 3, np.zeros((1, 4)))
    added(takes, rows.worst(np.zeros(6)))
    run_grown(takes, best)
    run_ahead(takes, best)
    run_within(3, takes, best, 0.0)
    run_beyond(0, 3, takes, best, 0.0)
    front_of(best, best, best, np.arange(4))
    one, drawn = np.zeros(1, dtype=np.int64), np.zeros((1, 1, 1, 2))
    run_met(one, one[:, None], drawn, one, drawn, drawn[0, :, :, 0].copy(), np.zeros(1))
