"""Cases as rows of a CSV: read, checked cell by cell, answered in chunks, written back with an `error` column."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

CHUNK_ROWS = 2_000
ERROR = "error"

Case = dict[str, str]
Answer = Callable[[Sequence[Case]], Sequence[Mapping[str, object]]]


class UnusableError(Exception):
    """The arguments cannot be used at all: exit status 2."""


def run(source: Path, target: TextIO, known: Sequence[str], added: Sequence[str], answer: Answer) -> int:
    """Answer every row of `source`; returns how many rows failed. An unknown column is an error."""
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = [name.strip() for name in reader.fieldnames or []]
            _check(source, columns, known)
            reader.fieldnames = columns
            writer = csv.DictWriter(target, [*columns, *added, ERROR], restval="", lineterminator="\n")
            writer.writeheader()
            return sum(_chunk(rows, writer, answer, columns) for rows in _chunks(reader))
    except OSError as error:
        raise UnusableError(f"{source}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UnusableError(f"{source}: byte {error.start} is not UTF-8") from error
    except csv.Error as error:
        raise UnusableError(f"{source}: {error}") from error


def _check(source: Path, columns: Sequence[str], known: Sequence[str]) -> None:
    if not columns:
        raise UnusableError(f"{source}: no header line")
    unknown = [name for name in columns if name not in known]
    if unknown:
        raise UnusableError(f"{source}: column '{unknown[0]}' is not known; known are {', '.join(known)}")
    twice = {name for name in columns if columns.count(name) > 1}
    if twice:
        raise UnusableError(f"{source}: column '{min(twice)}' stands there twice")


def _chunks(reader: csv.DictReader[str]) -> Iterator[list[dict[str | None, object]]]:
    while rows := list(islice(reader, CHUNK_ROWS)):
        yield [dict(row) for row in rows]


def _chunk(
    rows: list[dict[str | None, object]], writer: csv.DictWriter[str], answer: Answer, columns: Sequence[str]
) -> int:
    ragged = {place for place, row in enumerate(rows) if None in row or None in row.values()}
    cases = [{name: str(row.get(name) or "").strip() for name in columns} for row in rows]
    sound = [case for place, case in enumerate(cases) if place not in ragged]
    answers = iter(answer(sound))
    failed = 0
    for place, case in enumerate(cases):
        found = {ERROR: f"the row has not {len(columns)} cells"} if place in ragged else dict(next(answers))
        failed += bool(found.get(ERROR))
        writer.writerow({**case, **found})
    return failed
