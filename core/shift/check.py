"""What cannot be computed, in one sentence each, before any kernel runs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Hours = NDArray[np.float64]
Table = NDArray[np.float64]


MOST_NAMED = 4


class ShiftError(ValueError):
    """Why a shift is not computed, in one sentence for people."""


def number(value: float, text: str, low: float, high: float, unit: str) -> None:
    """A finite number within bounds.

    >>> number(-3, "slack", 0, 8760, "h")
    Traceback (most recent call last):
    core.shift.check.ShiftError: slack is -3; it must lie in [0, 8760] h
    """
    if not (math.isfinite(value) and low <= value <= high):
        raise ShiftError(f"{text} is {value:g}; it must lie in [{low:.12g}, {high:.12g}] {unit}")


def series(intensity_g_per_kwh: Hours, name: str = "the series") -> None:
    """Hours of carbon intensity: some, all there, none infinite."""
    if len(intensity_g_per_kwh) == 0:
        raise ShiftError(f"{name} holds no hour")
    missing = np.flatnonzero(~np.isfinite(intensity_g_per_kwh))
    if len(missing):
        hours = "1 hour" if len(missing) == 1 else f"{len(missing):,} hours"
        raise ShiftError(f"{name} lacks {hours}, the first of them hour {missing[0] + 1:,}: mend the file, or cut it")


def listed(names: Sequence[str]) -> str:
    """Names in a row; where there are many, the first of them and how many more.

    >>> listed(["Oslo", "Paris"]), listed([f"region {n}" for n in range(1, 8)])
    ('Oslo, Paris', 'region 1, region 2, region 3, region 4 and 3 others')
    """
    more = len(names) - MOST_NAMED
    return ", ".join(names) if more < 2 else f"{', '.join(names[:MOST_NAMED])} and {more} others"


def moving(intensity_g_per_kwh: Hours, name: str = "the series") -> None:
    """Hours that differ: where all are the same there is nothing to shift."""
    series(intensity_g_per_kwh, name)
    if len(intensity_g_per_kwh) > 1 and np.ptp(intensity_g_per_kwh) == 0:
        value = intensity_g_per_kwh[0]
        raise ShiftError(f"{name} is {value:g} g/kWh in every hour: no hour is cleaner, shifting in time saves nothing")


def fits(window_h: int, hours_h: float, slack_h: int, available_h: int) -> None:
    """A job and its slack that lie within the series."""
    if math.ceil(hours_h) > available_h:
        raise ShiftError(f"the job takes {hours_h:,g} h; the series holds {available_h:,} h")
    if window_h > available_h:
        raise ShiftError(f"the job and its slack take {hours_h:,g} + {slack_h:,} h; the series holds {available_h:,} h")
