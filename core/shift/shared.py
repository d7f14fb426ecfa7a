"""A job that pauses at a price, for every release at once: windows that overlap share their work. Exact.

Releases are taken in blocks. What all windows of a block have in common is solved once, from its end to its beginning,
and goes on to the left one hour after another, which serves each release; what lies to the right of it grows the other
way. A release is then the best of the ways to split its hours between the two. Each part is known for every number of
hours done in it, and for how it is entered and left: a run that goes on takes no restart.
"""

import numpy as np
from numpy.typing import NDArray

from core.engine.jit import kernel

Hours = NDArray[np.float64]
Table = NDArray[np.float64]

MOST_BLOCK = 512


@kernel
def _to_the_left(
    fresh: Table, going: Table, paused: Table, now_g: float, again_g: float, last_g: float, low: int, high: int
) -> None:
    """One hour more at the beginning of a part, for each number of hours done in it from `low` to `high`.

    Rows are how the part is left: at work, at rest, or with the job done, whose last hour may be one in part.
    """
    for left in range(3):
        for done in range(high, max(low, 1) - 1, -1):
            ran_g = (last_g if left == 2 and done == 1 else now_g) + going[left, done - 1]
            going[left, done] = min(ran_g, paused[left, done])
            paused[left, done] = min(ran_g + again_g, paused[left, done])
            fresh[left, done] = min(ran_g, fresh[left, done])
    going[0, 0] = np.inf
    going[1, 0] = 0.0


@kernel
def _to_the_right(
    work: Hours, rest: Hours, over: Hours, free: int, now_g: float, again_g: float, last_g: float, most: int
) -> None:
    """One hour more at the end of a part: at work, at rest, or with the job done; the start of hour `free` is free."""
    for done in range(most, 0, -1):
        start_g = rest[done - 1] + (0.0 if done == free else again_g)
        before_g = min(work[done - 1], start_g)
        over[done] = min(over[done], last_g + before_g)
        rest[done] = min(rest[done], work[done])
        work[done] = now_g + before_g
    rest[0] = min(rest[0], work[0])
    work[0] = np.inf


@kernel
def run_shared_restarts(
    intensity_g_per_kwh: Hours, whole: int, part_h: float, slack: int, restart_h: float, best_g: Hours
) -> None:
    """For each release: least carbon of a 1 kW job, each resumption costing `restart_h` hours of its power more [g]."""
    last = whole + (1 if part_h > 0.0 else 0)
    window = last + slack
    part = part_h if part_h > 0.0 else 1.0
    releases = best_g.shape[0]
    block = max(min(MOST_BLOCK, window // 2), 1)
    kept = min(block, last)
    fresh, going, paused = np.empty((3, last + 1)), np.empty((3, last + 1)), np.empty((3, last + 1))
    begun = np.empty((block, 3, kept + 1))
    work, rest, over = np.empty((3, kept + 1)), np.empty((3, kept + 1)), np.empty((3, kept + 1))
    for first in range(0, releases, block):
        count = min(block, releases - first)
        end = first + window
        for table in (fresh, going, paused):
            table[:] = np.inf
        going[0, 0], going[2, 0], paused[1, 0] = 0.0, 0.0, 0.0
        for hour in range(end - 1, first - 1, -1):
            now_g = intensity_g_per_kwh[hour]
            low, high = max(last - (hour - first), 0), min(end - hour, last)
            _to_the_left(fresh, going, paused, now_g, restart_h * now_g, part * now_g, low, high)
            if hour < first + count:
                for left in range(3):
                    for more in range(kept + 1):
                        begun[hour - first, left, more] = fresh[left, last - more]
        work[:] = np.inf
        rest[:] = np.inf
        over[:] = np.inf
        work[0, 0], rest[1, 0], rest[2, 0] = 0.0, 0.0, 0.0
        for place in range(count):
            if place > 0:
                now_g = intensity_g_per_kwh[end + place - 1]
                for entered in range(3):
                    free = 1 if entered == 2 else 0
                    _to_the_right(work[entered], rest[entered], over[entered], free, now_g, restart_h * now_g,
                                  part * now_g, min(place, kept))  # fmt: skip
            least_g = begun[place, 2, 0]
            for more in range(1, min(place, last - 1) + 1):
                least_g = min(least_g, begun[place, 0, more] + over[0, more], begun[place, 1, more] + over[1, more])
            if place >= last:
                least_g = min(least_g, over[2, last])
            best_g[first + place] = least_g
