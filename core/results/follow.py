"""One move, or following the cleanest place hour by hour, with the room and the energy that it takes; and waiting too.

A steady load of 1 kWh an hour, all of it free to move. Carbon is that of a kWh at the server: grid times overhead.
With perfect foresight, an upper bound, and beside it what forecasts would have realised.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import nan

import numpy as np

from core.results.draws import Floats
from core.results.moves import Place
from core.shift.aligned import aligned
from core.shift.fleet import deferred, pooled
from core.shift.realised import Realised, realised_fleet, realised_pool
from core.shift.reference import hours_of
from core.shift.spread import Placement, beside, placed

MOST_KEPT = 64
MOST_PLANNED_H = 168  # a forecast repeats the same day: who plans on it waits a week at most


@dataclass(frozen=True, slots=True)
class Follow:
    """Savings against staying and not waiting [%]; `waiting_pct` and `both_pct` are 0 where nothing waits.

    `taken` are the places that one move for the whole year goes to, the most work first, and `stays_share` is what
    has no room there or is as clean at home; `hours` are those worked out,
    and `of_file` the places whose hours are of a file of one's own, `flat` those that stay at their mean, because no
    hours are known. `waiting_pct` is NaN where home has no room, or no hours. The realised figures, of following hour
    by hour, of waiting and of both, are over the hours after the first 28 days, with a week's wait at most; None
    where nothing is saved.
    """

    one_move_pct: float
    hourly_pct: float
    waiting_pct: float
    both_pct: float
    taken: tuple[str, ...]
    hours: int
    of_file: tuple[str, ...] = ()
    flat: tuple[str, ...] = ()
    stays_share: float = 0.0
    hourly_realised: Realised | None = None
    waiting_realised: Realised | None = None
    both_realised: Realised | None = None

    @property
    def one_move_share(self) -> float:
        """Part of the whole spatial saving that one move gives; 0 where there is none."""
        return self.one_move_pct / self.hourly_pct if self.hourly_pct > 0 else 0.0


@lru_cache(maxsize=MOST_KEPT)
def follow(
    places: tuple[Place, ...], delay_h: int, room_home: float, room_away: float, moving_share: float = 0.0
) -> Follow:
    """What moving and waiting save of a load at the first place; ShiftError where it cannot be computed.

    `room_home` and `room_away` are the most work that an hour takes there, over the load: 1 holds all of it.
    `moving_share` is the energy to move a kWh of work, half at either end [kWh/kWh].
    """
    curves = aligned([hours_of(place.region, place.g_per_kwh) for place in places])
    hours, names = beside(curves), [place.name for place in places]
    room = np.array([room_home, *[room_away] * (len(places) - 1)])
    once = _spread(hours.mean(axis=0, keepdims=True), room, moving_share, names)
    hourly = _spread(hours, room, moving_share, names)
    waiting, both = _waiting(hours, room, delay_h, moving_share) if delay_h >= 1 else (0.0, 0.0)
    flow = once.flow_kwh[0, 0]
    taken = tuple(places[at].name for at in np.argsort(-flow, kind="stable").tolist() if flow[at] > 0 and at)
    own = dict.fromkeys(place.name for place, curve in zip(places, curves, strict=True) if curve.of_file)
    flat = dict.fromkeys(place.name for place, curve in zip(places, curves, strict=True) if curve.flat)
    waiting = nan if curves[0].flat and delay_h >= 1 else waiting
    realised = _realised(hours, room, min(delay_h, MOST_PLANNED_H), moving_share, np.isfinite(waiting) and waiting > 0)
    return Follow(
        once.saving_pct, hourly.saving_pct, waiting, both, taken, len(hours), tuple(own), tuple(flat),
        float(flow[0]), *realised,
    )  # fmt: skip


def _spread(hours: Floats, room: Floats, moving_share: float, names: list[str]) -> Placement:
    work = np.ones((len(hours), 1))
    share = np.full((1, len(room)), moving_share)
    return placed(hours, work, home=[0], capacity_kwh=np.tile(room, (len(hours), 1)), moving_share=share, names=names)


def _waiting(hours: Floats, room: Floats, delay_h: int, moving_share: float) -> tuple[float, float]:
    """Waiting at home alone, and waiting and moving together [%]. The energy of moving is in the hours away."""
    load = np.zeros(hours.shape)
    load[:, 0] = 1.0
    away = _away(hours, moving_share)
    both = pooled(away, load, flexible_share=1.0, delay_h=delay_h, capacity_kwh=room).saving_pct
    if room[0] < 1.0:
        return nan, both
    if np.ptp(hours[:, 0]) == 0:  # a flat home: waiting there saves nothing
        return 0.0, both
    alone = deferred(hours[:, 0], load[:, 0], flexible_share=1.0, delay_h=delay_h, capacity_kwh=float(room[0]))
    return alone.saving_pct, both


def _away(hours: Floats, moving_share: float) -> Floats:
    """Hours with the energy of moving in those away from home, the first column."""
    away = hours + moving_share * (hours[:, [0]] + hours) / 2
    away[:, 0] = hours[:, 0]
    return np.asarray(away)


def _realised(
    hours: Floats, room: Floats, delay_h: int, moving_share: float, waits: bool
) -> tuple[Realised | None, Realised | None, Realised | None]:
    """What forecasts realise of following hour by hour, of waiting at home, and of both."""
    work, rooms, away = np.ones(len(hours)), np.tile(room, (len(hours), 1)), _away(hours, moving_share)
    hourly = realised_pool(away, work, delay_h=0, capacity_kwh=rooms)
    if delay_h < 1:
        return hourly, None, None
    both = realised_pool(away, work, delay_h=delay_h, capacity_kwh=rooms)
    alone = (
        realised_fleet(hours[:, 0], work, flexible_share=1.0, delay_h=delay_h, capacity_kwh=float(room[0]))
        if waits
        else None
    )
    return hourly, alone, both
