"""What moved the numbers: the built-in example's figures under each version of method and data, and why they moved.

`python -m core data check --why "..."` adds today's row to `moved.csv`. A test fails while the newest row is of
another version, or while the example gives other figures than it says.
"""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from core import METHOD_VERSION, results
from core import catalog as facts
from core.methods import told
from core.plan.example import example_plan
from core.results import interval

FILE = told.HERE / "moved.csv"
FIGURES = ("carbon_kg", "carbon_low_kg", "carbon_high_kg", "energy_facility_kwh", "water_l")
SAME = 5e-4  # relative: a rounding of the last digits moves nothing that is shown


@dataclass(frozen=True, slots=True)
class Move:
    """The example's figures in its headline's year, under one version of method and data."""

    date: str
    method_version: str
    data_version: str
    carbon_kg: float
    carbon_low_kg: float
    carbon_high_kg: float
    energy_facility_kwh: float
    water_l: float
    why: str


def moves(file: Path = FILE) -> list[Move]:
    """Every version, oldest first."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [Move(**row | {name: float(row[name]) for name in FIGURES}) for row in rows]  # type: ignore[arg-type]


def today(day: date, why: str) -> Move:
    """The example under the method and the data at hand."""
    found = results.of(example_plan())
    when = found.place(found.plan.shown_year())
    low, mid, high = interval(found.total(found.carbon_kg())[when])
    return Move(
        date=day.isoformat(),
        method_version=METHOD_VERSION,
        data_version=facts.load().data_version,
        carbon_kg=mid,
        carbon_low_kg=low,
        carbon_high_kg=high,
        energy_facility_kwh=float(found.total(found.values["energy_facility_kwh"])[when, 0]),
        water_l=float(found.total(found.values["water_site_l"] + found.values["water_source_l"])[when, 0]),
        why=why,
    )


def outdated(now: Move, told_of: list[Move]) -> str:
    """Why the newest row no longer holds, and what to do; empty while it does."""
    advice = 'run `python -m core data check --why "what moved, and why"` and commit core/methods/moved.csv'
    if not told_of:
        return f"no version is told: {advice}"
    last = told_of[-1]
    for name in ("method_version", "data_version"):
        if getattr(now, name) != getattr(last, name):
            return f"{name} is {getattr(now, name)}, the newest told is {getattr(last, name)}: {advice}"
    for name in FIGURES:
        was, value = getattr(last, name), getattr(now, name)
        if abs(value - was) > SAME * abs(was):
            return (
                f"the example's {name} is {value:.6g}, told is {was:.6g}: raise METHOD_VERSION in core, then {advice}"
            )
    return ""


def add(move: Move, file: Path = FILE) -> None:
    """One more row; figures to seven digits, as many as the test compares."""
    row = {name: f"{value:.7g}" if isinstance(value, float) else value for name, value in asdict(move).items()}
    new = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(row), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)
