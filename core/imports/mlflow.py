"""System metrics of MLflow, one row a metric and time: power of each board [W], mean of the samples until then.

`system/gpu_0_power_usage_watts`, with the node before it where every node logs. Times are milliseconds of UTC.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from core.imports.power import Sample, reading_of
from core.imports.reading import Answers, MeterReading, RefusedError
from core.imports.sheet import Row, header_of, rows_of
from core.units import MS_PER_S

KIND = "MLflow system metrics"
NEEDED = ("key", "value", "timestamp")
RUNS = ("run_id", "run_uuid")
POWER = re.compile(r"system[/.](?:(?P<node>.+)[/.])?gpu_(?P<gpu>\d+)_power_usage_watts")
LATEST_MS = 4e12


def recognises(text: str) -> bool:
    """Whether the first line is that of MLflow's metrics."""
    header = set(header_of(text, ","))
    return set(NEEDED) <= header and bool(header & {*RUNS, "step"})


def read(name: str, text: str, answers: Answers) -> MeterReading:
    """The energy of every board while its runs logged."""
    if answers.at not in ("", "board"):
        raise RefusedError(f"{name}: MLflow reads the boards alone; the meter stands at the board")
    run_column = next((column for column in RUNS if column in header_of(text, ",")), RUNS[0])
    boards: dict[str, list[Sample]] = {}
    nodes: set[str] = set()
    others = 0
    for row in rows_of(name, text, ",", NEEDED, "MLflow metrics"):
        found = POWER.fullmatch(row.cells["key"])
        watts = row.maybe("value") if found else None
        if found is None or watts is None:
            others += 1
            continue
        nodes.add(found["node"] or "")
        label = f"GPU {found['gpu']}" + (f" of {found['node']}" if found["node"] else "")
        boards.setdefault(label, []).append(Sample(row, _time(row), watts))
    if not boards:
        raise RefusedError(f"{name}: no metric like system/gpu_0_power_usage_watts; no board's power was logged")
    for label, samples in boards.items():
        samples.sort(key=lambda sample: sample.at)
        _apart(label, samples, run_column)
    alone = "" if nodes - {""} else "of one node alone, unless every node logs; "
    runs = {sample.row.cells.get(run_column, "") for samples in boards.values() for sample in samples}
    return replace(reading_of(KIND, name, boards, at_work=True), runs=len(runs)).also(
        left_out=(f"{others:,} rows of other metrics",) if others else (),
        said=(f"the boards' power while a run logged, {alone}times are UTC",),
    )


def _time(row: Row) -> datetime:
    found_ms = row.amount("timestamp")
    if found_ms > LATEST_MS:
        raise RefusedError(f"{row.where}, column timestamp: {found_ms:g} is no time in milliseconds since 1970")
    return datetime.fromtimestamp(found_ms / MS_PER_S, UTC).replace(tzinfo=None)


def _apart(label: str, samples: list[Sample], run_column: str) -> None:
    """Refuse runs that logged one board at the same time: each counts the whole board."""
    done: set[str] = set()
    for before, after in pairwise(samples):
        run, last = (one.row.cells.get(run_column, "") for one in (after, before))
        if after.at == before.at and run == last:
            raise RefusedError(f"{after.row.where}: {label} has two samples of one time, as in row {before.row.number}")
        if run != last:
            done.add(last)
            if run in done or after.at == before.at:
                raise RefusedError(
                    f"{after.row.where}: two runs logged {label} at the same time; each counts the whole board: give "
                    "one run a file"
                )
