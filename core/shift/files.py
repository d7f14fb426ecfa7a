"""The hours of files of one's own, as long as somebody holds them: found again by the file's hash and its answers.

Nobody else keeps them: a session, or a command, holds what it was given, and what it lets go of is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from core.shift.check import ShiftError

Hours = NDArray[np.float64]

LEAST_H = 1_440  # 60 days: 28 days of history are then less than half of it
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class FileHours:
    """The hours of a file [g/kWh], UTC from `start`, under the file's hash and its owner's answers."""

    key: str
    start: datetime
    intensity_g_per_kwh: Hours


_AT_HAND: WeakValueDictionary[str, FileHours] = WeakValueDictionary()


def need_hours(intensity_g_per_kwh: Hours) -> None:
    """ShiftError where the hours of a file say nothing of cleaner and dirtier ones."""
    count = len(intensity_g_per_kwh)
    if count < LEAST_H:
        raise ShiftError(f"the file holds {count:,} hours; the limit is {LEAST_H:,} hours, 60 days, at least")
    if not intensity_g_per_kwh.mean() > 0:
        raise ShiftError("the file's mean is 0 g/kWh; its hours say nothing of cleaner and dirtier ones")
    if np.ptp(intensity_g_per_kwh) == 0:
        value = intensity_g_per_kwh[0]
        raise ShiftError(f"each of its {count:,} hours is {value:g} g/kWh; hours must differ, for none is cleaner")


def keep(hours: FileHours) -> FileHours:
    """Let the hours be found as long as the caller holds what comes back; ShiftError where they are no use."""
    need_hours(hours.intensity_g_per_kwh)
    hours.intensity_g_per_kwh.flags.writeable = False
    return _AT_HAND.setdefault(hours.key, hours)


def at_hand(key: str) -> FileHours:
    """The hours kept under a key; a KeyError says that nobody holds them any more."""
    return _AT_HAND[key]


def in_common(one: tuple[datetime, Hours], other: tuple[datetime, Hours]) -> tuple[Hours, Hours]:
    """The hours of the same moments of two series; ShiftError where they share too few."""
    (start, hours), (other_start, other_hours) = one, other
    first, last = max(start, other_start), min(start + len(hours) * HOUR, other_start + len(other_hours) * HOUR)
    count = int((last - first) / HOUR)
    if count < LEAST_H:
        raise ShiftError(f"the two series have {max(count, 0):,} hours in common; the limit is {LEAST_H:,} at least")
    low, other_low = int((first - start) / HOUR), int((first - other_start) / HOUR)
    return hours[low : low + count], other_hours[other_low : other_low + count]
