"""A workload made of a meter's file, with the work that fills its hours; and its energy as a measured row."""

from __future__ import annotations

from dataclasses import replace

from core import results
from core.imports.metered import Metered, workload_of
from core.imports.reading import MeterReading
from core.plan import Actual, Plan, Workload, knobs
from core.units import TOKENS_PER_M

AS_MANY = "{tokens:,.0f} tokens a run: as many as fill the file's {hours:,.3g} accelerator-hours, by the estimate"
WORD = "the measurement then tells the power alone; say the true count if you know it"


def made(reading: MeterReading, key: str) -> Metered:
    """The workload of a file; a training run gets the tokens that make its estimated hours those of the file."""
    found = workload_of(reading, key)
    per_run_h = accelerator_h(reading) / (reading.runs or 1)
    tokens = tokens_of_hours(found.workload, per_run_h) if found.workload.kind != "inference" else None
    if tokens is None:
        return found
    said = (*found.said, AS_MANY.format(tokens=tokens * TOKENS_PER_M, hours=per_run_h), WORD)
    return replace(found, workload=found.workload.but(tokens_per_run_m=tokens), said=said)


def accelerator_h(reading: MeterReading) -> float:
    """Hours of all its boards together; of the machine where it has none."""
    by_board = sum(device.covered_h or 0.0 for device in reading.devices)
    by_job = sum((job.boards or 1.0) * job.lasted_h for job in reading.jobs)
    return by_board or by_job or reading.covered_h or 0.0


def tokens_of_hours(workload: Workload, per_run_h: float) -> float | None:
    """Million tokens a run that take so many accelerator-hours by the estimate; None where it has none, or no end."""
    found = results.of(Plan(workloads=(workload.but(runs_per_year=1.0),)), draws=0)
    if workload.id in found.refused or not per_run_h:
        return None
    used_h = float(found.values["used_h"][0, 0, 0])
    knob = knobs(Workload)["tokens_per_run_m"]
    if not used_h or knob.high is None:
        return None
    tokens = float(f"{workload.tokens_per_run_m * per_run_h / used_h:.6g}")
    return tokens if 0.0 < tokens <= knob.high else None


def measured_row(plan: Plan, key: str, reading: MeterReading, at: str, counted: float | None) -> Actual | None:
    """The energy of a file as measured, at the site's meter by the plan's own estimate of what lies between.

    `counted` are the requests or runs meanwhile. None where the file tells no days, or nobody where its meter stands.
    """
    workload = plan.workload(key)
    if workload is None or not reading.first_day or not at:
        return None
    first, last = (day.split("-") for day in (reading.first_day, reading.last_day))
    inference = workload.kind == "inference"
    return Actual(
        id="A1", workload=key, year=int(first[0]), month=int(first[1]) if first[:2] == last[:2] else None,
        energy_facility_kwh=float(f"{reading.energy_kwh * to_site(plan, key, at):.6g}"),
        source=", ".join(reading.files)[:200], requests=counted if inference else None,
        runs=None if inference else counted,
    )  # fmt: skip


def to_site(plan: Plan, key: str, at: str) -> float:
    """Energy at the site's meter over that at another, by the plan's own estimate; 1 where it has none."""
    found = results.of(plan.without_calibration(key), draws=0)
    place, when = found.of(key), found.place(plan.shown_year())
    if place is None or at == "facility":
        return 1.0
    below = ("energy_accelerator_kwh", "energy_idle_kwh") if at == "board" else ("energy_it_kwh",)
    metered = float(sum(found.values[name][place, when, 0] for name in below))
    return float(found.values["energy_facility_kwh"][place, when, 0]) / metered if metered else 1.0
