"""Where the work of an hour runs: a transport of least carbon between regions, hour by hour. Exact.

Each place of origin may use the regions that residency and latency allow, up to their capacity; moving costs energy.
Solved by shortest paths, one after another, in the graph of what may still move.
"""

import numpy as np
from numpy.typing import NDArray

from core.engine.jit import kernel

Hours = NDArray[np.float64]
Table = NDArray[np.float64]  # (hours, regions), (hours, origins) or (origins, regions)
Cube = NDArray[np.float64]  # (hours, origins, regions)
Mask = NDArray[np.bool_]
Places = NDArray[np.int64]

EVEN = 1e-12  # of the dearest value: below it two costs are one


@kernel
def carbon_moved_g_per_kwh(home_g_per_kwh: float, away_g_per_kwh: float, moving_share: float) -> float:
    """Carbon of a kWh worked away: there, and the energy to move it, half at either end."""
    return away_g_per_kwh + moving_share * (home_g_per_kwh + away_g_per_kwh) / 2.0


@kernel
def _shortest(
    value_g: Table, allowed: Mask, flow_kwh: Table, origin: int, even_g: float,
    far_g: Hours, there_g: Hours, by_region: Places, by_origin: Places,
) -> None:  # fmt: skip
    """Least carbon to reach each region from an origin, when work placed before may move on."""
    far_g[:] = np.inf
    there_g[:] = np.inf
    far_g[origin] = 0.0
    moved = True
    while moved:
        moved = False
        for start in range(value_g.shape[0]):
            if far_g[start] == np.inf:
                continue
            for region in range(value_g.shape[1]):
                through_g = far_g[start] + value_g[start, region]
                if not allowed[start, region] or through_g >= there_g[region] - even_g:
                    continue
                there_g[region] = through_g
                by_origin[region] = start
                for other in range(value_g.shape[0]):
                    back_g = through_g - value_g[other, region]
                    if flow_kwh[other, region] > 0.0 and back_g < far_g[other] - even_g:
                        far_g[other] = back_g
                        by_region[other] = region
                        moved = True


@kernel
def _pushed(
    flow_kwh: Table, spare_kwh: Hours, left_kwh: float, origin: int, region: int, by_region: Places, by_origin: Places
) -> float:
    """Send as much as the path holds; gives how much."""
    amount_kwh: float = min(left_kwh, spare_kwh[region])
    last = region
    while by_origin[last] != origin:
        start = by_origin[last]
        last = by_region[start]
        amount_kwh = min(amount_kwh, flow_kwh[start, last])
    spare_kwh[region] -= amount_kwh
    last = region
    while True:
        start = by_origin[last]
        flow_kwh[start, last] += amount_kwh
        if start == origin:
            return amount_kwh
        last = by_region[start]
        flow_kwh[start, last] -= amount_kwh


@kernel
def run_places(
    intensity_g_per_kwh: Table, capacity_kwh: Table, work_kwh: Table, home: Places, allowed: Mask, moving_share: Table,
    flow_kwh: Cube, stuck: Mask,
) -> int:  # fmt: skip
    """The work of each hour and origin by region, at the least carbon; the first hour without room, or -1.

    `flow_kwh` must come as zeros. Without room, `stuck` marks the origins whose allowed regions are full together.
    """
    hours, regions = intensity_g_per_kwh.shape
    origins = home.shape[0]
    value_g = np.empty((origins, regions))
    far_g, by_region = np.empty(origins), np.empty(origins, np.int64)
    there_g, by_origin = np.empty(regions), np.empty(regions, np.int64)
    for hour in range(hours):
        spare_kwh = capacity_kwh[hour].copy()
        dearest_g = 0.0
        for origin in range(origins):
            for region in range(regions):
                value_g[origin, region] = carbon_moved_g_per_kwh(
                    intensity_g_per_kwh[hour, home[origin]],
                    intensity_g_per_kwh[hour, region],
                    moving_share[origin, region],
                )
                dearest_g = max(dearest_g, value_g[origin, region])
        for origin in range(origins):
            left_kwh = work_kwh[hour, origin]
            even_kwh = EVEN * left_kwh
            while left_kwh > even_kwh:
                _shortest(
                    value_g, allowed, flow_kwh[hour], origin, EVEN * dearest_g, far_g, there_g, by_region, by_origin
                )
                best = -1
                for region in range(regions):
                    if spare_kwh[region] > 0.0 and (best < 0 or there_g[region] < there_g[best]):
                        best = region
                if best < 0 or there_g[best] == np.inf:
                    for other in range(origins):
                        stuck[other] = far_g[other] < np.inf
                    return hour
                left_kwh -= _pushed(flow_kwh[hour], spare_kwh, left_kwh, origin, best, by_region, by_origin)
    return -1
