"""Curves over one period: files of one's own over the hours they share, the reference year at those of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from core.shift.check import ShiftError
from core.shift.files import HOUR, LEAST_H
from core.shift.reference import Curve

Places = np.ndarray[tuple[int], np.dtype[np.int64]]


def aligned(curves: Sequence[Curve]) -> tuple[Curve, ...]:
    """The curves over the same hours; as they come where none is of a file. ShiftError where files share too few.

    An hour of a file in another year stands beside the reference year's hour of the same date; 29 February beside the
    28th.
    """
    files = [curve for curve in curves if curve.of_file]
    if not files:
        return tuple(curves)
    first = max(curve.start for curve in files)
    last = min(curve.start + len(curve.intensity_g_per_kwh) * HOUR for curve in files)
    count = int((last - first) / HOUR)
    if count < LEAST_H:
        names = ", ".join(curve.name for curve in files)
        raise ShiftError(
            f"the files of {names} have {max(count, 0):,} hours in common; the limit is {LEAST_H:,} at least"
        )
    return tuple(_cut(curve, first, count) for curve in curves)


def _cut(curve: Curve, first: datetime, count: int) -> Curve:
    if curve.of_file:
        low = int((first - curve.start) / HOUR)
        hours = curve.intensity_g_per_kwh[low : low + count]
    else:
        hours = curve.intensity_g_per_kwh[same_dates(curve.start, first, count)]
    hours.flags.writeable = False
    return replace(curve, intensity_g_per_kwh=hours, start=first)


def same_dates(year: datetime, first: datetime, count: int) -> Places:
    """For each hour from `first` on, the hour of the same date in the year that begins at `year`.

    >>> from datetime import UTC
    >>> same_dates(datetime(2023, 1, 1, tzinfo=UTC), datetime(2024, 2, 28, 23, tzinfo=UTC), 26)[[0, 1, 25]].tolist()
    [1415, 1392, 1416]
    """
    found = np.empty(count, np.int64)
    for hour in range(count):
        moment = first + timedelta(hours=hour)
        day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
        found[hour] = (moment.replace(year=year.year, day=day) - year) // HOUR
    return found
