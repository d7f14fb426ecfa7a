"""One job that may pause: its cleanest hours for every release, free to resume or at an energy for each restart.

Free: the cheapest hours of the window, kept in a Fenwick tree over their ranks. At a price: dynamic programming over
hours done and whether it runs; an hour in part is the last one. Both exact.
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
    window_g_per_kwh: Hours,
    whole: int,
    part_h: float,
    restart_h: float,
    running: Hours,
    paused: Hours,
    resumed: Choices,
    stayed: Choices,
) -> float:
    """Least carbon of a 1 kW job within a window, each resumption costing `restart_h` hours of its power more [g].

    `running[n]` and `paused[n]` hold the least carbon with n hours done, the last in part; the choices, (window,
    hours + 1), say how.
    """
    last = whole + (1 if part_h > 0.0 else 0)
    for done in range(last + 1):
        running[done] = np.inf
        paused[done] = np.inf
    paused[0] = 0.0
    slack = window_g_per_kwh.shape[0] - last
    for hour in range(last + slack):
        now_g = window_g_per_kwh[hour]
        for done in range(min(hour + 1, last), max(hour - slack, 0) - 1, -1):
            stayed[hour, done] = running[done] < paused[done]
            rested_g = min(running[done], paused[done])
            if done > 0:
                ran_g = now_g * (part_h if done > whole else 1.0)
                again_g = paused[done - 1] + ran_g + (now_g * restart_h if done > 1 else 0.0)
                onward_g = running[done - 1] + ran_g
                resumed[hour, done] = again_g < onward_g
                running[done] = min(again_g, onward_g)
            else:
                running[done] = np.inf
            paused[done] = rested_g
    least_g: float = min(running[last], paused[last])
    return least_g


@kernel
def run_one_with_restarts(
    window_g_per_kwh: Hours,
    whole: int,
    part_h: float,
    restart_h: float,
    running: Hours,
    paused: Hours,
    resumed: Choices,
    stayed: Choices,
    load_kw: Hours,
) -> float:
    """The least carbon of one job [g], and in `load_kw` when it runs; a restart adds its energy to its hour."""
    carbon_g: float = restarts_g(window_g_per_kwh, whole, part_h, restart_h, running, paused, resumed, stayed)
    done = whole + (1 if part_h > 0.0 else 0)
    runs = running[done] < paused[done]
    for hour in range(window_g_per_kwh.shape[0] - 1, -1, -1):
        load_kw[hour] = 0.0
        if not runs:
            runs = stayed[hour, done]
        else:
            again = resumed[hour, done]
            load_kw[hour] = (part_h if done > whole else 1.0) + (restart_h if again and done > 1 else 0.0)
            done -= 1
            runs = not again
        if done == 0:
            runs = False
    return carbon_g


@kernel
def run_restarts(
    planned_g_per_kwh: Hours,
    came_g_per_kwh: Hours,
    foretold: bool,
    first: int,
    every: int,
    whole: int,
    part_h: float,
    slack: int,
    restart_h: float,
    out_g: Hours,
    restarted_h: Hours,
) -> None:
    """For every so many releases: carbon by the hours that came of the best plan [g], and its restarts' hours [h].

    Planned with foresight of a series; where it is `foretold`, on its last value known of the same hour of the day.
    """
    last = whole + (1 if part_h > 0.0 else 0)
    window = last + slack
    running, paused = np.empty(last + 1), np.empty(last + 1)
    resumed, stayed = np.empty((window, last + 1), np.bool_), np.empty((window, last + 1), np.bool_)
    ahead_g, load_kw = np.empty(window), np.empty(window)
    for place in range(out_g.shape[0]):
        release = first + place * every
        for hour in range(window):
            ahead_g[hour] = planned_g_per_kwh[release - 24 + hour % 24 if foretold else release + hour]
        run_one_with_restarts(ahead_g, whole, part_h, restart_h, running, paused, resumed, stayed, load_kw)
        out_g[place] = 0.0
        restarted_h[place] = -whole - part_h
        for hour in range(window):
            out_g[place] += load_kw[hour] * came_g_per_kwh[release + hour]
            restarted_h[place] += load_kw[hour]
