"""Where answers go, block by block: a CSV, or a Parquet file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from core.batch.block import Answered

GROUP_ROWS = 131_072  # of a Parquet file


class Bytes(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> Any:
        """Append them."""


class CsvTarget:
    """A CSV: its header, then the lines of every block."""

    def __init__(self, file: Bytes, columns: Sequence[str]) -> None:
        self._file = file
        header = io.StringIO()
        csv.writer(header, lineterminator="\n").writerow(columns)
        file.write(header.getvalue().encode())

    def add(self, answered: Answered) -> None:
        """A block's lines."""
        self._file.write(answered.data)

    def close(self) -> None:
        """Nothing is left to write."""


class ParquetTarget:
    """A Parquet file: tables of blocks gathered into groups of rows."""

    def __init__(self, file: Any, schema: Any) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(file, schema)
        self._held: list[Any] = []
        self._rows = 0

    def add(self, answered: Answered) -> None:
        """A block's table."""
        self._held.append(answered.table)
        self._rows += answered.rows
        if self._rows >= GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        """The rows that are left, and the end of the file."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._held:
            self._writer.write_table(pa.concat_tables(self._held).cast(self._schema))
            self._held, self._rows = [], 0
