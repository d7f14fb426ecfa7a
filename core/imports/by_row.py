"""A CSV whose wrong rows are left out one by one: each told by line and column, while the rest loads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Generic, TypeVar

from core.imports.reading import RefusedError
from core.imports.sheet import shown, text_of
from core.plan.cells import build, checked
from core.plan.csv_rows import BrokenCsvError, csv_rows
from core.plan.knob import parse_number
from core.plan.record import Record
from core.plan.told import told as all_told

R = TypeVar("R", bound=Record)

DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class ByRow(Generic[R]):
    """The rows of a file that can be taken, and a sentence for each that cannot."""

    rows: tuple[R, ...]
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Line:
    """One row of a file: its line, its cells by column in small letters, and what is wrong with it."""

    number: int
    cells: dict[str, str]
    wrong: list[str] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)  # by field, the file's column that a number was taken from

    def refuse(self, column: str, sentence: str) -> None:
        """Say what is wrong with a cell; blank: with the row as a whole."""
        self.wrong.append(f"line {self.number}{f', column {column}' if column else ''}: {sentence}")

    def scaled(self, column: str, name: str, factor: float) -> None:
        """Take the number of a column in another unit into the column `name`."""
        text = self.cells.pop(column, "")
        if not text:
            return
        if self.cells.get(name):
            self.refuse(column, f"{name} stands in this row too; give one of the two")
            return
        try:
            value = parse_number(text)
        except ValueError:
            self.refuse(column, f"{column} is '{shown(text)}', not a number")
        else:
            self.cells[name] = "" if value is None else repr(value * factor)
            self.own[name] = column


def lines_of(
    name: str, raw: bytes, known: Collection[str], needed: Sequence[Sequence[str]]
) -> tuple[list[Line], list[str]]:
    """The rows of a file and what is wrong with it; RefusedError where it is no CSV with the columns needed.

    Of each group in `needed` one column must be there. Names of columns are read in small letters.
    """
    text = text_of(name, raw)
    header = text.split("\n", 1)[0]
    delimiter = (
        ";" if header.count(";") > header.count(",") else "\t" if header.count("\t") > header.count(",") else ","
    )
    rows = csv_rows(text, delimiter)
    problems: list[str] = []
    found: list[Line] = []
    try:
        columns = [column.strip().lower() for column in next(rows, (1, []))[1]]
        _check_header(name, columns, known, needed, problems)
        for number, cells in rows:
            if len(cells) == len(columns):
                found.append(Line(number, _cells(columns, cells, delimiter)))
            else:
                problems.append(f"line {number}: it has {len(cells)} cells, not {len(columns)}; it was left out")
    except BrokenCsvError as error:
        problems.append(str(error))
    if not found and not problems:
        raise RefusedError(f"{name} holds a header and no row")
    return found, problems


def _check_header(
    name: str, columns: list[str], known: Collection[str], needed: Sequence[Sequence[str]], problems: list[str]
) -> None:
    for group in needed:
        if not set(group) & set(columns):
            what = f"the column '{group[0]}'" if len(group) == 1 else f"one of the columns {', '.join(group)}"
            raise RefusedError(f"{name}: {what} is missing; known are {', '.join(known)}")
    twice = next((column for column in columns if column and columns.count(column) > 1), "")
    if twice:
        raise RefusedError(f"{name}: the column '{shown(twice)}' stands there twice")
    problems += [f"line 1: column '{shown(c)}' is not known and was left out" for c in columns if c not in known]


def _cells(columns: list[str], cells: list[str], delimiter: str) -> dict[str, str]:
    """Cells by column. Where semicolons part them, a comma in a number can only be a decimal comma."""
    found = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    if delimiter == ";":
        found = {c: t.replace(",", ".") if DECIMAL_COMMA.fullmatch(t) else t for c, t in found.items()}
    return found


def record_of(cls: type[R], line: Line, more: Mapping[str, str]) -> R | None:
    """A row as a record; None where something is wrong, which its line then says."""
    fields, wrong = checked(cls, {**line.cells, **more})
    for column, sentence in wrong.items():
        mine = line.own.get(column, column)
        said = sentence if mine == column else sentence.replace(f"{column} is", f"{mine}, as {column}, is", 1)
        line.refuse(mine, said)
    if line.wrong:
        return None
    record, sentences = build(cls, fields)
    for sentence in sentences:
        line.refuse("", sentence)
    return record


def source_of(name: str) -> str:
    """The file as the source of rows that name none."""
    return PurePath(name).name[:LONGEST_SOURCE] or "a file"


def at_most(most: int, what: str, lines: list[Line], problems: list[str]) -> list[Line]:
    """The first rows; those beyond the limit are told."""
    if len(lines) > most:
        problems.append(f"the file has {len(lines):,} {what}; the limit is {most:,}; the rest was left out")
    return lines[:most]


def told(lines: Iterable[Line], problems: list[str]) -> tuple[str, ...]:
    """Every sentence about a file, those on rows by line; each says that its row was left out."""
    return all_told([*problems, *(f"{sentence}; the row was left out" for line in lines for sentence in line.wrong)])
