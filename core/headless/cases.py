"""Cases as rows of a CSV: read, checked cell by cell, answered in chunks, written back with an `error` column."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

CHUNK_ROWS = 2_000
ERROR = "error"

Case = dict[str, str]
Answer = Callable[[Sequence[Case]], Sequence[Mapping[str, object]]]


Numbered = tuple[int, dict[Any, Any]]  # the file's line, and its cells; those beyond the columns under None


class UnusableError(Exception):
    """The arguments cannot be used at all: exit status 2."""


def run(source: Path, target: TextIO, known: Sequence[str], added: Sequence[str], answer: Answer) -> int:
    """Answer every row of `source`; returns how many rows failed. An unknown column is an error."""
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = [name.strip() for name in reader.fieldnames or []]
            check_columns(source, columns, known)
            reader.fieldnames = columns
            kept = [name for name in columns if name not in added]  # a column we answer is ours alone
            writer = csv.DictWriter(target, [*kept, *added, ERROR], restval="", lineterminator="\n")
            writer.writeheader()
            return sum(_chunk(source.name, rows, writer, answer, columns, kept) for rows in _chunks(reader))
    except OSError as error:
        raise UnusableError(f"{source}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UnusableError(f"{source}: byte {error.start} is not UTF-8") from error
    except csv.Error as error:
        raise UnusableError(f"{source}: {error}") from error


def cells_given(row: Mapping[Any, Any]) -> int:
    """How many cells a row had that `csv.DictReader` read: more than its columns, or fewer.

    >>> cells_given({"a": "1", "b": None}), cells_given({"a": "1", None: ["2", "3"]})
    (1, 3)
    """
    return sum(value is not None for name, value in row.items() if name is not None) + len(row.get(None) or ())


def check_columns(source: Path, columns: Sequence[str], known: Sequence[str]) -> None:
    """UnusableError where a header is missing, holds a name that is not known, or one twice."""
    if not columns:
        raise UnusableError(f"{source}: no header line")
    unknown = [name for name in columns if name not in known]
    if unknown:
        raise UnusableError(f"{source}: column '{unknown[0]}' is not known; known are {', '.join(known)}")
    twice = {name for name in columns if columns.count(name) > 1}
    if twice:
        raise UnusableError(f"{source}: column '{min(twice)}' stands there twice")


def _chunks(reader: csv.DictReader[str]) -> Iterator[list[Numbered]]:
    numbered = ((reader.line_num, dict(row)) for row in reader)
    while rows := list(islice(numbered, CHUNK_ROWS)):
        yield rows


def _chunk(
    file: str,
    rows: list[Numbered],
    writer: csv.DictWriter[str],
    answer: Answer,
    columns: Sequence[str],
    kept: Sequence[str],
) -> int:
    ragged = {
        place: f"{file}, line {line}: the row has {given} cells; it must have {len(columns)}, one for each column"
        for place, (line, row) in enumerate(rows)
        if (given := cells_given(row)) != len(columns)
    }
    cases = [{name: str(row.get(name) or "").strip() for name in columns} for _, row in rows]
    sound = [case for place, case in enumerate(cases) if place not in ragged]
    answers = iter(answer(sound))
    failed = 0
    for place, case in enumerate(cases):
        found = {ERROR: ragged[place]} if place in ragged else dict(next(answers))
        failed += bool(found.get(ERROR))
        writer.writerow({name: case[name] for name in kept} | found)
    return failed
