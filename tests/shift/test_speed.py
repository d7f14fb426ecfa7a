"""A year of hours in milliseconds: what the page's sliders rest on. Best of five, in processor time, warm."""

import time

import numpy as np
import pytest

from core.catalog import hourly
from core.shift.fleet import served
from core.shift.job import Job, outcomes
from core.shift.realised import realised_fleet

HOURS = np.array(hourly.reference_hours("DE"))
ROOM, WORK = np.full((8760, 1), 0.6), np.full(8760, 0.3)


def best_ms(work):
    work()
    took = []
    for _ in range(5):
        start = time.thread_time()
        work()
        took.append((time.thread_time() - start) * 1e3)
    return min(took)


@pytest.mark.parametrize(
    ("work", "most_ms"),
    [
        (lambda: outcomes(HOURS, Job(24, 24)), 0.2),
        (lambda: outcomes(HOURS, Job(24, 168, True)), 3),
        (lambda: outcomes(HOURS, Job(48, 120, True, 0.5)), 25),
        (lambda: outcomes(HOURS, Job(2000, 2000, True, 1.0)), 1_000),
        (lambda: served(HOURS[:, None], ROOM, WORK, 24), 5),
        (lambda: realised_fleet(HOURS, np.ones(8760), flexible_share=0.3, delay_h=24, capacity_kwh=1.3), 30),
    ],
    ids=["block", "pauses", "restarts", "restarts of months", "fleet", "realised fleet"],
)
def test_a_year_of_hours_takes_milliseconds(work, most_ms):
    assert best_ms(work) < most_ms
