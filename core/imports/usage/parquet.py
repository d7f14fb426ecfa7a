"""Tables in Parquet, streamed batch by batch: only columns that are taken are ever read from the file.

AWS and Azure write their bills so. Columns of groups (maps and structs) become mappings; times become text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.imports.reading import RefusedError
from core.imports.usage.record import Entry
from core.imports.usage.source import Source

MAGIC = b"PAR1"
ROWS_A_BATCH = 5_000
MOST_GROUP_BYTES = 2_000_000_000  # unpacked, in one group of rows: at most that much is held at once
MOST_COLUMNS = 2_000
MOST_ROWS = 100_000_000  # a file of some kB may hold as many, if they are all alike
INSIDE = re.compile(r"thrift|Exception|Error|::")
BROKEN = (pa.ArrowException, OSError, ValueError, EOFError)


def is_parquet(source: Source) -> bool:
    """Whether a file begins as Parquet does."""
    with source.open() as stream:
        return stream.read(len(MAGIC)) == MAGIC


def columns_of(source: Source) -> tuple[str, ...]:
    """The names of the columns; RefusedError where the file is broken."""
    with source.open() as stream:
        return tuple(_opened(source, stream).schema_arrow.names)


def rows(
    source: Source, columns: Collection[str], unread: set[str], tell: Callable[[int], None] | None = None
) -> Iterator[Entry]:
    """Every row, of the columns that are taken; `unread` gains the names of the others, `tell` hears of bytes done."""
    wanted = {name.lower(): name for name in columns}
    with source.open() as stream:
        file = _opened(source, stream)
        kept = {name: wanted[name.lower()] for name in file.schema_arrow.names if name.lower() in wanted}
        unread.update(name for name in file.schema_arrow.names if name not in kept)
        _fits(source, file)
        count, whole = 0, max(file.metadata.num_rows, 1)
        try:
            for batch in file.iter_batches(batch_size=ROWS_A_BATCH, columns=list(kept)):
                for cells in batch.to_pylist():
                    count += 1
                    yield Entry(f"row {count:,}", {kept[name]: _plain(cell) for name, cell in cells.items()})
                if tell is not None:
                    tell(source.size_bytes * count // whole)
        except BROKEN as error:
            raise RefusedError(f"{source.name}: it is no whole Parquet file: {_first_line(error)}") from None


def _opened(source: Source, stream: Any) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(stream)
    except BROKEN as error:
        raise RefusedError(f"{source.name}: it is no whole Parquet file: {_first_line(error)}") from None
    if len(file.schema_arrow.names) > MOST_COLUMNS:
        raise RefusedError(f"{source.name} has {len(file.schema_arrow.names):,} columns; the limit is {MOST_COLUMNS:,}")
    return file


def _fits(source: Source, file: pq.ParquetFile) -> None:
    """Refuse a file of more rows than can be read, or whose groups of rows would not fit into memory."""
    if file.metadata.num_rows > MOST_ROWS:
        raise RefusedError(
            f"{source.name} has {file.metadata.num_rows:,} rows; the limit is {MOST_ROWS:,}: split it by time"
        )
    for number in range(file.metadata.num_row_groups):
        # never a column's own description, `.column(n)`: where it is broken, the library ends the whole process
        size_bytes = file.metadata.row_group(number).total_byte_size
        if size_bytes > MOST_GROUP_BYTES:
            raise RefusedError(
                f"{source.name}, group {number + 1:,} of its rows: {size_bytes:,} bytes; the limit is "
                f"{MOST_GROUP_BYTES:,}: write it in smaller groups"
            )


def _plain(cell: Any) -> Any:
    """A cell as a table of text or a document would hold it."""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, list) and cell and all(isinstance(one, tuple) and len(one) == 2 for one in cell):
        return {str(name): _plain(value) for name, value in cell}
    if isinstance(cell, dict):
        return {name: _plain(value) for name, value in cell.items()}
    return "" if cell is None else cell


def _first_line(error: BaseException) -> str:
    """Why the library gave up, unless it names only its own parts."""
    said = (str(error).splitlines() or ["it cannot be read"])[0][:200]
    return "its description of itself cannot be read" if INSIDE.search(said) else said
