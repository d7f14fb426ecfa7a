"""One job in one piece: the cleanest start for every hour in which it may be released.

Prefix sums give the cost of each start, a monotone queue the cheapest in each window: linear in the hours, exact.
"""

import numpy as np
from numpy.typing import NDArray

from core.engine.jit import kernel

Hours = NDArray[np.float64]
Places = NDArray[np.int64]


@kernel
def block_g(summed: Hours, intensity_g_per_kwh: Hours, start: int, whole: int, part_h: float) -> float:
    """Carbon of 1 kW from `start` on for so many hours, the last one in part [g]. `summed` are prefix sums."""
    carbon_g: float = summed[start + whole] - summed[start]
    if part_h > 0.0:
        carbon_g += part_h * intensity_g_per_kwh[start + whole]
    return carbon_g


@kernel
def run_blocks(
    intensity_g_per_kwh: Hours,
    whole: int,
    part_h: float,
    slack: int,
    start: Places,
    best_g: Hours,
    now_g: Hours,
    random_g: Hours,
) -> None:
    """For each release: the best start at most `slack` hours later, its carbon, that of now, and the mean of all.

    The outputs are as long as there are releases whose whole window lies in the series.
    """
    hours = intensity_g_per_kwh.shape[0]
    releases = start.shape[0]
    summed = np.empty(hours + 1)
    summed[0] = 0.0
    for hour in range(hours):
        summed[hour + 1] = summed[hour] + intensity_g_per_kwh[hour]
    places = releases + slack
    block = np.empty(places)
    over = np.empty(places + 1)
    over[0] = 0.0
    for place in range(places):
        block[place] = block_g(summed, intensity_g_per_kwh, place, whole, part_h)
        over[place + 1] = over[place] + block[place]
    queue = np.empty(places, np.int64)
    head = tail = 0
    for place in range(places):
        while tail > head and block[queue[tail - 1]] > block[place]:
            tail -= 1
        queue[tail] = place
        tail += 1
        release = place - slack
        if release < 0:
            continue
        if queue[head] < release:
            head += 1
        start[release] = queue[head]
        best_g[release] = block[queue[head]]
        now_g[release] = block[release]
        random_g[release] = (over[place + 1] - over[release]) / (slack + 1)
