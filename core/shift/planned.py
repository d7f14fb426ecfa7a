"""One job planned on one series and scored on another: on a forecast anybody can make, or with foresight of the other.

A forecast is periodic: the last value known of each hour of the day. The cleanest hours of a window are then whole
columns of the same hour of its days, told by 24 values that are kept in order from release to release.
"""

import numpy as np
from numpy.typing import NDArray

from core.engine.jit import kernel

Hours = NDArray[np.float64]
Places = NDArray[np.int64]

EVEN = 1e-12  # of a cost: below it two starts are one, and the earlier is taken


@kernel
def foretold_g_per_kwh(known_g_per_kwh: Hours, release: int, ahead: int) -> float:
    """The forecast at a release of the hour so far ahead: the last value known of the same hour of the day."""
    foretold: float = known_g_per_kwh[release - 24 + ahead % 24]
    return foretold


@kernel
def run_profile(intensity_g_per_kwh: Hours, days: int, known_g_per_kwh: Hours) -> None:
    """Mean of each hour and the same hour of the days before, so many days in all; NaN before there are as many."""
    for hour in range(intensity_g_per_kwh.shape[0]):
        known_g_per_kwh[hour] = np.nan
        if hour >= 24 * (days - 1):
            total_g = 0.0
            for day in range(days):
                total_g += intensity_g_per_kwh[hour - 24 * day]
            known_g_per_kwh[hour] = total_g / days


@kernel
def chosen_g(
    foretold: Hours, came_g_per_kwh: Hours, release: int, whole: int, part_h: float, slack: int, pausing: bool
) -> float:
    """Carbon of 1 kW at the hours that one series makes the best of a window, by the hours of another [g]."""
    carbon_g = 0.0
    if pausing:
        order = np.argsort(foretold, kind="mergesort")
        for rank in range(whole):
            carbon_g += came_g_per_kwh[release + order[rank]]
        if part_h > 0.0:
            carbon_g += part_h * came_g_per_kwh[release + order[whole]]
        return carbon_g
    best, least_g, sum_g = 0, np.inf, 0.0
    for ahead in range(whole):
        sum_g += foretold[ahead]
    for start in range(slack + 1):
        block = sum_g + (part_h * foretold[start + whole] if part_h > 0.0 else 0.0)
        if block < least_g * (1.0 - EVEN):
            best, least_g = start, block
        if start < slack:
            sum_g += foretold[start + whole] - foretold[start]
    for ahead in range(whole):
        carbon_g += came_g_per_kwh[release + best + ahead]
    if part_h > 0.0:
        carbon_g += part_h * came_g_per_kwh[release + best + whole]
    return carbon_g


@kernel
def repeated_start(cycle: Hours, whole: int, part_h: float, slack: int) -> int:
    """How long a job in one piece waits by a forecast of 24 values that repeat; among equals the shortest wait.

    `cycle`, (49,), adds up the values of two days. Whole days cost the same whenever they begin.
    """
    more = whole % 24
    days_g = whole // 24 * cycle[24]
    best, least_g = 0, np.inf
    for wait in range(min(slack, 23) + 1):
        total_g = days_g + cycle[wait + more] - cycle[wait]
        if part_h > 0.0:
            total_g += part_h * (cycle[wait + more + 1] - cycle[wait + more])
        if total_g < least_g * (1.0 - EVEN):
            best, least_g = wait, total_g
    return best


@kernel
def run_planned(
    known_g_per_kwh: Hours,
    came_g_per_kwh: Hours,
    first: int,
    whole: int,
    part_h: float,
    slack: int,
    out_g: Hours,
) -> None:
    """Carbon of a job in one piece for each release from `first` on, planned on a forecast, by the hours that came [g].

    `known_g_per_kwh` is what is known of each hour of the day at each hour.
    """
    summed, cycle = np.zeros(came_g_per_kwh.shape[0] + 1), np.zeros(49)
    for hour in range(came_g_per_kwh.shape[0]):
        summed[hour + 1] = summed[hour] + came_g_per_kwh[hour]
    for place in range(out_g.shape[0]):
        release = first + place
        for ahead in range(48):
            cycle[ahead + 1] = cycle[ahead] + foretold_g_per_kwh(known_g_per_kwh, release, ahead)
        start = release + repeated_start(cycle, whole, part_h, slack)
        out_g[place] = summed[start + whole] - summed[start]
        if part_h > 0.0:
            out_g[place] += part_h * came_g_per_kwh[start + whole]


@kernel
def _known(order: Places, value: Hours, hour: int, value_g: float) -> None:
    """Give an hour of the day its value, and move it to where that belongs."""
    value[hour] = value_g
    rank = 0
    while order[rank] != hour:
        rank += 1
    while rank > 0 and value[order[rank - 1]] > value[hour]:
        order[rank] = order[rank - 1]
        rank -= 1
    while rank < 23 and value[order[rank + 1]] < value[hour]:
        order[rank] = order[rank + 1]
        rank += 1
    order[rank] = hour


@kernel
def columns_g(
    order: Places,
    value: Hours,
    came_g_per_kwh: Hours,
    summed: Hours,
    release: int,
    whole: int,
    part_h: float,
    window: int,
) -> float:
    """Carbon of 1 kW in the cleanest hours of a window by a forecast of 24 values, by the hours that came [g].

    `order` sorts the hours of the day by `value`; `summed` adds up every 24th hour. Among equals the earlier hour runs.
    """
    left = whole + (1 if part_h > 0.0 else 0)
    days, more, now = window // 24, window % 24, release % 24
    carbon_g = 0.0
    rank = 0
    while left > 0:
        even, copies = rank, 0
        while even < 24 and value[order[even]] == value[order[rank]]:
            ahead = order[even] - now + (24 if order[even] < now else 0)
            copies += days + (1 if ahead < more else 0)
            even += 1
        if copies < left:
            for place in range(rank, even):
                ahead = order[place] - now + (24 if order[place] < now else 0)
                times = days + (1 if ahead < more else 0)
                carbon_g += summed[release + ahead + 24 * times] - summed[release + ahead]
            left -= copies
            rank = even
            continue
        for ahead in range(window):
            if left > 0 and value[(release + ahead) % 24] == value[order[rank]]:
                left -= 1
                share = part_h if left == 0 and part_h > 0.0 else 1.0
                carbon_g += share * came_g_per_kwh[release + ahead]
        left = 0
    return carbon_g


@kernel
def run_planned_pauses(
    known_g_per_kwh: Hours, came_g_per_kwh: Hours, first: int, whole: int, part_h: float, slack: int, out_g: Hours
) -> None:
    """The same for a job that may pause."""
    window = whole + (1 if part_h > 0.0 else 0) + slack
    summed = np.zeros(came_g_per_kwh.shape[0] + 24)
    for hour in range(came_g_per_kwh.shape[0]):
        summed[hour + 24] = summed[hour] + came_g_per_kwh[hour]
    order, value = np.arange(24), np.full(24, -np.inf)
    for hour in range(first - 24, first - 1):
        _known(order, value, hour % 24, known_g_per_kwh[hour])
    for place in range(out_g.shape[0]):
        release = first + place
        _known(order, value, (release - 1) % 24, known_g_per_kwh[release - 1])
        out_g[place] = columns_g(order, value, came_g_per_kwh, summed, release, whole, part_h, window)


@kernel
def run_scored(
    planned_g_per_kwh: Hours,
    scored_g_per_kwh: Hours,
    whole: int,
    part_h: float,
    slack: int,
    pausing: bool,
    out_g: Hours,
) -> None:
    """Carbon of each release, planned with foresight of one series and scored on another [g]."""
    window = whole + (1 if part_h > 0.0 else 0) + slack
    for release in range(out_g.shape[0]):
        foretold = planned_g_per_kwh[release : release + window]
        out_g[release] = chosen_g(foretold, scored_g_per_kwh, release, whole, part_h, slack, pausing)
