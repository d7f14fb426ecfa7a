"""Zeus' monitor log: energy of each GPU in windows of a program; windows may hold others."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from core.imports.reading import ENERGY_UNITS, Answers, Device, MeterReading, RefusedError, in_kwh
from core.imports.sheet import Row, header_of, rows_of
from core.units import S_PER_H

KIND = "Zeus monitor log"
NEEDED = ("start_time", "window_name", "elapsed_time")
UNIT = "J"  # as Zeus' own writer has it; a log that was changed since may be in another
GPU = re.compile(r"gpu(\d+)_energy")


def recognises(text: str) -> bool:
    """Whether the first line is that of a Zeus log."""
    return {"window_name", "elapsed_time"} <= set(header_of(text, ","))


def read(name: str, text: str, answers: Answers) -> MeterReading:
    """The energy of every GPU in the outermost windows."""
    if answers.at not in ("", "board"):
        raise RefusedError(f"{name}: Zeus logs the GPUs alone; the meter stands at the board")
    columns = [column for column in header_of(text, ",") if GPU.fullmatch(column)]
    if not columns:
        raise RefusedError(f"{name}: no column like gpu0_energy; the log holds no GPU")
    unit = answers.unit or UNIT
    factor = in_kwh(ENERGY_UNITS, unit, f"{name}: the energy of Zeus' columns ({columns[0]})", UNIT)
    windows = sorted(rows_of(name, text, ",", NEEDED, "Zeus"), key=lambda row: (_start(row), -_end(row)))
    kept, inside = _outermost(windows)
    energies = {column: sum(row.amount(column) for row in kept) * factor for column in columns}
    hours = sum(row.lasting("elapsed_time", sum(map(row.amount, columns))) for row in kept) / S_PER_H
    left = [f"{row.where}: window '{row.cells['window_name'][:30]}' lies in another" for row in inside]
    return MeterReading(
        kind=KIND, energy_kwh=sum(energies.values()), at="board", meter="board_sensor", rows_used=len(kept),
        start=_utc(_start(kept[0])), end=_utc(max(map(_end, kept))), covered_h=hours, while_at_work=True,
        devices=tuple(Device(f"GPU {column[3:-7]}", "", kwh, hours) for column, kwh in energies.items()),
        left_out=tuple(left), said=("times in UTC, as Zeus writes them; energy of the GPUs alone",),
    )  # fmt: skip


def _start(row: Row) -> float:
    return row.seconds("start_time")


def _end(row: Row) -> float:
    return _start(row) + row.seconds("elapsed_time")


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _outermost(windows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Windows that lie in no other by time or by name (`epoch0_step10` lies in `epoch0`), and the others."""
    names = [row.cells["window_name"] for row in windows]
    kept: list[Row] = []
    inside: list[Row] = []
    for row, label in zip(windows, names, strict=True):
        if any(label != other and re.match(re.escape(other) + r"[_/.:-]", label) for other in names):
            inside.append(row)
            continue
        before = kept[-1] if kept else None
        if before is not None and _start(row) < _end(before):
            if (_start(row), label) == (_start(before), before.cells["window_name"]):
                raise RefusedError(f"{row.where}: the window of row {before.number} again")
            if _end(row) > _end(before):
                raise RefusedError(f"{row.where}: the window overlaps that of row {before.number}; one counts in both")
            inside.append(row)
            continue
        kept.append(row)
    return kept, inside
