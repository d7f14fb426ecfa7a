"""Work that may wait and may move, each origin only where residency and latency let it: a linear programme.

There is no fast way when the pools are not one: HiGHS solves it, a week at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.shift.check import ShiftError, listed, number
from core.shift.fleet import LONGEST_DELAY_H
from core.shift.spread import Placement, Table, rules

WEEK_H = 168
EVEN = 1e-9
Mask = NDArray[np.bool_]
Names = tuple[Sequence[str], Sequence[str]]  # of the regions, and of the origins


def placed_and_deferred(
    intensity_g_per_kwh: Table,
    work_kwh: Table,
    *,
    home: Sequence[int],
    delay_h: int | Sequence[int],
    capacity_kwh: Table | float,
    allowed: Mask | None = None,
    moving_share: Table | float = 0.0,
    overhead_ratio: Table | float = 1.0,
    names: Sequence[str] = (),
    origins: Sequence[str] = (),
) -> Placement:
    """As `placed`, and each hour's work may also wait up to `delay_h` hours, each origin's its own; exact in each week.

    Weeks are solved one after another and hold no work back, so over several weeks it saves a little less than it
    could. `overhead_ratio`, (origins, regions), is energy at the meter over that of the work. ShiftError names what
    binds; `origins` are what the origins are called in it.
    """
    hours = np.ascontiguousarray(intensity_g_per_kwh, np.float64)
    may, share, room = rules(hours, work_kwh, home, capacity_kwh, allowed, moving_share)
    delays = [int(delay) for delay in np.broadcast_to(_whole(delay_h), (len(home),))]
    work, at_home = np.ascontiguousarray(work_kwh, np.float64), np.array(home, np.int64)
    over = np.array(np.broadcast_to(np.asarray(overhead_ratio, np.float64), may.shape))
    origin = np.arange(len(at_home))
    parts, after = [], []
    for first in range(0, len(hours), WEEK_H):
        week = slice(first, first + WEEK_H)
        there = hours[week, None, :] * over
        value = there + share * (there[:, origin, at_home][:, :, None] + there) / 2
        parts.append(_week(value, may, room[week].clip(0), work[week], delays, first, (names, origins)))
        after.append((parts[-1] * value).sum(axis=(1, 2)))
    before = (hours[:, at_home] * over[origin, at_home] * work).sum(axis=1)
    return Placement(np.concatenate(parts), before, np.concatenate(after), tuple(home))


def _week(
    value_g: NDArray[np.float64], may: Mask, room: Table, work: Table, delays: Sequence[int], first: int, called: Names
) -> NDArray[np.float64]:
    """The flows of one week, (hours, origins, regions)."""
    solved = _solved(value_g, may, room, work, delays, 0.0)
    if solved is None:
        dear = 1e3 * (1.0 + float(value_g.max()))
        relaxed = _solved(value_g, may, room, work, delays, dear)
        assert relaxed is not None, "a programme that may leave work undone has an answer"
        raise ShiftError(_binding(relaxed[1], may, first, called))
    return solved[0]


def _whole(delay_h: int | Sequence[int]) -> NDArray[np.float64]:
    """The delays, when all can be computed with."""
    delays = np.atleast_1d(np.asarray(delay_h, np.float64))
    for delay in delays.tolist():
        number(delay, "delay", 0, LONGEST_DELAY_H, "h")
        if delay != int(delay):
            raise ShiftError(f"delay is {delay:g}; it must be whole hours")
    return delays


def _binding(lacking: Table, may: Mask, first: int, called_by: Names) -> str:
    """The first work that finds no room, in a sentence."""
    names, origins = called_by
    hour, origin = np.argwhere(lacking > EVEN)[0]
    regions = np.flatnonzero(may[origin]).tolist()
    called = listed([names[place] if names else f"region {place + 1}" for place in regions])
    whose = origins[origin] if origins else f"origin {origin + 1}"
    return (
        f"capacity binds: {lacking[hour, origin]:.4g} kWh of the work of {whose} due by hour {first + hour + 1:,} "
        f"find no room in {called}"
    )


def _solved(
    value_g: NDArray[np.float64], may: Mask, room: Table, work: Table, delays: Sequence[int], lacking_g: float
) -> tuple[NDArray[np.float64], Table] | None:
    """Flows, and work left undone at a price where that is allowed; None where there is no way.

    Variables: the flows allowed, then the work done up to each hour by origin, then the work left undone.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    hours, origins, regions = value_g.shape
    pairs = np.argwhere(may)
    flows, done = hours * len(pairs), hours * origins
    hour = np.repeat(np.arange(hours), len(pairs))
    origin, region = np.tile(pairs[:, 0], hours), np.tile(pairs[:, 1], hours)
    arrived = np.cumsum(work, axis=0)
    due = np.zeros_like(arrived)
    for place, delay in enumerate(delays):
        due[delay:, place] = arrived[: max(hours - delay, 0), place]
    due[-1] = arrived[-1]
    due = np.maximum(due - EVEN * EVEN * (1 + arrived[-1]), 0.0)
    rows = np.arange(done)
    balance: list[tuple[Any, Any, Any]] = [  # done now − done before − flows − left undone = 0
        (rows, flows + rows, np.ones(done)),
        (rows[origins:], flows + rows[:-origins], -np.ones(done - origins)),
        (hour * origins + origin, np.arange(flows), -np.ones(flows)),
        (rows, flows + done + rows, -np.ones(done)),
    ]
    at, of, by = (np.concatenate(part) for part in zip(*balance, strict=True))
    total = flows + 2 * done
    cost = np.concatenate((value_g[hour, origin, region], np.zeros(done), np.full(done, lacking_g)))
    undone = np.inf if lacking_g else 0.0
    low = np.concatenate((np.zeros(flows), due.ravel(), np.zeros(done)))
    high = np.concatenate((np.full(flows, np.inf), arrived.ravel(), np.full(done, undone)))
    answer = linprog(
        cost,
        A_ub=coo_array((np.ones(flows), (hour * regions + region, np.arange(flows))), (hours * regions, total)).tocsr(),
        b_ub=room.ravel(),
        A_eq=coo_array((by, (at, of)), (done, total)).tocsr(),
        b_eq=np.zeros(done),
        bounds=np.column_stack((low, high)),
        method="highs",
    )
    if answer.status != 0:
        return None
    flow = np.zeros((hours, origins, regions))
    flow[hour, origin, region] = answer.x[:flows]
    return flow, answer.x[flows + done :].reshape(hours, origins)
