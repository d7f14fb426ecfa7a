"""A fleet: work that may wait some hours, under hourly capacity, in one place or pooled over several. Exact.

Served work lies between two cumulative curves: what has arrived, and what must be done by now. The least carbon as a
function of work served is convex and piecewise linear; two heaps over its slopes carry it from hour to hour.
"""

import numpy as np
from numpy.typing import NDArray

from core.engine.jit import kernel

Hours = NDArray[np.float64]
Table = NDArray[np.float64]  # (hours, places)
Places = NDArray[np.int64]

EVEN = 1e-10  # of all work: what is left over below it is rounding


@kernel
def _before(key_g: Hours, places: Places, left: int, right: int, sign: float) -> bool:
    """Whether one heap entry comes before another: the smaller key, the earlier place among equals."""
    one: float = sign * key_g[left]
    other: float = sign * key_g[right]
    return one < other or (one == other and bool(sign * places[left] < sign * places[right]))


@kernel
def _swap(key_g: Hours, places: Places, one: int, other: int) -> None:
    """Let two heap entries change places."""
    key_g[one], key_g[other] = key_g[other], key_g[one]
    places[one], places[other] = places[other], places[one]


@kernel
def _push(key_g: Hours, places: Places, size: int, value_g: float, place: int, sign: float) -> int:
    """Put an entry into a heap; gives its new size."""
    key_g[size] = value_g
    places[size] = place
    child = size
    while child > 0:
        parent = (child - 1) // 2
        if not _before(key_g, places, child, parent, sign):
            break
        _swap(key_g, places, child, parent)
        child = parent
    return size + 1


@kernel
def _pop(key_g: Hours, places: Places, size: int, sign: float) -> int:
    """Take the first entry out of a heap; gives its new size."""
    size -= 1
    key_g[0] = key_g[size]
    places[0] = places[size]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= size:
            return size
        if child + 1 < size and _before(key_g, places, child + 1, child, sign):
            child += 1
        if not _before(key_g, places, child, parent, sign):
            return size
        _swap(key_g, places, child, parent)
        parent = child


@kernel
def _rising(values_g: Hours, order: Places) -> None:
    """Sort places by value, the first among equals before the others; few of them."""
    for site in range(values_g.shape[0]):
        spot = site
        while spot > 0 and values_g[order[spot - 1]] > values_g[site]:
            order[spot] = order[spot - 1]
            spot -= 1
        order[spot] = site


@kernel
def _serve(intensity_g_per_kwh: Table, capacity_kwh: Table, arrived: Hours, due: Hours, load_kwh: Table) -> int:
    """Serve between two cumulative curves at the least carbon; the first hour that cannot keep up, or -1."""
    hours, sites = intensity_g_per_kwh.shape
    even_kwh = EVEN * arrived[hours - 1]
    spare = np.zeros(hours * sites)
    low_g, low = np.empty(hours * sites), np.empty(hours * sites, np.int64)
    high_g, high = np.empty(hours * sites), np.empty(hours * sites, np.int64)
    by_value = np.empty(sites, np.int64)
    lows = highs = 0
    width_kwh = done_kwh = 0.0
    for hour in range(hours):
        open_kwh = arrived[hour] - done_kwh
        _rising(intensity_g_per_kwh[hour], by_value)
        for site in by_value:
            room_kwh = min(capacity_kwh[hour, site], open_kwh)
            place = hour * sites + site
            value_g = intensity_g_per_kwh[hour, site]
            if room_kwh <= 0.0:
                continue
            while highs > 0 and spare[high[0]] <= 0.0:
                highs = _pop(high_g, high, highs, -1.0)
            if width_kwh >= open_kwh and (highs == 0 or value_g >= high_g[0]):
                break  # what is dearer still has no place either
            spare[place] = room_kwh
            width_kwh += room_kwh
            lows = _push(low_g, low, lows, value_g, place, 1.0)
            highs = _push(high_g, high, highs, value_g, place, -1.0)
            while width_kwh > open_kwh and highs > 0:
                last = high[0]
                cut_kwh = min(spare[last], width_kwh - open_kwh)
                if cut_kwh >= spare[last]:
                    width_kwh -= spare[last]
                    spare[last] = 0.0
                    highs = _pop(high_g, high, highs, -1.0)
                else:
                    spare[last] -= cut_kwh
                    width_kwh = open_kwh
        while due[hour] - done_kwh > 0.0:
            while lows > 0 and spare[low[0]] <= 0.0:
                lows = _pop(low_g, low, lows, 1.0)
            if lows == 0:
                if due[hour] - done_kwh > even_kwh:
                    return hour
                done_kwh = due[hour]
                break
            first = low[0]
            served_kwh = min(spare[first], due[hour] - done_kwh)
            load_kwh[first // sites, first % sites] += served_kwh
            width_kwh -= served_kwh
            if served_kwh >= due[hour] - done_kwh:
                spare[first] -= served_kwh
                done_kwh = due[hour]
            else:
                spare[first] = 0.0
                done_kwh += served_kwh
        if lows == 0:
            width_kwh = 0.0
    return -1


@kernel
def run_deferral(intensity_g_per_kwh: Table, capacity_kwh: Table, work_kwh: Hours, delay: int, load_kwh: Table) -> int:
    """Where and when waiting work is served at the least carbon; the first hour that cannot keep up, or -1.

    Work of an hour is served in it or at most `delay` hours later, all of it by the last hour. Rows are hours, columns
    places; `load_kwh` must come as zeros.
    """
    hours = work_kwh.shape[0]
    arrived, due = np.empty(hours), np.zeros(hours)
    total_kwh = 0.0
    for hour in range(hours):
        total_kwh += work_kwh[hour]
        arrived[hour] = total_kwh
        if hour >= delay:
            due[hour] = arrived[hour - delay]
    due[hours - 1] = total_kwh
    return _serve(intensity_g_per_kwh, capacity_kwh, arrived, due, load_kwh)


@kernel
def run_replanned(
    known_g_per_kwh: Table, capacity_kwh: Table, work_kwh: Hours, delay: int, first: int, every: int, load_kwh: Table
) -> int:
    """Waiting work planned anew every few hours on what was known by then; the first hour that cannot keep up, or -1.

    `known_g_per_kwh` is what is known of an hour of the day once that hour is past: the forecast repeats the last day
    of it. Load is planned ahead for as long as work of these hours may wait; it is known. Starts at hour `first`.
    Columns of the tables are places.
    """
    hours, sites = known_g_per_kwh.shape
    arrived = np.empty(hours)
    total_kwh = 0.0
    for hour in range(first, hours):
        total_kwh += work_kwh[hour]
        arrived[hour] = total_kwh
    served_kwh = 0.0
    for now in range(first, hours, every):
        ahead = min(every + delay, hours - now)
        foretold = np.empty((ahead, sites))
        room = np.empty((ahead, sites))
        come, due, load = np.empty(ahead), np.zeros(ahead), np.zeros((ahead, sites))
        for hour in range(ahead):
            for site in range(sites):
                foretold[hour, site] = known_g_per_kwh[now - 24 + hour % 24, site]
                room[hour, site] = capacity_kwh[now + hour, site]
            come[hour] = max(arrived[now + hour] - served_kwh, 0.0)
            if now + hour - delay >= first:
                due[hour] = max(arrived[now + hour - delay] - served_kwh, 0.0)
        due[ahead - 1] = come[ahead - 1]
        stopped = _serve(foretold, room, come, due, load)
        if stopped >= 0:
            return now + stopped
        for hour in range(min(every, ahead)):
            for site in range(sites):
                load_kwh[now + hour, site] = load[hour, site]
                served_kwh += load[hour, site]
    return -1
