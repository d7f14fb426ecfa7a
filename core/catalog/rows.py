"""Strict reading of a data file: each complaint names file, line, column and value."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

STATUSES = frozenset({"verified", "secondary", "unverified", "rumour", "undisclosed", "assumption"})

Record = TypeVar("Record")


class CatalogError(ValueError):
    """A data file that cannot be trusted: the app stops with the place and the reason."""


class Row:
    """One line of a data file, its cells by column name."""

    __slots__ = ("cells", "file", "line")

    def __init__(self, file: str, line: int, cells: dict[str, str]) -> None:
        self.file, self.line, self.cells = file, line, cells

    def fail(self, column: str, reason: str) -> NoReturn:
        """Stop, saying where."""
        value = self.cells.get(column, "")
        raise CatalogError(f"{self.file}, line {self.line}: {column} is {value!r}: {reason}")

    def text(self, column: str) -> str:
        """A cell that must not be empty."""
        return self.cells[column] or self.fail(column, "the cell is empty")

    def number(self, column: str) -> float:
        """A finite number."""
        try:
            value = float(self.text(column))
        except ValueError as error:
            if isinstance(error, CatalogError):
                raise
            self.fail(column, "not a number")
        return value if math.isfinite(value) else self.fail(column, "not a finite number")

    def whole(self, column: str) -> int:
        """A number without a fraction."""
        value = self.number(column)
        return int(value) if value.is_integer() else self.fail(column, "not a whole number")

    def flag(self, column: str) -> bool:
        """A 0 or a 1."""
        value = self.text(column)
        return value == "1" if value in {"0", "1"} else self.fail(column, "neither 0 nor 1")

    def one_of(self, column: str, known: Collection[str], what: str) -> None:
        """Every key in a cell, parted by semicolons, is a known one."""
        for key in self.text(column).split(";"):
            if key not in known:
                self.fail(column, f"{key!r} is not a known {what}")

    def rising(self, *columns: str) -> None:
        """The cells stand in rising order, empty ones left out."""
        present = [column for column in columns if self.cells[column]]
        values = [self.number(column) for column in present]
        for left, right, column in zip(values, values[1:], present[1:], strict=False):
            if left > right:
                self.fail(column, f"smaller than the column before it ({left:g}): {', '.join(columns)} must rise")


def blank_or(read: Callable[[Row, str], Any]) -> Callable[[Row, str], Any]:
    """The same reader, with None for an empty cell."""
    return lambda row, column: read(row, column) if row.cells[column] else None


READERS: Mapping[str, Callable[[Row, str], Any]] = {
    "str": Row.text,
    "int": Row.whole,
    "float": Row.number,
    "bool": Row.flag,
    "int | None": blank_or(Row.whole),
    "float | None": blank_or(Row.number),
}


def read(folder: Path, file: str, columns: Collection[str]) -> list[Row]:
    """The rows of one file, which must have exactly these columns in any order."""
    return list(lines_of(folder, file, lambda header: check_header(file, header, columns)))


def lines_of(folder: Path, file: str, check: Callable[[list[str]], None] = lambda _: None) -> Iterator[Row]:
    """The rows of one file by its own header, which `check` may refuse; CatalogError where one cannot be read."""
    reader = csv.reader(io.StringIO(text_of(folder, file), newline=""), strict=True)
    try:
        header = next(reader, [])
        check(header)
        for cells in reader:
            yield Row(file, reader.line_num, pair(file, reader.line_num, header, cells))
    except csv.Error as error:
        raise CatalogError(f"{file}, line {reader.line_num}: cannot be read: {error}") from error


def text_of(folder: Path, file: str) -> str:
    """The text of a data file; CatalogError says where it is none."""
    try:
        return (folder / file).read_bytes().decode()
    except OSError as error:
        raise CatalogError(f"{file}: cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CatalogError(f"{file}, line {line}: byte {error.start + 1:,} of the file is no UTF-8") from error


def check_header(file: str, header: list[str], columns: Collection[str]) -> None:
    """Each expected column stands there once, and no other."""
    wrong = [f"{name!r} is not a known column" for name in header if name not in columns]
    wrong += [f"{name!r} is missing" for name in columns if name not in header]
    wrong += [f"{name!r} stands there twice" for name in sorted(set(header)) if header.count(name) > 1]
    if wrong:
        raise CatalogError(f"{file}, line 1: column {'; '.join(wrong)}")


def pair(file: str, line: int, header: list[str], cells: list[str]) -> dict[str, str]:
    """The cells of a line by column, when there are as many as columns."""
    if len(cells) != len(header):
        must = f"it must have {len(header)}, one for each column"
        raise CatalogError(f"{file}, line {line}: the row has {len(cells)} cells; {must}")
    return dict(zip(header, cells, strict=True))


def columns_of(kind: type, *, without: Collection[str] = ()) -> list[str]:
    """The columns a record is read from: its fields, less those worked out elsewhere."""
    return [field.name for field in fields(kind) if field.name not in without]


def record(kind: type[Record], row: Row, **worked_out: Any) -> Record:
    """A record out of a row, each field read as its type says."""
    values = dict(worked_out)
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name in worked_out:
            continue
        may_be_empty = field.type == "str" and field.default is not MISSING
        values[field.name] = row.cells[field.name] if may_be_empty else READERS[str(field.type)](row, field.name)
    return kind(**values)


def keyed(rows: Iterable[Row], key: Callable[[Row], str], column: str) -> dict[str, Row]:
    """Rows by key, none of them twice."""
    found: dict[str, Row] = {}
    for row in rows:
        name = key(row)
        if name in found:
            first = found[name]
            row.fail(column, f"repeats the key of {first.file}, line {first.line}")
        found[name] = row
    return found


def frozen(mapping: dict[str, Record]) -> Mapping[str, Record]:
    """A view that nobody can write into."""
    return MappingProxyType(mapping)
