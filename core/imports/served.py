"""What a server counted while a meter ran: requests of vLLM's scrapes, beside the energy of the same days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.imports.named import model_of
from core.imports.reading import MeterReading
from core.imports.usage import vllm
from core.imports.usage.reading import Covered, UsageReading
from core.imports.usage.record import Amounts

MOST_APART = 0.1  # of the meter's hours, by which the scrapes may cover more or less


@dataclass(frozen=True, slots=True)
class Served:
    """What the counters of one model gained, the name it has there, and the time between the scrapes."""

    model: str
    amounts: Amounts
    covered: Covered | None


def served(readings: Sequence[UsageReading], model: str) -> Served | None:
    """What vLLM counted of a model of the catalog; of the only one it served, whatever it is called there."""
    found: dict[str, Amounts] = {}
    covered: Covered | None = None
    for reading in readings:
        if reading.kind == vllm.METRICS.kind:
            covered = covered or reading.whole
            for subject, amounts in reading.amounts.items():
                found.setdefault(subject.model, Amounts()).add(amounts)
    named = [name for name in found if model_of(name).id == model] or (list(found) if len(found) == 1 else [])
    if not named:
        return None
    together = Amounts()
    for name in named:
        together.add(found[name])
    return Served(" and ".join(named), together, covered) if together.requests else None


def apart(counted: Served, reading: MeterReading) -> str:
    """Why counters and meter are not of the same time, in a sentence; empty where they are, or where nobody can say."""
    if counted.covered is None or reading.start is None or reading.end is None:
        return ""
    first, last = counted.covered.start.date().isoformat(), counted.covered.end.date().isoformat()
    if first > reading.last_day or last < reading.first_day:
        return (
            f"the scrapes are of {first} to {last}, the meter of {reading.first_day} to {reading.last_day}; give both "
            "for the same days"
        )
    hours = counted.covered.covered_h
    if reading.covered_h and abs(hours - reading.covered_h) > MOST_APART * reading.covered_h:
        return (
            f"{hours:,.3g} h lie between the scrapes, the meter ran for {reading.covered_h:,.3g} h; the two may differ "
            f"by {MOST_APART:.0%}: give both for the same time"
        )
    return ""


def unknown_time(counted: Served, reading: MeterReading) -> bool:
    """Whether nobody can say if counters and meter are of the same time."""
    return counted.covered is None or reading.start is None
