"""A text file as checked rows: size, encoding, columns and cells, each refused with its row and reason."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.imports.reading import RefusedError

MOST_BYTES = 50_000_000
MOST_ROWS = 1_000_000
MISSING = ("", "[n/a]", "n/a", "[not supported]", "[unknown error]", "nan")
LONGEST_SHOWN = 40
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_S = 4e9  # since 1970: the year 2096
LEAST_SEMICOLONS = 2
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")


def text_of(name: str, raw: bytes) -> str:
    """The text of a file; RefusedError when it is empty, too large, or none."""
    if not raw:
        raise RefusedError(f"{name} is empty (0 bytes)")
    if len(raw) > MOST_BYTES:
        raise RefusedError(f"{name} has {len(raw):,} bytes; the limit is {MOST_BYTES:,} bytes: split it by time")
    if b"\x00" in raw:
        raise RefusedError(f"{name} is no text: byte {raw.index(0):,} is 0; give the file the tool wrote")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(f"{name} is no UTF-8 text: byte {error.start:,} cannot be read") from None


def unspread(text: str) -> str:
    """A table that a spreadsheet saved with semicolons and decimal commas, as the tool wrote it; any other as it is.

    >>> unspread("a;b;c\\n1,5;x;-2,25\\n")
    'a,b,c\\n1.5,x,-2.25\\n'
    """
    first = text.lstrip().split("\n", 1)[0]
    if first.count(";") < LEAST_SEMICOLONS or "," in first or "|" in first:
        return text
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    try:
        for cells in csv.reader(io.StringIO(text), delimiter=";", strict=True):
            writer.writerow(
                [cell.replace(",", ".") if DECIMAL_COMMA.fullmatch(cell.strip()) else cell for cell in cells]
            )
    except csv.Error:
        return text
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place in the file, and its cells by column."""

    where: str
    number: int
    cells: dict[str, str]

    def amount(self, column: str) -> float:
        """The number in a cell, 0 or more; RefusedError otherwise."""
        found = self.maybe(column)
        if found is None:
            said = f"'{shown(self.cells[column])}' is not" if self.cells[column] else "the cell is blank; it must be"
            raise RefusedError(f"{self.where}, column {shown(column)}: {said} a number")
        return found

    def maybe(self, column: str, unit: str = "") -> float | None:
        """The number in a cell, None where the tool says that it had none."""
        text = self.cells[column]
        if text.lower() in MISSING:
            return None
        bare = text.removesuffix(unit).strip() if unit else text
        try:
            value = float(bare)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in bare:
            must = f"a number{f' in {unit}' if unit else ''}"
            raise RefusedError(f"{self.where}, column {shown(column)}: '{shown(text)}' is not {must}")
        if value < 0:
            raise RefusedError(f"{self.where}, column {shown(column)}: {shown(text)} is negative; energy is 0 or more")
        return value

    def seconds(self, column: str) -> float:
        """The seconds in a cell, as a length or since 1970; RefusedError where no calendar holds so many."""
        found = self.amount(column)
        if found > MOST_S:
            raise RefusedError(f"{self.where}, column {shown(column)}: it is {found:g} s; the limit is {MOST_S:,.0f} s")
        return found

    def lasting(self, column: str, energy: float) -> float:
        """The seconds in a cell; RefusedError where the row counts energy in none."""
        found = self.seconds(column)
        if energy and not found:
            raise RefusedError(
                f"{self.where}, column {shown(column)}: it is 0 s, but the row counts energy; that takes time"
            )
        return found

    def time(self, column: str, form: str = "") -> datetime:
        """The time in a cell; RefusedError where it is none."""
        text = self.cells[column]
        try:
            found = datetime.strptime(text, form) if form else datetime.fromisoformat(text)
        except ValueError:
            raise RefusedError(f"{self.where}, column {shown(column)}: '{shown(text)}' is not a time") from None
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise RefusedError(
                f"{self.where}, column {shown(column)}: the year is {found.year}; "
                f"it must lie in [{FIRST_YEAR}, {LAST_YEAR}]"
            )
        return found


def shown(text: str) -> str:
    """A cell in a sentence, cut where it is long."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def header_of(text: str, delimiter: str) -> list[str]:
    """The names in the first line; none where it is no line of a table."""
    first = text.lstrip().split("\n", 1)[0].rstrip("\r")
    try:
        return [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
    except csv.Error:
        return []


def rows_of(name: str, text: str, delimiter: str, needed: Sequence[str], what: str, ragged: str = "") -> Iterator[Row]:
    """The rows under a header with the columns needed, each as long as it; `ragged` says why one may not be."""
    header = header_of(text, delimiter)
    lacking = [column for column in needed if column not in header]
    if lacking:
        raise RefusedError(f"{name}: the column '{lacking[0]}' is missing; a {what} file has {', '.join(needed)}")
    twice = next((column for column in header if column and header.count(column) > 1), "")
    if twice:
        raise RefusedError(f"{name}: the column '{shown(twice)}' stands there twice")
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    count = 0
    try:
        next(reader)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            where = f"{name}, row {reader.line_num}"
            if len(cells) != len(header):
                must = f"it must have {len(header)}, one for each column{ragged}"
                raise RefusedError(f"{where}: it has {len(cells)} cell{'s' * (len(cells) != 1)}; {must}")
            if count > MOST_ROWS:
                raise RefusedError(f"{name} has over {MOST_ROWS:,} rows; the limit is {MOST_ROWS:,}: split it by time")
            yield Row(where, reader.line_num, {n: c.strip() for n, c in zip(header, cells, strict=True)})
    except csv.Error as error:
        raise RefusedError(f"{name}, row {reader.line_num}: {error}") from None
    if not count:
        raise RefusedError(f"{name} holds a header and no row")
