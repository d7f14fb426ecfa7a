"""`shift`: one job on an hourly series, for every hour it may start: now against the cleanest time, as JSON."""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import math
import zlib
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.headless.cases import UnusableError
from core.shift.check import ShiftError
from core.shift.job import Job, outcomes

TIMES = ("utc", "timestamp", "datetime", "time", "datetime (utc)", "hour")
HOUR = timedelta(hours=1)


def answer(arguments: argparse.Namespace) -> str:
    """The sums over all start hours whose window lies in the series, of a 1 kW job; UnusableError in one sentence."""
    slack_h = arguments.slack
    if math.isfinite(slack_h) and slack_h != int(slack_h):
        raise UnusableError(f"slack is {slack_h:g}; it must be whole hours")
    if arguments.restart and not arguments.interruptible:
        raise UnusableError(f"restart is {arguments.restart:g} h; a job restarts only with --interruptible")
    slack = int(slack_h) if math.isfinite(slack_h) else slack_h
    job = Job(arguments.hours, slack, arguments.interruptible, arguments.restart)
    try:
        found = outcomes(hours_of(arguments.series, arguments.zone), job)
    except ShiftError as error:
        raise UnusableError(f"{arguments.series}: {error}") from error
    told = {
        "starts": found.starts,
        "baseline_sum_g": float(found.now_g.sum()),
        "shifted_sum_g": float(found.best_g.sum()),
        "saving_pct": found.saving_pct,
    }
    return json.dumps(told)


def hours_of(file: Path, zone: str) -> NDArray[np.float64]:
    """The column of a zone [g/kWh]; UnusableError names file, row and cell where it is no whole hourly series."""
    lines = list(csv.reader(io.StringIO(_text(file))))
    header = [name.strip() for name in lines[0]] if lines else []
    zones = [name for name in header if name.lower() not in TIMES]
    if zone not in zones:
        raise UnusableError(f"{file}: no column {zone!r}; it has {', '.join(zones) or 'none'}")
    if header.count(zone) > 1:
        raise UnusableError(f"{file}: the column {zone!r} stands there twice")
    place, clock = header.index(zone), next((n for n, name in enumerate(header) if name.lower() in TIMES), None)
    found: list[float] = []
    before: datetime | None = None
    for row, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            must = f"it must have {len(header)}, one for each column"
            raise UnusableError(f"{file}, row {row}: it has {len(cells)} cells; {must}")
        if clock is not None:
            before = _next(file, row, cells[clock].strip(), before)
        found.append(_number(file, row, zone, cells[place].strip()))
    return np.array(found)


def _number(file: Path, row: int, zone: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        said = f"'{text[:40]}' is not" if text else "the cell is blank; it must be"
        raise UnusableError(f"{file}, row {row}, column {zone}: {said} a number of g/kWh, 0 or more")
    return value


def _next(file: Path, row: int, text: str, before: datetime | None) -> datetime:
    """The time of a row, an hour after the one before."""
    try:
        now = datetime.fromisoformat(text)
    except ValueError:
        raise UnusableError(f"{file}, row {row}: '{text[:40]}' is not a time") from None
    if before is not None and ((now.tzinfo is None) != (before.tzinfo is None) or now - before != HOUR):
        raise UnusableError(f"{file}, row {row}: {text} does not come one hour after the row before")
    return now


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
        return (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8-sig")
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise UnusableError(f"{file} is no gzip file") from None
    except OSError as error:
        raise UnusableError(f"{file}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UnusableError(f"{file}: byte {error.start} is not UTF-8") from error
