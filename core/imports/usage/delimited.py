"""Tables of text, streamed: comma, semicolon, tab or bar; only cells of columns that are taken are ever decoded.

Lines are cut as bytes, so that a prompt in another column is skipped and never becomes text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.imports.reading import RefusedError
from core.imports.sheet import shown
from core.imports.usage.record import Entry, RowError
from core.imports.usage.source import read_some

DELIMITERS = (",", ";", "\t", "|")
MOST_RECORD_BYTES = 33_554_432
MOST_COLUMNS = 2_000
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
BLOCK_BYTES = 1_048_576
UTF_8 = "UTF-8"
ENCODINGS = {UTF_8: "utf-8", "Windows-1252": "cp1252"}  # the second is what spreadsheets of Western Europe write
NO_TEXT = "is no {} text"
PAIR = b"\x01\x01"  # stands for a doubled quotation mark while a row is cut
MOST_MARKS = 4 * MOST_COLUMNS
OVERLONG = f"it has over {MOST_RECORD_BYTES:,} bytes; the limit is {MOST_RECORD_BYTES:,} bytes"
OPEN = f"a quotation mark is not closed within {MOST_RECORD_BYTES:,} bytes or at all; the rest was not read"
UNSOUND = "a quotation mark stands where none may"


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


def note(unread: set[str], names: Collection[str]) -> None:
    """Add the names of what is not read, up to as many as anybody looks at."""
    if len(unread) < MOST_COLUMNS:
        unread.update(names)


def rows(
    stream: BinaryIO, header: Header, columns: Collection[str], unread: set[str], encoding: str = UTF_8
) -> Iterator[Entry | Refused]:
    """The rows under a header, of each the cells taken; `unread` gains the names of the columns that are not."""
    wanted = {name.lower(): name for name in columns}
    kept = [(wanted[name.lower()], place) for place, name in enumerate(header.names) if name.lower() in wanted]
    note(unread, [name for name in header.names if name and name.lower() not in wanted])
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
                yield Entry(place, _words([found[where] for _, where in kept], names, comma, encoding))
            except RowError as error:
                yield Refused(place, str(error))


def _words(raws: list[bytes], names: list[str], comma: bool, encoding: str) -> dict[str, str]:
    """Cells as text by column: all at once where none needs a closer look."""
    joined = b"\n".join(raws)
    if not raws or comma or b'"' in joined or b"\x00" in joined or not joined.isascii():
        return {name: _word(raw, name, comma, encoding) for name, raw in zip(names, raws, strict=True)}
    return dict(zip(names, [word.strip() for word in joined.decode().split("\n")], strict=True))


def _word(raw: bytes, column: str, comma: bool, encoding: str) -> str:
    """A cell as text; where semicolons part cells, a comma in a number is a decimal comma."""
    cell = raw.strip()
    if cell.startswith(b'"'):
        inner = cell[1:-1].replace(b'""', PAIR)
        if len(cell) == 1 or not cell.endswith(b'"') or b'"' in inner:
            raise RowError(f"{column}: {UNSOUND}")
        cell = inner.replace(PAIR, b'"')
    try:
        word = cell.decode(ENCODINGS[encoding]).strip()
    except UnicodeDecodeError:
        raise RowError(f"{column} {NO_TEXT.format(encoding)}") from None
    if "\x00" in word:
        raise RowError(f"{column} holds a byte that is 0")
    return word.replace(",", ".") if comma and DECIMAL_COMMA.fullmatch(word) else word


def _records(stream: BinaryIO, header: Header) -> Iterator[tuple[int, list[bytes] | str]]:
    """The cells of each row that is not blank, or why it has none, with the line on which it begins."""
    delimiter, number = header.delimiter.encode(), 1
    for raw in _raw_records(stream, delimiter):
        if isinstance(raw, str) or len(raw) > MOST_RECORD_BYTES:
            yield number, raw if isinstance(raw, str) else OVERLONG
            number += 1 if isinstance(raw, str) else raw.count(b"\n")
            continue
        if number > header.lines and raw.strip():
            cells = _cells(raw.rstrip(b"\r\n"), delimiter)
            yield number, UNSOUND if cells is None else cells
        number += raw.count(b"\n")


def _raw_records(stream: BinaryIO, delimiter: bytes) -> Iterator[bytes | str]:
    """The bytes of each row, line breaks in its cells included; a sentence for one that is overlong or never ends."""
    block, flat, at, ended = b"", b"", 0, False
    while True:
        end = _row_end(flat, at, delimiter)
        if end:
            yield block[at:end]
            at = end
        elif not ended and len(block) - at <= MOST_RECORD_BYTES:
            more = read_some(stream, max(BLOCK_BYTES, len(block) - at))
            block, at, ended = block[at:] + more, 0, not more
            flat = block.replace(b'""', PAIR)
        elif not ended and b"\n" not in block[at:]:
            yield OVERLONG
            block = _after_line(stream)
            flat, at = block.replace(b'""', PAIR), 0
        elif block[at:]:
            last = block[at:]
            yield last if ended and _row_end(flat[at:] + b"\n", 0, delimiter) else OPEN
            return
        else:
            return


def _row_end(flat: bytes, at: int, delimiter: bytes) -> int:
    """Where the row that begins at a place ends; 0 where its end is not there yet. Doubled marks are taken out."""
    end = flat.find(b"\n", at)
    if end < 0 or not flat.count(b'"', at, end) % 2 or not _opens(flat[at:end], delimiter):
        return end + 1
    while (mark := flat.find(b'"', end + 1)) >= 0 and (end := flat.find(b"\n", mark)) >= 0:
        if flat.count(b'"', mark, end) % 2:
            return end + 1
    return 0


def _opens(line: bytes, delimiter: bytes) -> bool:
    """Whether some cell begins with a quotation mark; where none does, marks are inches and the like."""
    return re.search(rb"(?:^|" + re.escape(delimiter) + rb') *\x01*"', line) is not None


def _after_line(stream: BinaryIO) -> bytes:
    """What follows the end of a line that is too long to be kept."""
    while more := read_some(stream, BLOCK_BYTES):
        if b"\n" in more:
            return more.partition(b"\n")[2]
    return b""


def _cells(row: bytes, delimiter: bytes) -> list[bytes] | None:
    """The cells of a row as they stand in it; None where its quotation marks do not close, or are too many."""
    if b'"' not in row:
        return row.split(delimiter)
    flat = row.replace(b'""', PAIR)
    marks = flat.count(b'"')
    if marks % 2 and not _opens(flat, delimiter):
        return row.split(delimiter)
    if marks % 2 or marks > MOST_MARKS:
        return None
    cells, begin = [], 0
    for start, part in _outside(flat):
        end = start
        for piece in part.split(delimiter)[:-1]:
            end += len(piece)
            cells.append(row[begin:end])
            end = begin = end + len(delimiter)
    return [*cells, row[begin:]]


def _outside(flat: bytes) -> Iterator[tuple[int, bytes]]:
    """The stretches of a row outside quotation marks, with where each begins."""
    at = 0
    for place, part in enumerate(flat.split(b'"')):
        if place % 2 == 0:
            yield at, part
        at += len(part) + 1
