"""Compiles every kernel of shifting, or loads it from the cache."""

from __future__ import annotations

import numpy as np

from core.shift.fleet import served
from core.shift.job import Job, outcomes, schedule_kw
from core.shift.realised import each_realised, realised_fleet
from core.shift.spread import placed

HOURS = 800  # enough for a history of 28 days


def warm_up() -> None:
    """Run each kernel once, on a few hours."""
    hours = np.arange(1.0, HOURS + 1)
    for job in (Job(2, 2), Job(2, 2, True), Job(2, 2, True, 0.5)):
        outcomes(hours[:8], job)
        schedule_kw(hours[:8], job, 0)
    for job in (Job(2, 2), Job(2, 2, True), Job(2, 2, True, 0.5)):
        each_realised(hours, job)
    each_realised(hours, Job(2, 2), hours[::-1].copy())
    realised_fleet(hours, np.ones(HOURS), flexible_share=0.5, delay_h=2, capacity_kwh=2.0)
    served(hours[:8, None], np.full((8, 1), 2.0), np.ones(8), 2)
    placed(hours[:8, None], np.ones((8, 1)), home=[0], capacity_kwh=2.0)
