"""A file of many plans: rows of plan.csv with a column `plan_id`, those of one plan one after another.

A name that comes again after another plan begins a plan of its own. At most one plan's rows are held beside those under
way, and no more of them than a plan may have.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from core.batch.cells import texts
from core.batch.source import BUFFER_BYTES, PARQUET, damaged, unread
from core.headless.cases import UnusableError, check_columns
from core.table import MOST_ROWS, columns

PLAN_ID = "plan_id"
TOGETHER = 8  # plans that are worked out as one block
BATCH_ROWS = 2_048

Row = tuple[int, list[str]]  # the line on which it begins, and its cells


class GivenPlan(NamedTuple):
    """One plan: its name, the line on which it begins, its own plan.csv, its rows, how much of the file it is."""

    name: str
    first_line: int
    text: str
    rows: int
    read: int


def holds_plans(where: str) -> bool:
    """Whether this is a file of many plans: Parquet, or a CSV with the column `plan_id`."""
    path = Path(where)
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.readline(1 << 16)
    except (OSError, ValueError):  # a link can be longer than a name may be
        return False
    first = head.decode("utf-8-sig", "replace").rstrip("\r\n")
    return head.startswith(PARQUET) or PLAN_ID in next(csv.reader([first]), [])


def size_of(path: Path) -> int | None:
    """Bytes of a CSV, rows of Parquet; None where that is not known beforehand."""
    try:
        with path.open("rb") as file:
            parquet = file.read(len(PARQUET)) == PARQUET
        return int(pq.read_metadata(path).num_rows) if parquet else path.stat().st_size
    except (OSError, pa.ArrowException):
        return None  # told when it is read


def plan_blocks(path: Path) -> Iterator[tuple[GivenPlan, ...]]:
    """The plans of a file, some at a time; UnusableError where it cannot be read."""
    try:
        with path.open("rb") as file:
            parquet = file.read(len(PARQUET)) == PARQUET
            file.seek(0)
            header, rows = _of_parquet(path) if parquet else _of_csv(path, file)
            yield from _together(_plans(path, header, rows, not parquet))
    except OSError as error:
        raise unread(path, error) from error
    except UnicodeDecodeError as error:
        raise UnusableError(f"{path}: byte {error.start} is not UTF-8") from error
    except csv.Error as error:
        raise UnusableError(f"{path}: {error}") from error
    except pa.ArrowException as error:
        raise damaged(path, error) from error


def _of_csv(path: Path, file: BinaryIO) -> tuple[list[str], Iterator[Row]]:
    reader = csv.reader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))
    header = [name.strip() for name in next(reader, [])]

    def rows() -> Iterator[Row]:
        begins = reader.line_num + 1
        for cells in reader:
            if cells:
                yield begins, cells
            begins = reader.line_num + 1

    return header, rows()


def _of_parquet(path: Path) -> tuple[list[str], Iterator[Row]]:
    file = pq.ParquetFile(path, buffer_size=BUFFER_BYTES)

    def rows() -> Iterator[Row]:
        number = 2  # as in a CSV: the first line names the columns
        for batch in file.iter_batches(BATCH_ROWS, use_threads=False):
            for cells in zip(*(texts(column).to_pylist() for column in batch.columns), strict=True):
                yield number, list(cells)
                number += 1

    return [name.strip() for name in file.schema_arrow.names], rows()


def _plans(path: Path, header: Sequence[str], rows: Iterable[Row], in_bytes: bool) -> Iterator[GivenPlan]:
    known = (PLAN_ID, *columns())
    for name in (PLAN_ID, "record"):
        if name not in header:
            raise UnusableError(f"{path}: the column '{name}' is missing; this is no file of many plans")
    check_columns(path, header, known)
    place = header.index(PLAN_ID)
    own = [*header[:place], *header[place + 1 :]]
    for name, group in groupby(rows, lambda row: row[1][place].strip() if len(row[1]) > place else ""):
        yield _plan(name, place, own, group, in_bytes)


def _plan(name: str, place: int, own: Sequence[str], group: Iterable[Row], in_bytes: bool) -> GivenPlan:
    out, first, count = io.StringIO(), 0, 0
    writer = csv.writer(out, lineterminator="\n")
    header = writer.writerow(own)
    for line, cells in group:
        first, count = first or line, count + 1
        if count <= MOST_ROWS + 1:  # one more than a plan may have, so that its reader says so
            writer.writerow([*cells[:place], *cells[place + 1 :]])
    text = out.getvalue()
    read = len(text.encode()) - header + count * (len(name) + 1) if in_bytes else count
    return GivenPlan(name, first, text, count, read)


def _together(plans: Iterable[GivenPlan]) -> Iterator[tuple[GivenPlan, ...]]:
    held: list[GivenPlan] = []
    for plan in plans:
        held.append(plan)
        if len(held) == TOGETHER:
            yield tuple(held)
            held = []
    if held:
        yield tuple(held)
