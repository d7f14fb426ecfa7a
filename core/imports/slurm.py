"""Slurm's accounting, `sacct -P`: energy of a node while a job ran [J], by job.

Steps (`.batch`, `.0`) repeat their job's joules and are left out. 0 means that the cluster has no energy plugin:
missing, not 0. The energy is the whole node's, so only jobs that had their nodes to themselves are theirs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from core.imports.reading import Answers, Job, MeterReading, RefusedError, UnansweredError
from core.imports.sheet import Row, header_of, rows_of
from core.units import H_PER_DAY, J_PER_KWH, S_PER_H

KIND = "Slurm accounting (sacct -P)"
NEEDED = ("JobID", "Start", "End", "ElapsedRaw", "State", "ConsumedEnergyRaw")
MOST_TOLD = 5
NO_VALUE = 2.0**63  # Slurm writes 18446744073709551614 where it has no value
MOVED_S = S_PER_H  # by which a clock that was moved shortens a job
UNFINISHED = ("RUNNING", "PENDING", "SUSPENDED", "REQUEUED")


def recognises(text: str) -> bool:
    """Whether the first line is that of sacct, parted by bars."""
    header = header_of(text, "|")
    return "JobID" in header and len(header) > 1


def read(name: str, text: str, answers: Answers) -> MeterReading:
    """The energy of the jobs that have one, failed jobs included."""
    if "ConsumedEnergyRaw" not in header_of(text, "|") and "ConsumedEnergy" in header_of(text, "|"):
        raise RefusedError(f"{name}: ConsumedEnergy is rounded and shortened (K, M); ask sacct for ConsumedEnergyRaw")
    jobs: dict[str, Row] = {}
    steps, running = 0, 0
    for row in rows_of(name, text, "|", NEEDED, "sacct"):
        key = row.cells["JobID"]
        if "." in key:
            steps += 1
        elif row.cells["State"].split(" ")[0] in UNFINISHED:
            running += 1
        elif key in jobs:
            raise RefusedError(f"{row.where}: job {key} again, as in row {jobs[key].number}")
        else:
            jobs[key] = row
    if running and not jobs:
        raise RefusedError(f"{name}: no job of it has ended")
    metered = {key: row for key, row in jobs.items() if row.maybe("ConsumedEnergyRaw")}
    without = [key for key in jobs if key not in metered]
    if not metered:
        raise RefusedError(f"{name}: no job has an energy; 0 means that the cluster has no energy plugin")
    if not answers.exclusive:
        raise UnansweredError(
            "exclusive",
            f"{name}: sacct gives the energy of whole nodes; say that these jobs had their nodes to themselves",
        )
    for row in metered.values():
        if row.amount("ConsumedEnergyRaw") >= NO_VALUE:
            raise RefusedError(f"{row.where}: {row.cells['ConsumedEnergyRaw']} J is how Slurm writes that it has none")
        if not row.amount("ElapsedRaw"):
            raise RefusedError(f"{row.where}: {row.cells['ConsumedEnergyRaw']} J in 0 s of job {row.cells['JobID']}")
        _within_its_times(row)
    start, end = min(map(_start, metered.values())), max(map(_end, metered.values()))
    days = (end.date() - start.date()).days + 1
    hours = min(sum(row.amount("ElapsedRaw") for row in metered.values()) / S_PER_H, days * H_PER_DAY)
    said = [
        "energy in J, as sacct documents it; its clock names no zone, hours are from ElapsedRaw",
        "it reads the node where the plugin asks the board's controller, processors and memory where it asks RAPL",
    ]
    had = [(row, _boards(row)) for row in jobs.values()]
    if any(boards for _, boards in had):
        accelerator_h = sum((row.maybe("ElapsedRaw") or 0.0) * (boards or 0.0) for row, boards in had) / S_PER_H
        said.append(f"{len(jobs)} jobs had {accelerator_h:,.4g} accelerator-hours in all, those without an energy too")
    return MeterReading(
        kind=KIND, energy_kwh=sum(row.amount("ConsumedEnergyRaw") for row in metered.values()) / J_PER_KWH,
        at=_at(name, answers.at), meter="server_sensor", rows_used=len(metered), start=start, end=end,
        covered_h=hours, while_at_work=True, runs=len(metered), jobs=tuple(_job(row) for row in metered.values()),
        left_out=tuple(_left_out(steps, running, without)), said=tuple(said),
    )  # fmt: skip


def _allocated(row: Row) -> dict[str, str]:
    return dict(part.split("=", 1) for part in row.cells.get("AllocTRES", "").split(",") if "=" in part)


def _boards(row: Row) -> float | None:
    """Accelerators of a job; None where the file does not say.

    A type stands beside the sum, as in gres/gpu=8,gres/gpu:h100=8; a sum that is missing is that of its types.
    """
    had = _allocated(row)
    gpus = [had["gres/gpu"]] if "gres/gpu" in had else [n for name, n in had.items() if name.startswith("gres/gpu:")]
    return sum(float(n) for n in gpus if n.isdecimal()) if had else None


def _job(row: Row) -> Job:
    """What a job took, and what it had: AllocTRES counts nodes and accelerators, AllocNodes and NNodes the nodes."""
    nodes = _allocated(row).get("node") or row.cells.get("AllocNodes") or row.cells.get("NNodes") or ""
    return Job(
        label=f"row {row.number}, job {row.cells['JobID']},",
        energy_kwh=row.amount("ConsumedEnergyRaw") / J_PER_KWH,
        lasted_h=row.amount("ElapsedRaw") / S_PER_H,
        nodes=float(nodes) if nodes.isdecimal() else None,
        boards=_boards(row),
    )


def _within_its_times(row: Row) -> None:
    """Refuse a job that ran longer than from its start to its end."""
    lasted_s = (_end(row) - _start(row)).total_seconds()
    if row.amount("ElapsedRaw") > lasted_s + MOVED_S:
        raise RefusedError(
            f"{row.where}: ElapsedRaw is {row.amount('ElapsedRaw'):,.0f} s, but Start to End are {lasted_s:,.0f} s"
        )


def _at(name: str, at: str) -> Literal["server", ""]:
    if at not in ("", "server"):
        raise RefusedError(f"{name}: Slurm's energy is that of nodes; the meter stands at the server")
    return "server" if at else ""


def _left_out(steps: int, running: int, without: list[str]) -> list[str]:
    found = [f"{steps} steps of jobs: they repeat the jobs' joules"] if steps else []
    if running:
        found.append(f"{running} jobs that had not ended")
    if without:
        names = ", ".join(without[:MOST_TOLD]) + (
            f" and {len(without) - MOST_TOLD} more" if len(without) > MOST_TOLD else ""
        )
        found.append(f"jobs without an energy, missing and not 0: {names}")
    return found


def _start(row: Row) -> datetime:
    return row.time("Start").replace(tzinfo=None)


def _end(row: Row) -> datetime:
    end = row.time("End").replace(tzinfo=None)
    if end < _start(row):
        raise RefusedError(f"{row.where}: it ends at {row.cells['End']}, before it starts")
    return end
