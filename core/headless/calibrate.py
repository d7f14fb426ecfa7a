"""`calibrate`: a plan with one workload's measurement, from a meter's file or typed; what was read is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from core import results
from core.headless.cases import UnusableError
from core.imports.meters import read_meter
from core.imports.reading import Answers, MeterReading, RefusedError, implausible, too_short
from core.imports.served import apart, served, unknown_time
from core.imports.usage.read import read_usage
from core.imports.usage.reading import UsageReading
from core.imports.usage.source import of_path
from core.plan import Calibration, Plan, Workload, knobs
from core.plan.calibration import setting_of
from core.plan.cells import build
from core.plan.own_catalog import catalog_of
from core.results.calibrated import Measured, own_rate
from core.results.machine_limits import power_limits
from core.units import H_PER_DAY, TOKENS_PER_M


@dataclass(frozen=True, slots=True)
class Said:
    """What is said on the command line beside the file; None where nothing was."""

    kwh: float | None = None
    boundary: str = ""
    meter: str = ""
    first_day: str = ""
    last_day: str = ""
    hours: float | None = None
    requests: float | None = None
    output_m_tokens: float | None = None
    runs: float | None = None
    always: bool = False
    unit: str = ""
    zone: str = ""
    exclusive: bool = False
    note: str = ""


def calibrated(
    plan: Plan, key: str, files: list[Path], said: Said, today: date, usage: Sequence[UsageReading] = ()
) -> tuple[Plan, list[str]]:
    """The plan with the measurement, and lines on what was read and what it changes; UnusableError in a sentence.

    `usage` are scrapes of vLLM of the same days: their requests are those that the meter saw.
    """
    workload = plan.workload(key)
    if workload is None:
        raise UnusableError(
            f"workload '{key[:24]}' is not in the plan; it has {', '.join(w.id for w in plan.workloads)}"
        )
    if bool(files) == (said.kwh is not None):
        raise UnusableError("give the meter's file, or --kwh with its days: one of the two")
    read = _read(plan, workload, files, said) if files else None
    fields = _fields(workload, read, said)
    counted, more = _counted(workload, read, said, usage)
    fields |= _activity(plan, workload, fields, replace(said, requests=counted))
    made, wrong = build(Calibration, setting_of(workload) | fields | {"id": key, "source_date": today.isoformat()})
    if made is None:
        raise UnusableError("; ".join(wrong))
    if made.last_day > today.isoformat():
        raise UnusableError(f"last_day is {made.last_day}; it must not be after today, {today.isoformat()}")
    after = plan.calibrating(made)
    found = results.of(after).measured.get(key)
    if found is None or found.reason:
        raise UnusableError(f"not used: {found.reason if found else results.of(after).refused.get(key, 'no figure')}")
    return after, [*(_told(read) if read else ()), *more, *_compared(found)]


def usage_of(paths: Sequence[Path]) -> list[UsageReading]:
    """What scrapes of a server say; UnusableError in a sentence."""
    try:
        return [read_usage([of_path(path) for path in paths])] if paths else []
    except RefusedError as error:
        raise UnusableError(str(error)) from error


def _read(plan: Plan, workload: Workload, files: list[Path], said: Said) -> MeterReading:
    try:
        raw = [(path.name, path.read_bytes()) for path in files]
        read = read_meter(raw, Answers(said.unit, said.zone, said.exclusive, said.boundary))
    except OSError as error:
        raise UnusableError(f"{error.filename}: {error.strerror}") from error
    except RefusedError as error:
        flags = {"unit": "--unit", "zone": "--zone", "exclusive": "--exclusive", "": ""}
        more = f" ({flags[error.question]})" if error.question else ""
        raise UnusableError(f"{error}{more}") from error
    short = too_short(read, knobs(Calibration)["metered_h"].low or 0.0)
    if short:
        raise UnusableError(f"{read.files[0]}: {short}")
    catalog = catalog_of(plan)
    ends = power_limits(catalog, catalog.hardware[workload.hardware]) if workload.hardware in catalog.hardware else None
    problem = implausible(read, ends.idle_low_w, ends.tdp_w, said.hours, ends.server_most_w) if ends else ""
    if problem:
        raise UnusableError(f"{read.files[0]}: {problem}")
    return read


def _counted(
    workload: Workload, read: MeterReading | None, said: Said, usage: Sequence[UsageReading]
) -> tuple[float | None, list[str]]:
    """Requests as they were typed, else as vLLM counted them meanwhile, and where they are from."""
    if said.requests is not None or said.output_m_tokens is not None or not usage or read is None:
        return said.requests, []
    found = served(usage, workload.model)
    if workload.kind != "inference" or found is None:
        return None, []
    problem = apart(found, read)
    if problem:
        raise UnusableError(f"vLLM's requests cannot be used: {problem}")
    word = "; that both are of the same time is your word" if unknown_time(found, read) else ""
    line = f"vLLM answered {found.amounts.requests:,.0f} requests of {found.model} meanwhile{word}"
    return found.amounts.requests, [line]


def _fields(workload: Workload, read: MeterReading | None, said: Said) -> dict[str, Any]:
    """What the file says, else what was typed; what the command line says goes first where both may."""
    at_work = workload.kind != "inference" and not said.always
    boundary = said.boundary or (read.at if read else "")
    if not boundary:
        raise UnusableError("say where the meter stands: --boundary board, server or facility")
    fields: dict[str, Any] = {
        "metered_at": boundary, "metered_while": "at_work" if at_work else "always", "note": said.note,
        "metered_kwh": read.energy_kwh if read else said.kwh, "meter": said.meter or (read.meter if read else ""),
        "first_day": said.first_day, "last_day": said.last_day, "metered_h": said.hours, "source": "typed",
    }  # fmt: skip
    if read:
        fields |= {"source": ", ".join(read.files)[:200], "file_sha256": read.file_sha256}
        if read.first_day:
            fields |= {"first_day": read.first_day, "last_day": read.last_day, "metered_h": read.covered_h}
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _activity(plan: Plan, workload: Workload, fields: dict[str, Any], said: Said) -> dict[str, Any]:
    """Requests or runs while the meter ran, as typed, from tokens, else at the plan's own rate."""
    if workload.kind != "inference":
        counted = said.runs
    elif said.requests is None and said.output_m_tokens is not None:
        counted = said.output_m_tokens * TOKENS_PER_M / workload.output_tokens
    else:
        counted = said.requests
    name = "served_requests" if workload.kind == "inference" else "served_runs"
    if counted is not None:
        return {name: counted, "served_from": "counted"}
    if fields["metered_while"] == "at_work":
        raise UnusableError("say how many training runs the meter saw: --runs")
    try:
        first, last = (date.fromisoformat(fields.get(day, "")) for day in ("first_day", "last_day"))
    except ValueError:
        raise UnusableError("say the days the meter covers: --first-day and --last-day, as 2026-03-01") from None
    days = (last - first).days + 1
    rate = own_rate(plan, workload, first.isoformat(), days, fields.get("metered_h", days * H_PER_DAY))
    if not rate:
        raise UnusableError("the plan says nothing of that period: say how many requests were answered, --requests")
    return {name: rate, "served_from": "plan"}


def _told(read: MeterReading) -> Iterator[str]:
    yield f"read {read.energy_kwh:.6g} kWh in {read.rows_used} rows of {read.kind}: {', '.join(read.files)}"
    if read.first_day and read.covered_h is not None:
        yield f"from {read.first_day} to {read.last_day}, {read.covered_h:.4g} h metered"
    yield from (f"left out: {line}" for line in read.left_out)
    yield from read.said


def _compared(found: Measured) -> Iterator[str]:
    c = found.calibration
    low, mid, high = found.modelled_kwh
    yield (
        f"the meter says {found.factor[0]:.3f} times the estimate at the {c.metered_at}: {c.metered_kwh:.6g} kWh, "
        f"estimated {mid:.6g} kWh (80 % range {low:.6g} to {high:.6g})"
    )
    ends = f"{c.metered_kwh * found.low:.6g} to {c.metered_kwh * found.high:.6g} kWh"
    yield f"80 % range of the measurement, as a word on the year: {ends}"
    if c.served_from == "plan":
        yield f"activity at the plan's own rate: {c.served():.6g}"
