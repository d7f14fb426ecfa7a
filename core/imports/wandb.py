"""System metrics of Weights & Biases, one row a time: power of each board [W] in a column of its own.

As `run.history(stream="events")` gives it: `system.gpu.0.powerWatts`, `_timestamp` in seconds of UTC.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from core.imports.power import Sample, reading_of
from core.imports.reading import Answers, MeterReading, RefusedError
from core.imports.sheet import Row, header_of, rows_of

KIND = "Weights & Biases system metrics"
TIME = "_timestamp"
POWER = re.compile(r"(?:system[./])?gpu\.(?P<gpu>\d+)\.powerWatts(?:/l:(?P<node>.+))?")
LATEST_S = 4e9


def recognises(text: str) -> bool:
    """Whether the first line is that of W&B's system metrics."""
    header = header_of(text, ",")
    return TIME in header and any(column.removeprefix("system.").startswith("gpu.") for column in header)


def read(name: str, text: str, answers: Answers) -> MeterReading:
    """The energy of every board while the run logged."""
    if answers.at not in ("", "board"):
        raise RefusedError(f"{name}: W&B reads the boards alone; the meter stands at the board")
    columns = {column: found for column in header_of(text, ",") if (found := POWER.fullmatch(column))}
    if not columns:
        raise RefusedError(f"{name}: no column like system.gpu.0.powerWatts; no board's power was logged")
    boards: dict[str, list[Sample]] = {}
    missing = 0
    for row in rows_of(name, text, ",", (TIME,), "W&B metrics"):
        at = _time(row)
        for column, found in columns.items():
            watts = row.maybe(column)
            label = f"GPU {found['gpu']}" + (f" of {found['node']}" if found["node"] else "")
            if watts is None:
                missing += 1
            else:
                boards.setdefault(label, []).append(Sample(row, at, watts))
    for label, samples in boards.items():
        samples.sort(key=lambda sample: sample.at)
        for before, after in pairwise(samples):
            if after.at == before.at:
                raise RefusedError(
                    f"{after.row.where}: {label} has two samples of one time, as in row {before.row.number}"
                )
    return replace(reading_of(KIND, name, boards, at_work=True), runs=1).also(
        left_out=(f"{missing:,} cells without a power: missing, not 0",) if missing else (),
        said=("the boards' power while the run logged; times are UTC",),
    )


def _time(row: Row) -> datetime:
    found_s = row.amount(TIME)
    if found_s > LATEST_S:
        raise RefusedError(f"{row.where}, column {TIME}: {found_s:g} is no time in seconds since 1970")
    return datetime.fromtimestamp(found_s, UTC).replace(tzinfo=None)
