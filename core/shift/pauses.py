"""One job that may pause: its cleanest hours for every release, free to resume or at an energy for each restart.

Free: the cheapest hours of the window, kept in a Fenwick tree over their ranks. At a price: dynamic programming over
hours done and whether it runs. Both exact.
"""

import numpy as np
from numpy.typing import NDArray

from core.engine.jit import kernel

Hours = NDArray[np.float64]
Places = NDArray[np.int64]
Choices = NDArray[np.bool_]


@kernel
def _add(count: Places, total: Hours, rank: int, change: int, value_g: float) -> None:
    """Put an hour of this rank into the tree, or take it out."""
    node = rank + 1
    while node < count.shape[0]:
        count[node] += change
        total[node] += change * value_g
        node += node & -node


@kernel
def cheapest_g(count: Places, total: Hours, rising_g: Hours, top: int, whole: int, part_h: float) -> float:
    """Carbon of 1 kW in the cheapest hours of the tree, the dearest of them in part [g]."""
    node = 0
    left = whole
    carbon_g = 0.0
    step = top
    while step > 0:
        after = node + step
        if after < count.shape[0] and count[after] <= left:
            node = after
            left -= count[after]
            carbon_g += total[after]
        step //= 2
    if part_h > 0.0:
        carbon_g += part_h * rising_g[node]
    return carbon_g


@kernel
def run_pauses(
    intensity_g_per_kwh: Hours, order: Places, whole: int, part_h: float, window: int, best_g: Hours
) -> None:
    """For each release: carbon of the cheapest hours of the window that begins there.

    `order` sorts the hours by intensity, the earlier first among equals.
    """
    hours = intensity_g_per_kwh.shape[0]
    rank = np.empty(hours, np.int64)
    rising_g = np.empty(hours)
    for place in range(hours):
        rank[order[place]] = place
        rising_g[place] = intensity_g_per_kwh[order[place]]
    count = np.zeros(hours + 1, np.int64)
    total = np.zeros(hours + 1)
    top = 1
    while top * 2 <= hours:
        top *= 2
    for hour in range(best_g.shape[0] + window - 1):
        _add(count, total, rank[hour], 1, intensity_g_per_kwh[hour])
        release = hour - window + 1
        if release < 0:
            continue
        best_g[release] = cheapest_g(count, total, rising_g, top, whole, part_h)
        _add(count, total, rank[release], -1, intensity_g_per_kwh[release])


@kernel
def restarts_g(
    intensity_g_per_kwh: Hours,
    release: int,
    whole: int,
    slack: int,
    restart_h: float,
    running: Hours,
    paused: Hours,
    resumed: Choices,
    stayed: Choices,
) -> float:
    """Least carbon of a 1 kW job of whole hours, each resumption costing `restart_h` hours of its power more [g].

    `running[n]` and `paused[n]` hold the least carbon with n hours done; the choices, (window, whole + 1), say how.
    """
    for done in range(whole + 1):
        running[done] = np.inf
        paused[done] = np.inf
    paused[0] = 0.0
    window = whole + slack
    for hour in range(window):
        now_g = intensity_g_per_kwh[release + hour]
        for done in range(min(hour + 1, whole), max(hour - slack, 0) - 1, -1):
            stayed[hour, done] = running[done] < paused[done]
            rested_g = min(running[done], paused[done])
            if done > 0:
                again_g = paused[done - 1] + now_g * (1.0 + (restart_h if done > 1 else 0.0))
                onward_g = running[done - 1] + now_g
                resumed[hour, done] = again_g < onward_g
                running[done] = min(again_g, onward_g)
            else:
                running[done] = np.inf
            paused[done] = rested_g
    least_g: float = min(running[whole], paused[whole])
    return least_g


@kernel
def run_restarts(intensity_g_per_kwh: Hours, whole: int, slack: int, restart_h: float, best_g: Hours) -> None:
    """The least carbon for each release [g]."""
    running = np.empty(whole + 1)
    paused = np.empty(whole + 1)
    resumed = np.empty((whole + slack, whole + 1), np.bool_)
    stayed = np.empty((whole + slack, whole + 1), np.bool_)
    for release in range(best_g.shape[0]):
        best_g[release] = restarts_g(
            intensity_g_per_kwh, release, whole, slack, restart_h, running, paused, resumed, stayed
        )


@kernel
def run_one_with_restarts(
    intensity_g_per_kwh: Hours, release: int, whole: int, slack: int, restart_h: float, load_kw: Hours
) -> float:
    """The least carbon of one job [g], and in `load_kw` when it runs; a restart adds its energy to its hour."""
    window = whole + slack
    running = np.empty(whole + 1)
    paused = np.empty(whole + 1)
    resumed = np.empty((window, whole + 1), np.bool_)
    stayed = np.empty((window, whole + 1), np.bool_)
    carbon_g = restarts_g(intensity_g_per_kwh, release, whole, slack, restart_h, running, paused, resumed, stayed)
    done = whole
    runs = running[whole] < paused[whole]
    for hour in range(window - 1, -1, -1):
        load_kw[hour] = 0.0
        if not runs:
            runs = stayed[hour, done]
        else:
            again = resumed[hour, done]
            load_kw[hour] = 1.0 + (restart_h if again and done > 1 else 0.0)
            done -= 1
            runs = not again
        if done == 0:
            runs = False
    return carbon_g
