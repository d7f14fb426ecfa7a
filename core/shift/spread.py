"""Work that may run in other regions: hour by hour, or moved once and for all.

>>> import numpy as np
>>> found = placed(np.array([[300.0, 50.0]]), np.array([[10.0]]), home=[0], capacity_kwh=np.array([[99.0, 6.0]]))
>>> found.flow_kwh.tolist(), round(found.saving_pct, 1), found.moved_share
([[[4.0, 6.0]]], 50.0, 0.6)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.shift import check
from core.shift.check import ShiftError
from core.shift.job import saving_pct
from core.shift.place import run_places
from core.shift.reference import Curve
from core.units import PERCENT

Hours = NDArray[np.float64]
Table = NDArray[np.float64]  # (hours, regions), (hours, origins) or (origins, regions)
Mask = NDArray[np.bool_]  # (origins, regions)

MOST_MOVING_SHARE = 1.0
NONE_CHOSEN = "no region is chosen; choose one or more"


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Where the work of each hour and origin runs, (hours, origins, regions) [kWh], and its carbon hour by hour [g]."""

    flow_kwh: NDArray[np.float64]
    before_g: Hours
    after_g: Hours
    home: tuple[int, ...]

    @property
    def saving_pct(self) -> float:
        """Carbon saved against running at home [%]."""
        return saving_pct(self.before_g, self.after_g)

    @property
    def moved_share(self) -> float:
        """Part of the work that runs away from home."""
        total = float(self.flow_kwh.sum())
        stays = sum(float(self.flow_kwh[:, origin, region].sum()) for origin, region in enumerate(self.home))
        return 1.0 - stays / total if total else 0.0

    @property
    def region_kwh(self) -> Table:
        """Work by hour and region [kWh]."""
        return np.asarray(self.flow_kwh.sum(axis=1))


@dataclass(frozen=True, slots=True)
class Move:
    """What a steady load saves in another region: moved once for the whole year. `name` is the region's."""

    name: str
    mean_g_per_kwh: float
    saving_pct: float


@dataclass(frozen=True, slots=True)
class Moves:
    """The regions a steady load may run in, cleanest first; and what following the cleanest hour by hour adds."""

    ranking: tuple[Move, ...]
    one_move_pct: float
    hourly_pct: float

    @property
    def one_move_share(self) -> float:
        """Part of the whole spatial saving that one move to the cleanest region gives; 0 where there is none."""
        return self.one_move_pct / self.hourly_pct if self.hourly_pct > 0 else 0.0


def beside(curves: Sequence[Curve]) -> Table:
    """Curves side by side, (hours, regions) [g/kWh]; ShiftError where they cannot be ranked together."""
    if not curves:
        raise ShiftError(NONE_CHOSEN)
    for curve in curves:
        check.series(curve.intensity_g_per_kwh, f"the series of {curve.name}")
    first = curves[0]
    for other in curves[1:]:
        if len(other.intensity_g_per_kwh) != len(first.intensity_g_per_kwh) or other.start != first.start:
            raise ShiftError(f"the hours of {other.name} are not those of {first.name}: give series of one period")
        if other.direct != first.direct:
            direct, whole = (other, first) if other.direct else (first, other)
            raise ShiftError(
                f"{direct.name} counts combustion alone, {whole.name} the whole life cycle: "
                "they are not ranked together"
            )
    return np.column_stack([curve.intensity_g_per_kwh for curve in curves])


def moves(curves: Sequence[Curve], home: int, moving_share: float = 0.0) -> Moves:
    """What a steady load at home, one of the curves, saves by one move, and by following the cleanest hour.

    `moving_share` is the energy to move a kWh of work, each hour it runs away.
    """
    hours = beside(curves)
    check.number(home, "home", 0, len(curves) - 1, "(places of the list)")
    check.number(moving_share, "energy of moving", 0, MOST_MOVING_SHARE, "kWh per kWh")
    away = hours + moving_share * (hours[:, [home]] + hours) / 2
    away[:, home] = hours[:, home]
    base = float(hours[:, home].mean())
    means = away.mean(axis=0)
    ranking = [
        Move(curve.name, curve.mean_g_per_kwh, saving_pct(hours[:, home], away[:, place]))
        for place, curve in enumerate(curves)
    ]
    order = sorted(range(len(curves)), key=lambda place: (float(means[place]), place != home))
    hourly = (1 - float(away.min(axis=1).mean()) / base) * PERCENT if base else 0.0
    return Moves(tuple(ranking[place] for place in order), ranking[order[0]].saving_pct, hourly)


def placed(
    intensity_g_per_kwh: Table,
    work_kwh: Table,
    *,
    home: Sequence[int],
    capacity_kwh: Table | float,
    allowed: Mask | None = None,
    moving_share: Table | float = 0.0,
    names: Sequence[str] = (),
) -> Placement:
    """Least carbon of each hour's work, (hours, origins), over the regions, (hours, regions).

    `home` is the region of each origin; `allowed`, (origins, regions), what residency and latency let it use, home
    always among it; `moving_share` the energy to move a kWh of work [kWh/kWh]. ShiftError names what binds.
    """
    hours = np.ascontiguousarray(intensity_g_per_kwh, np.float64)
    may, share, room = rules(hours, work_kwh, home, capacity_kwh, allowed, moving_share)
    work = np.ascontiguousarray(work_kwh, np.float64)
    at_home = np.array(home, np.int64)
    flow = np.zeros((len(hours), len(home), hours.shape[1]))
    stuck = np.zeros(len(home), np.bool_)
    stopped = run_places(hours, room, work, at_home, may, share, flow, stuck)
    if stopped >= 0:
        raise ShiftError(full_regions(stopped, stuck, may, work[stopped], room[stopped], names))
    return Placement(flow, (hours[:, at_home] * work).sum(axis=1), carbon_g(hours, flow, at_home, share), tuple(home))


def rules(
    hours_g_per_kwh: Table,
    work_kwh: Table,
    home: Sequence[int],
    capacity_kwh: Table | float,
    allowed: Mask | None,
    moving_share: Table | float,
) -> tuple[Mask, Table, Table]:
    """What is allowed, the energy of moving and the capacity, each in full, when all can be computed with."""
    if hours_g_per_kwh.ndim != 2 or hours_g_per_kwh.shape[1] == 0:
        raise ShiftError(NONE_CHOSEN)
    regions = hours_g_per_kwh.shape[1]
    for place in range(regions):
        check.series(hours_g_per_kwh[:, place], f"the series of region {place + 1}")
    if len(home) == 0 or np.shape(work_kwh) != (len(hours_g_per_kwh), len(home)):
        raise ShiftError(f"the work is of shape {np.shape(work_kwh)}; it must be ({len(hours_g_per_kwh)}, {len(home)})")
    for origin in home:
        check.number(origin, "home", 0, regions - 1, "(places of the list)")
    wrong = np.flatnonzero(~(np.isfinite(work_kwh) & (np.asarray(work_kwh) >= 0)).all(axis=1))
    if len(wrong):
        raise ShiftError(f"the work of hour {wrong[0] + 1:,} is not a number of kWh, 0 or more")
    may = np.ones((len(home), regions), np.bool_) if allowed is None else np.array(allowed, np.bool_)
    may[np.arange(len(home)), list(home)] = True
    share = np.array(np.broadcast_to(np.asarray(moving_share, np.float64), may.shape))
    check.number(float(share.min()), "energy of moving", 0, MOST_MOVING_SHARE, "kWh per kWh")
    check.number(float(share.max()), "energy of moving", 0, MOST_MOVING_SHARE, "kWh per kWh")
    share[np.arange(len(home)), list(home)] = 0.0
    room = np.array(np.broadcast_to(np.asarray(capacity_kwh, np.float64), hours_g_per_kwh.shape))
    return may, share, room


def carbon_g(hours_g_per_kwh: Table, flow_kwh: NDArray[np.float64], home: NDArray[np.int64], share: Table) -> Hours:
    """Carbon of each hour: the work where it runs, and the energy of moving, half at either end [g]."""
    there = np.einsum("hor,hr->h", flow_kwh * (1 + share / 2), hours_g_per_kwh)
    return np.asarray(there + np.einsum("hor,ho->h", flow_kwh * (share / 2), hours_g_per_kwh[:, home]))


def full_regions(
    hour: int, stuck: Mask, allowed: Mask, work_kwh: Hours, capacity_kwh: Hours, names: Sequence[str]
) -> str:
    """Which regions are too small together for the work that may use them, in a sentence."""
    regions = np.flatnonzero(allowed[stuck].any(axis=0)).tolist()
    called = check.listed([names[place] if names else f"region {place + 1}" for place in regions])
    return (
        f"capacity binds in hour {hour + 1:,}: work of {float(work_kwh[stuck].sum()):g} kWh may run in {called} alone, "
        f"which hold {float(capacity_kwh[regions].clip(0).sum()):g} kWh"
    )
