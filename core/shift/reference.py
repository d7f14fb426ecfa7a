"""A region's hours: its zone's reference year, scaled to the region's own yearly mean, and its clock.

>>> from core import catalog
>>> curve = reference_year(catalog.load().regions["DE"])
>>> len(curve.intensity_g_per_kwh), curve.zone, curve.flat
(8760, 'DE', False)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from core.catalog import Region, hourly
from core.catalog.own import RegionWithHours
from core.shift.check import ShiftError
from core.shift.files import at_hand
from core.units import H_PER_YEAR

Hours = NDArray[np.float64]
Counts = NDArray[np.int64]

START = datetime(hourly.YEAR, 1, 1, tzinfo=UTC)
NO_SHAPE = "No hourly shape is known for {name}: its hours stay at the yearly mean, so shifting in time saves nothing."
FROM_FILE = (
    "Hours of {name} are those of your file {called}, {hours:,} from {start:%Y-%m-%d}: it gives their shape, scaled to "
    "the region's own mean, which the plan keeps."
)


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A year of hours, UTC [g/kWh]. `note` is what to say beside its figures; `refused` why time cannot be shifted.

    `flat` says that no shape is known. `direct` intensities leave the life cycle out: never rank them beside others.
    `of_file`: from a file of one's own.
    """

    name: str
    intensity_g_per_kwh: Hours
    start: datetime
    timezone: str
    zone: str = ""
    flat: bool = False
    note: str = ""
    refused: str = ""
    direct: bool = False
    source: str = ""
    of_file: bool = False

    @property
    def mean_g_per_kwh(self) -> float:
        """Mean over its hours."""
        return float(self.intensity_g_per_kwh.mean())

    def for_time(self) -> Hours:
        """Its hours, for shifting in time; ShiftError where that is refused."""
        if self.refused:
            raise ShiftError(self.refused)
        return self.intensity_g_per_kwh

    def local(self, hour: int) -> datetime:
        """The moment an hour begins, on the local clock."""
        return (self.start + timedelta(hours=hour)).astimezone(ZoneInfo(self.timezone))

    def clock(self) -> LocalClock:
        """Month, weekday and hour of the local clock, for each of its hours."""
        return local_clock(self.start, len(self.intensity_g_per_kwh), self.timezone)

    def month_hour_g_per_kwh(self) -> Hours:
        """Means by local month and hour of day, (12, 24); NaN where the curve has no such hour."""
        clock = self.clock()
        cell = (clock.month - 1) * 24 + clock.hour
        with np.errstate(invalid="ignore"):
            means = np.bincount(cell, self.intensity_g_per_kwh, 288) / np.bincount(cell, minlength=288)
        return means.reshape(12, 24)


@dataclass(frozen=True, slots=True, eq=False)
class LocalClock:
    """The local clock at the start of each hour: month 1 to 12, weekday 0 (Monday) to 6, hour 0 to 23."""

    month: Counts
    weekday: Counts
    hour: Counts


@lru_cache(maxsize=32)
def local_clock(start: datetime, hours: int, timezone: str) -> LocalClock:
    """The local clock of so many hours from a moment on; the hour that summer time repeats counts twice."""
    zone = ZoneInfo(timezone)
    moments = [(start + timedelta(hours=hour)).astimezone(zone) for hour in range(hours)]
    parts = np.array([(moment.month, moment.weekday(), moment.hour) for moment in moments], np.int64)
    parts.flags.writeable = False
    return LocalClock(parts[:, 0], parts[:, 1], parts[:, 2])


def reference_year(region: Region, mean_g_per_kwh: float | None = None) -> Curve:
    """The hours of a region, of its yearly mean now or of the mean given [g/kWh]; never a negative one.

    A region without an hourly shape is flat and says so. HK and IS, whose hours are yearly estimates, refuse a shift.
    """
    mean = region.carbon_g_per_kwh if mean_g_per_kwh is None else mean_g_per_kwh
    if not region.hourly_zone:
        hours = np.full(int(H_PER_YEAR), mean)
        note = NO_SHAPE.format(name=region.name)
        return _frozen(Curve(region.name, hours, START, region.timezone or "UTC", flat=True, note=note,
                             direct=region.direct, source=region.source))  # fmt: skip
    zone = hourly.zones()[region.hourly_zone]
    hours = scaled_g_per_kwh(np.array(hourly.load()[zone.zone]), mean)
    return _frozen(
        Curve(
            region.name,
            np.full_like(hours, mean) if zone.flat else hours,
            START,
            zone.timezone,
            zone=zone.zone,
            flat=zone.flat,
            note=zone.caution,
            refused=zone.caution if zone.flat else "",
            direct=region.direct,
            source=";".join(dict.fromkeys((*region.source.split(";"), zone.source))),
        )
    )


def hours_of(region: Region, mean_g_per_kwh: float | None = None) -> Curve:
    """The hours of a region: of your own file where one is at hand, scaled to the mean, else reference year.

    The mean is the region's, which the plan keeps, or the one given [g/kWh]; the file gives the shape of its hours.
    """
    if not isinstance(region, RegionWithHours) or not region.average:
        return reference_year(region, mean_g_per_kwh)
    held = at_hand(region.average)
    zone = hourly.zones().get(region.hourly_zone)
    mean = region.carbon_g_per_kwh if mean_g_per_kwh is None else mean_g_per_kwh
    hours = scaled_g_per_kwh(held.intensity_g_per_kwh, mean)
    curve = own_curve(
        region.name, hours, held.start, region.timezone or (zone.timezone if zone else "UTC"), direct=region.direct
    )
    note = FROM_FILE.format(called=region.called, hours=len(hours), start=held.start, name=region.name)
    return replace(curve, note=note, source=region.source, of_file=True)


def own_curve(
    name: str,
    intensity_g_per_kwh: Sequence[float] | Hours,
    start: datetime,
    timezone: str = "UTC",
    *,
    direct: bool = False,
) -> Curve:
    """The hours of a file of one's own, as they stand there [g/kWh]; never rank a direct one beside the others."""
    return _frozen(Curve(name, np.array(intensity_g_per_kwh, np.float64), start, timezone, direct=direct))


def scaled_g_per_kwh(hours_g_per_kwh: Hours, mean_g_per_kwh: float) -> Hours:
    """Hours of the same shape with another mean [g/kWh]."""
    return np.asarray(hours_g_per_kwh * (mean_g_per_kwh / hours_g_per_kwh.mean()))


def _frozen(curve: Curve) -> Curve:
    curve.intensity_g_per_kwh.flags.writeable = False
    return curve
