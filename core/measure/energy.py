"""From readings to joules: the board's own counter where it has one, else power over time. Nothing is subtracted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from core.measure.meter import MeterError, Reading

COUNTER, SAMPLES = "energy counter", "power samples"
MOST_GAP_S = 1.0  # between two power samples
MOST_OVER_LIMIT = 1.2  # mean power over the board's limit: it regulates within a second
LEAST_OF_IDLE = 0.9  # mean power at work over power at rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """Energy of a window, by which method, and mean power in it [W]; `why_samples` says why no counter was used."""

    energy_j: float
    window_s: float
    method: str
    why_samples: str = ""

    @property
    def power_w(self) -> float:
        """Mean power of the window."""
        return self.energy_j / self.window_s


def energy_of(readings: Sequence[Reading]) -> Energy:
    """Energy between the first reading and the last; MeterError says why there is none.

    >>> energy_of([Reading(time_s=0, energy_j=50), Reading(time_s=2, energy_j=850)]).power_w
    400.0
    """
    window_s = readings[-1].time_s - readings[0].time_s if readings else 0.0
    if window_s <= 0:
        raise MeterError(f"the window is {window_s:g} s long; it must be longer than 0 s")
    no_counter = why_no_counter(readings)
    if not no_counter:
        counted = (readings[-1].energy_j or 0.0) - (readings[0].energy_j or 0.0)
        return Energy(energy_j=counted, window_s=window_s, method=COUNTER)
    try:
        sampled = energy_from_power_j(readings)
    except MeterError as error:
        raise MeterError(f"{no_counter}, and {error}") from error
    return Energy(energy_j=sampled, window_s=window_s, method=SAMPLES, why_samples=no_counter)


def why_no_counter(readings: Sequence[Reading]) -> str:
    """Why the energy counter says nothing about these readings; empty when it does.

    A counter that falls has wrapped round or was reset with the driver; by how much is not known, and not guessed.
    """
    counts = [reading.energy_j for reading in readings]
    if counts[0] is None or counts[-1] is None:
        return "the board has no energy counter"
    known = [count for count in counts if count is not None]
    for before, after in pairwise(known):
        if after < before:
            return f"the energy counter fell from {before:,.0f} to {after:,.0f} J"
    return "" if known[-1] > known[0] else "the energy counter did not move"


def energy_from_power_j(readings: Sequence[Reading]) -> float:
    """Power over time by the trapezoid rule, first and last sample held to the ends of the window.

    >>> energy_from_power_j([Reading(time_s=t / 2, power_w=100 + 100 * t) for t in range(3)])
    200.0
    """
    samples = [(reading.time_s, reading.power_w) for reading in readings if reading.power_w is not None]
    if not samples:
        raise MeterError("there is no power sample")
    samples = [(readings[0].time_s, samples[0][1]), *samples, (readings[-1].time_s, samples[-1][1])]
    total_j = 0.0
    for (start_s, start_w), (end_s, end_w) in pairwise(samples):
        if end_s - start_s > MOST_GAP_S:
            raise MeterError(
                f"power samples have a gap of {end_s - start_s:.1f} s; it must be at most {MOST_GAP_S:g} s"
            )
        if end_s < start_s:
            raise MeterError("power samples are not in the order of time")
        total_j += (end_s - start_s) * (start_w + end_w) / 2.0
    return total_j


def mean_power_w(readings: Sequence[Reading]) -> float | None:
    """Mean of the power samples over time; None where there are none or they have gaps."""
    try:
        return energy_from_power_j(readings) / (readings[-1].time_s - readings[0].time_s)
    except (MeterError, ZeroDivisionError):
        return None


def mean_of(readings: Sequence[Reading], name: str) -> float | None:
    """Plain mean of a column of the readings, those not available left out; None where there are none."""
    known = [value for reading in readings if (value := getattr(reading, name)) is not None]
    return fmean(known) if known else None


def throttled(readings: Sequence[Reading]) -> dict[str, float]:
    """Share of the readings that name a reason for a slower clock, by reason."""
    names = sorted({name for reading in readings for name in reading.throttled})
    return {name: fmean(name in reading.throttled for reading in readings) for name in names}


def check_power(energy: Energy, limit_w: float, idle_w: float | None) -> None:
    """Refuse energy that no such board can have drawn: MeterError with the figure and the limit."""
    if energy.power_w > MOST_OVER_LIMIT * limit_w:
        raise MeterError(
            f"power is {energy.power_w:,.0f} W by the {energy.method}; "
            f"the board's limit is {limit_w:,.0f} W, and it must be at most {MOST_OVER_LIMIT * limit_w:,.0f} W"
        )
    if idle_w is not None and energy.power_w < LEAST_OF_IDLE * idle_w:
        raise MeterError(
            f"power is {energy.power_w:,.0f} W by the {energy.method}; at rest the board drew {idle_w:,.0f} W, "
            f"and it must be at least {LEAST_OF_IDLE * idle_w:,.0f} W"
        )
