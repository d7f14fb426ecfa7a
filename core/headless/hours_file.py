"""A file of hours as a plan's record, and the hours of the files a plan names, where they are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from statistics import fmean as mean

import numpy as np

from core import catalog as facts
from core.headless.cases import UnusableError
from core.imports.hourly import HourlySeries, Said, read_hourly
from core.imports.reading import RefusedError
from core.plan import HoursFile, Plan
from core.plan.cells import build
from core.plan.hours_file import MARGINAL
from core.plan.own_catalog import catalog_of
from core.shift.check import ShiftError
from core.shift.files import FileHours, keep, need_hours

STANDS_IN = "the hours of {region} are those of the reference year: they were to come from {called}, which is not here"
NOWHERE = "{called} is not used: its region '{region}' is neither a grid of the catalog nor one of yours"
UNSCORED = "nothing of {region} is scored on marginal intensity: {called} is not here"


@dataclass(frozen=True, slots=True)
class Given:
    """A plan with the hours at hand, what holds them, and a sentence for each file that is missing."""

    plan: Plan
    held: tuple[FileHours, ...]
    told: tuple[str, ...]


def read(name: str, raw: bytes, said: Said) -> HourlySeries:
    """The hours of a file with its owner's answers; generation by the catalog's life-cycle factors."""
    factors = {key: factor.carbon_g_per_kwh for key, factor in facts.load().emission_factors.items()}
    return read_hourly(name, raw, said, factors)


def record_of(region: str, series: HourlySeries, said: Said, today: date) -> HoursFile:
    """What a plan keeps of a file for a region; RefusedError where it is of no use."""
    try:
        need_hours(np.array(series.intensity_g_per_kwh))
    except ShiftError as error:
        raise RefusedError(f"{series.name}: {error}") from error
    made, wrong = build(HoursFile, {
        "id": region + (MARGINAL if series.marginal else ""),
        "name": series.name,
        "file_sha256": series.file_sha256,
        "hours_basis": series.basis,
        "first_hour": f"{series.start:%Y-%m-%d %H:%M}",
        "covered_h": len(series.intensity_g_per_kwh),
        "mean_g_per_kwh": float(f"{mean(series.intensity_g_per_kwh):.6g}"),
        "zone": said.zone, "unit": said.unit, "gaps": said.gaps, "twice": said.twice,
        "source": series.kind,
        "source_date": today.isoformat(),
    })  # fmt: skip
    if made is None:
        raise RefusedError(f"{series.name}: {'; '.join(wrong)}")
    return made


def said_of(file: HoursFile) -> Said:
    """What the owner of a file said of it, as the plan keeps it."""
    basis = file.hours_basis if file.hours_basis in ("life_cycle", "direct") else ""
    return Said(zone=file.zone, unit=file.unit, gaps=file.gaps, twice=file.twice, basis=basis)


def hours_of(file: HoursFile, series: HourlySeries) -> FileHours:
    """The hours of a file that `record_of` took, to be held by the caller."""
    return keep(FileHours(file.key, series.start, np.array(series.intensity_g_per_kwh)))


def again(plan: Plan, name: str, raw: bytes) -> tuple[FileHours, ...]:
    """The hours of a file that the plan names, read with the answers it keeps; none where it does not name it."""
    digest = sha256(raw).hexdigest()
    named = {file.key: file for file in plan.hours_files if file.file_sha256 == digest}
    return tuple(hours_of(file, read(name, raw, said_of(file))) for file in named.values())


def missing(plan: Plan) -> tuple[str, ...]:
    """A sentence for each file of hours that the plan names and nobody gave, or whose region nobody knows."""
    regions = catalog_of(plan).regions
    unknown = [file for file in plan.hours_files if file.region not in regions]
    absent = [file for file in plan.hours_missing() if file not in unknown]
    return (
        *(NOWHERE.format(called=file.called, region=file.region) for file in unknown),
        *((UNSCORED if file.marginal else STANDS_IN).format(region=regions[file.region].name, called=file.called)
          for file in absent),
    )  # fmt: skip


def given(plan: Plan, paths: Sequence[Path]) -> Given:
    """The plan with the hours of the files named on a command line; UnusableError in one sentence."""
    held: list[FileHours] = []
    for path in paths:
        try:
            found = again(plan, path.name, path.read_bytes())
        except OSError as error:
            raise UnusableError(f"{path}: {error.strerror or error}") from error
        except RefusedError as error:
            raise UnusableError(str(error)) from error
        if not found:
            names = ", ".join(file.called for file in plan.hours_files) or "none"
            raise UnusableError(f"{path}: the plan does not name this file of hours; it names {names}")
        held += found
    ready = plan.with_hours(hours.key for hours in held)
    return Given(ready, tuple(held), missing(ready))
