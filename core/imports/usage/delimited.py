"""Tables of text, streamed: comma, semicolon, tab or bar; only cells of columns that are taken are ever decoded.

Lines are cut as bytes, so that a prompt in another column is skipped and never becomes text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

from core.imports.reading import RefusedError
from core.imports.sheet import shown
from core.imports.usage.record import Entry, RowError

DELIMITERS = (",", ";", "\t", "|")
MOST_RECORD_BYTES = 33_554_432
MOST_COLUMNS = 2_000
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
OVERLONG = f"it has over {MOST_RECORD_BYTES:,} bytes; the limit is {MOST_RECORD_BYTES:,} bytes"
OPEN = f"a quotation mark is not closed within {MOST_RECORD_BYTES:,} bytes; the rest of the file was not read"


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be read, and why."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, what parts them, and how many lines they take."""

    names: tuple[str, ...]
    delimiter: str
    lines: int = 1


def header_of(text: str) -> Header:
    """The header of a table; without names where the first line is none."""
    lines = text.split("\n", 2)
    told = re.fullmatch(r'"?sep=(.)"?\r?', lines[0])  # spreadsheets write it
    first = (lines[1] if told and len(lines) > 1 else lines[0]).rstrip("\r")
    delimiter = told[1] if told else max(DELIMITERS, key=first.count)
    try:
        cells = next(csv.reader([first], delimiter=delimiter), [])
    except csv.Error:
        cells = []
    names = tuple(cell.strip() for cell in cells)
    return Header(names if len(names) <= MOST_COLUMNS else (), delimiter, 2 if told else 1)


def rows(stream: BinaryIO, header: Header, columns: Collection[str], unread: set[str]) -> Iterator[Entry | Refused]:
    """The rows under a header, of each the cells taken; `unread` gains the names of the columns that are not."""
    wanted = {name.lower(): name for name in columns}
    kept = [(wanted[name.lower()], place) for place, name in enumerate(header.names) if name.lower() in wanted]
    unread.update(name for name in header.names if name and name.lower() not in wanted)
    names = [name for name, _ in kept]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise RefusedError(f"the column '{shown(twice)}' stands there twice")
    comma = header.delimiter == ";"
    for number, found in _records(stream, header):
        place = f"row {number:,}"
        if isinstance(found, str):
            yield Refused(place, found)
        elif len(found) != len(header.names):
            yield Refused(place, f"it has {len(found)} cells; it must have {len(header.names)}, one for each column")
        else:
            try:
                yield Entry(place, {name: _word(found[where], name, comma) for name, where in kept})
            except RowError as error:
                yield Refused(place, str(error))


def _word(raw: bytes, column: str, comma: bool) -> str:
    """A cell as text; where semicolons part cells, a comma in a number is a decimal comma."""
    try:
        word = raw.decode().strip()
    except UnicodeDecodeError:
        raise RowError(f"{column} is no UTF-8 text") from None
    if "\x00" in word:
        raise RowError(f"{column} holds a byte that is 0")
    return word.replace(",", ".") if comma and DECIMAL_COMMA.fullmatch(word) else word


def _records(stream: BinaryIO, header: Header) -> Iterator[tuple[int, list[bytes] | str]]:
    """The cells of each row that is not blank, or why it has none, with the line on which it begins."""
    delimiter, number = header.delimiter.encode(), 0
    while line := stream.readline(MOST_RECORD_BYTES):
        number += 1
        if len(line) == MOST_RECORD_BYTES and not line.endswith(b"\n"):
            _skip_line(stream)
            yield number, OVERLONG
        elif number <= header.lines or not line.strip():
            continue
        elif b'"' not in line:
            yield number, line.rstrip(b"\r\n").split(delimiter)
        else:
            first, cells = number, _cells(line, delimiter)
            if cells is None and line.count(b'"') % 2:
                whole, more = _closed(stream, line)
                number += more
                if whole is None:
                    yield first, OPEN
                    return
                cells = _cells(whole, delimiter)
            yield first, cells if cells is not None else "a quotation mark stands where none may"


def _skip_line(stream: BinaryIO) -> None:
    while (more := stream.readline(MOST_RECORD_BYTES)) and not more.endswith(b"\n"):
        pass


def _closed(stream: BinaryIO, first: bytes) -> tuple[bytes | None, int]:
    """A row whose cells run over lines, up to the line that closes its last quotation mark; and how many it took."""
    parts, size, quotes = [first], len(first), first.count(b'"')
    while quotes % 2 and (line := stream.readline(MOST_RECORD_BYTES)):
        parts.append(line)
        size += len(line)
        quotes += line.count(b'"')
        if size > MOST_RECORD_BYTES:
            return None, len(parts) - 1
    return b"".join(parts), len(parts) - 1


def _cells(line: bytes, delimiter: bytes) -> list[bytes] | None:
    """The cells of a row with quotation marks; None where they do not stand as they must."""
    found = _pattern(delimiter).findall(line.rstrip(b"\r\n"))
    if any(wrong for _, _, _, wrong in found):
        return None
    last = next(place for place, (_, _, end, _) in enumerate(found) if not end)
    return [quoted.replace(b'""', b'"') or plain for quoted, plain, _, _ in found[: last + 1]]


@cache
def _pattern(delimiter: bytes) -> re.Pattern[bytes]:
    """A cell in quotation marks or none, with what ends it; or a byte that fits nowhere."""
    mark = re.escape(delimiter)
    return re.compile(
        rb'(?:[ ]*"([^"]*(?:""[^"]*)*)"|([^"' + mark + rb"][^" + mark + rb"]*|))(" + mark + rb"|\Z)|(.)", re.DOTALL
    )
