"""A file of cases, CSV or Parquet, as a stream of blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from core.batch.block import Block
from core.batch.csv_blocks import BLOCK_BYTES, csv_blocks
from core.headless.cases import UnusableError, check_columns

PARQUET = b"PAR1"  # how such a file begins
BLOCK_ROWS = 16_384
BUFFER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """The columns of a file and its blocks; `size` is its rows or bytes, None where neither is known beforehand."""

    columns: list[str]
    blocks: Iterator[Block]
    size: int | None


@contextmanager
def opened(path: Path, known: Sequence[str], block_bytes: int = BLOCK_BYTES) -> Iterator[Source]:
    """A file to read; UnusableError where it cannot be read or has a column that is not known."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise unread(path, error) from error
    with file:
        try:
            source = _source(path, file, known, block_bytes)
        except OSError as error:
            raise unread(path, error) from error
        yield source


def _source(path: Path, file: BinaryIO, known: Sequence[str], block_bytes: int) -> Source:
    regular = path.is_file()
    if regular and file.read(len(PARQUET)) == PARQUET:
        return _parquet(path, known, max(block_bytes * BLOCK_ROWS // BLOCK_BYTES, 1))
    if regular:
        file.seek(0)
    columns, blocks = csv_blocks(path, file, known, block_bytes)
    return Source(columns, _told(path, blocks), path.stat().st_size if regular else None)


def _told(path: Path, blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks; a file that cannot be read any further is told in one sentence."""
    try:
        yield from blocks
    except OSError as error:
        raise unread(path, error) from error


def unread(path: Path, error: OSError) -> UnusableError:
    """A file that the system does not let us read."""
    return UnusableError(f"{path}: {error.strerror or error}")


def _parquet(path: Path, known: Sequence[str], block_rows: int) -> Source:
    try:
        file = pq.ParquetFile(path, buffer_size=BUFFER_BYTES)
    except pa.ArrowException as error:
        raise damaged(path, error) from error
    names = file.schema_arrow.names
    columns = [name.strip() for name in names]
    check_columns(path, columns, known)
    return Source(columns, _batches(path, file, columns, block_rows), file.metadata.num_rows)


def _batches(path: Path, file: Any, columns: Sequence[str], block_rows: int) -> Iterator[Block]:
    try:
        for batch in file.iter_batches(block_rows, use_threads=False):
            yield Block(table=batch.rename_columns(list(columns)))
    except pa.ArrowException as error:
        raise damaged(path, error) from error


def damaged(path: Path, error: Exception) -> UnusableError:
    """A file that begins as Parquet and does not go on so."""
    return UnusableError(f"{path}: this Parquet file cannot be read: {str(error).splitlines()[0][:200]}")
