"""A CSV as a stream of blocks; its header line is checked first."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from core.batch.block import Block
from core.batch.records import end_of_records
from core.headless.cases import UnusableError, check_columns

MARK = b"\xef\xbb\xbf"  # of UTF-8, as spreadsheets write it
ROWS = 4_096  # of a block whose rows Python's reader reads
BLOCK_BYTES = 1 << 21


@dataclass(slots=True)
class Place:
    """How far a file is read: lines and bytes before the next block."""

    line: int = 1
    byte: int = 0


def csv_blocks(
    source: Path, file: BinaryIO, known: Sequence[str], block_bytes: int = BLOCK_BYTES
) -> tuple[list[str], Iterator[Block]]:
    """The columns of a CSV, and its rows in blocks; UnusableError where it is no table of known columns."""
    place = Place()
    held = file.read(max(block_bytes, len(MARK)))
    if held.startswith(MARK):
        held, place.byte = held[len(MARK) :], len(MARK)
    end = end_of_records(held, len(held) < block_bytes)
    if end <= 0:  # not plain from the start, or a line longer than a block
        rows = _reader(source, held, file, place, header=True)
        columns = _header(source, next(rows, (0, []))[1], known)
        return columns, _in_rows(rows)
    text = _decoded(source, held[:end], place.byte)
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines)
    columns = _header(source, next(reader, []), known)
    head = "".join(islice(io.StringIO(text, newline=""), reader.line_num)).encode()
    place.line, place.byte = 1 + reader.line_num, place.byte + len(head)
    return columns, _in_bytes(source, held[len(head) :], file, place, block_bytes)


def _header(source: Path, cells: Sequence[str], known: Sequence[str]) -> list[str]:
    columns = [name.strip() for name in cells]
    check_columns(source, columns, known)
    return columns


def _decoded(source: Path, data: bytes, first_byte: int) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UnusableError(f"{source}: byte {first_byte + error.start} is not UTF-8") from error


def _in_bytes(source: Path, held: bytes, file: BinaryIO, place: Place, block_bytes: int) -> Iterator[Block]:
    """Blocks of bytes as long as the file is plain, and rows of cells from where it is not."""
    whole = False
    while True:
        while not whole and len(held) < block_bytes:
            more = file.read(block_bytes - len(held))
            whole = not more
            held += more
        if not held:
            return
        end = end_of_records(held, whole)
        if end <= 0:
            yield from _in_rows(_reader(source, held, file, place))
            return
        data, held = held[:end], held[end:]
        yield Block(place.line, place.byte, data, b'"' in data)
        place.line += data.count(b"\n")
        place.byte += end


class _Joined(io.RawIOBase):
    """Bytes already read, then the file they came from."""

    def __init__(self, held: bytes, file: BinaryIO) -> None:
        self._held, self._file = io.BytesIO(held), file

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """The next bytes."""
        view = memoryview(cast(bytearray, buffer))
        data = self._held.read(len(view)) or self._file.read(len(view))
        view[: len(data)] = data
        return len(data)


def _reader(
    source: Path, held: bytes, file: BinaryIO, place: Place, header: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Rows by Python's reader, each with the line on which it ends; a blank line is none, unless it is the header."""
    text = io.TextIOWrapper(io.BufferedReader(_Joined(held, file)), encoding="utf-8", newline="")
    reader = csv.reader(text)
    try:
        for number, cells in enumerate(reader):
            if cells or (header and number == 0):
                yield place.line - 1 + reader.line_num, cells
    except UnicodeDecodeError as error:
        raise UnusableError(f"{source}: byte {place.byte + error.start} is not UTF-8") from error
    except csv.Error as error:
        raise UnusableError(f"{source}: {error}") from error


def _in_rows(rows: Iterator[tuple[int, list[str]]]) -> Iterator[Block]:
    while found := tuple(islice(rows, ROWS)):
        yield Block(rows=found)
