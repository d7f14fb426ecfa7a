"""From machine hours of a bill to a workload: how many accelerators stand there, and on how many days.

    accelerators on average = accelerator-hours / hours covered

At one or more, that many whole ones stand there all year. Below one, a single accelerator is held on as many days as
the hours of a year make: days = accelerator-hours of a year / 24.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core import catalog as facts
from core.imports.named import Guess
from core.imports.periods import Period
from core.imports.rates import held_days, mean_accelerators
from core.imports.usage.record import Amounts
from core.plan import Workload
from core.units import DAYS_PER_YEAR

MODEL, SMALL_MODEL = "llama3.1-8b", "llama3.2-3b"  # what stands in for a model that no bill of machines names
SMALL_MEMORY_GB = 20.0  # the smaller one where a board has less
REQUESTS_PER_DAY = 1.0  # stands in until its owner enters them; the busy share sets the energy
LEAST_DAYS = 1.0


@dataclass(frozen=True, slots=True)
class Hired:
    """What a bill's machine hours make of a workload: fields that follow the bill, those at first alone, and words."""

    fields: Mapping[str, Any]
    first: Mapping[str, Any]
    said: tuple[str, ...]


def accelerator_h(amounts: Amounts, board: Guess) -> float:
    """Hours of accelerators: as counted, and of machines by how many each holds."""
    return (amounts.gpu_h or 0.0) + (amounts.machine_h or 0.0) * board.accelerators


def hired(amounts: Amounts, board: Guess, period: Period, before: Workload | None = None) -> Hired:
    """The machines of a bill as a workload that holds them; what they answered is not in a bill of machines."""
    hours = accelerator_h(amounts, board)
    mean = mean_accelerators(hours, period.covered_h)
    told = f"{hours:,.4g} accelerator-hours: {mean:,.3g} {board.id} on average"
    busy = facts.load().assumptions["import_busy_share"].central
    memory_gb = facts.load().hardware[board.id].memory_gb
    first = {
        "hosting": "cloud", "hardware": board.id, "busy_share": busy, "requests_per_day": REQUESTS_PER_DAY,
        "model": SMALL_MODEL if memory_gb < SMALL_MEMORY_GB else MODEL,
    }  # fmt: skip
    said = [
        told,
        f"what they answer is not in the bill: a busy share of {busy:g} is assumed until you enter the requests",
    ]
    if mean >= 1.0:
        whole = round(mean)
        if whole != mean:
            said.append(
                f"the plan holds whole accelerators: {whole:,}, {whole * period.covered_h:,.4g} hours of that time"
            )
        by_the_day = before is not None and before.installed_accelerators is None
        all_year = {"accelerators": None, "operating_days": DAYS_PER_YEAR} if by_the_day else {}
        return Hired({"installed_accelerators": whole, **all_year}, first, tuple(said))
    days = held_days(hours, period.covered_h)
    if days < LEAST_DAYS:
        said.append(f"that is {days:,.2g} days a year; the plan's least is 1 day")
    fields = {"installed_accelerators": None, "accelerators": 1, "operating_days": max(days, LEAST_DAYS)}
    return Hired(fields, first, tuple(said))
