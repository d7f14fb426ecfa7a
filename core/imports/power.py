"""A log of power as energy: watts of a board at one time after another, integrated between neighbours.

A longer silence than a few intervals is a gap: it is left out and told, never bridged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low

from core.imports.reading import LEAST_COVERED, Device, MeterReading, RefusedError, UnansweredError
from core.imports.sheet import Row
from core.units import S_PER_H, WH_PER_KWH

GAP = 3.0  # intervals: a longer silence is a gap
LONGEST_S = 3600.0  # so is any longer than an hour: two readings do not tell the power of a day
MOST_TOLD = 5
MEAN = "power between samples is taken as the mean of both"


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading of one board."""

    row: Row
    at: datetime
    watts: float


def reading_of(
    kind: str,
    name: str,
    boards: Mapping[str, Sequence[Sample]],
    model: str = "",
    zone_may_help: str = "",
    *,
    at_work: bool = False,
) -> MeterReading:
    """The energy of every board, by its label, over the time it was sampled; `at_work` where only runs were.

    `zone_may_help` ends the sentence of a log that covers too little, where its clock may be why.
    """
    if not any(len(samples) > 1 for samples in boards.values()):
        raise RefusedError(f"{name}: no board has two samples with a power; energy needs time between them")
    devices, gaps = [], []
    for label, samples in boards.items():
        energy_wh, covered_s, found = _integrated(label, samples)
        gaps += found
        devices.append(Device(label, model, energy_wh / WH_PER_KWH, covered_s / S_PER_H))
    start = min(samples[0].at for samples in boards.values())
    end = max(samples[-1].at for samples in boards.values())
    hours = max(device.covered_h or 0.0 for device in devices)
    span_h = (end - start).total_seconds() / S_PER_H
    if not at_work and hours < LEAST_COVERED * span_h:
        sentence = f"{name}: the samples cover {hours:.2g} of {span_h:.3g} h; at least half must be{zone_may_help}"
        raise UnansweredError("zone", sentence) if zone_may_help else RefusedError(sentence)
    more = [f"{len(gaps) - MOST_TOLD} more gaps"] if len(gaps) > MOST_TOLD else []
    return MeterReading(
        kind=kind, energy_kwh=sum(device.energy_kwh for device in devices), at="board", meter="board_sensor",
        rows_used=sum(map(len, boards.values())), start=start, end=end, covered_h=hours,
        while_at_work=at_work, devices=tuple(devices),
        left_out=(*gaps[:MOST_TOLD], *more), said=(MEAN,),
    )  # fmt: skip


def _integrated(label: str, samples: Sequence[Sample]) -> tuple[float, float, list[str]]:
    """Energy [Wh], seconds covered, and a sentence for each gap that was left out."""
    pairs = list(pairwise(samples))
    steps = [(after.at - before.at) / timedelta(seconds=1) for before, after in pairs]
    longest = min(GAP * median_low(steps), LONGEST_S) if steps else 0.0
    energy_ws = covered_s = 0.0
    gaps = []
    for (before, after), seconds in zip(pairs, steps, strict=True):
        if seconds > longest:
            gaps.append(f"{after.row.where}: {label} was silent for {seconds:,.0f} s: left out")
            continue
        energy_ws += (before.watts + after.watts) / 2 * seconds
        covered_s += seconds
    return energy_ws / S_PER_H, covered_s, gaps
