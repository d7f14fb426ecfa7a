"""The rows of a block as columns of text, cell for cell as Python's reader gives them, without spaces around."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from core.batch.block import Block, Cells
from core.headless.cases import UnusableError
from core.plan.cells import to_cell

# What `str.strip` takes away, for the regular expressions of pyarrow.
SPACE = r"[\s\x0b\x1c-\x1f\x85\xa0\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
OUTSIDE = f"^{SPACE}|{SPACE}$"


@dataclass(frozen=True, slots=True)
class Cellular:
    """Columns of text by name, all of one length; rows of too many or too few cells with their sentence."""

    columns: dict[str, Any]
    rows: int
    ragged: dict[int, str] = field(default_factory=dict)


def cells_of(block: Block, names: Sequence[str], file: str) -> Cellular:
    """A block's columns; UnusableError where bytes are no text."""
    if block.table is not None:
        columns = {name: texts(block.table.column(name)) for name in names}
        return Cellular({name: stripped(column) for name, column in columns.items()}, block.table.num_rows)
    if block.rows:
        return _by_python(block.rows, names, file)
    try:
        return _by_arrow(block, names)
    except pa.ArrowInvalid:  # a row of too many or too few cells, or bytes that are no text
        return _by_python(_rows(block, file), names, file)


def _by_arrow(block: Block, names: Sequence[str]) -> Cellular:
    table = pa.csv.read_csv(
        pa.py_buffer(block.data),
        pa.csv.ReadOptions(column_names=list(names), use_threads=False, block_size=len(block.data) + 1),
        pa.csv.ParseOptions(newlines_in_values=block.quoted),
        pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    columns = {name: stripped(one_piece(table.column(name))) for name in names}
    return Cellular(columns, table.num_rows)


def _rows(block: Block, file: str) -> list[tuple[int, Cells]]:
    try:
        text = block.data.decode()
    except UnicodeDecodeError as error:
        raise UnusableError(f"{file}: byte {block.first_byte + error.start} is not UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    return [(block.first_line - 1 + reader.line_num, cells) for cells in reader if cells]


def _by_python(rows: Sequence[tuple[int, Cells]], names: Sequence[str], file: str) -> Cellular:
    wanted = len(names)
    ragged = {
        place: f"{file}, line {line}: the row has {len(cells)} cells; it must have {wanted}, one for each column"
        for place, (line, cells) in enumerate(rows)
        if len(cells) != wanted
    }
    full = [[*cells, *[""] * (wanted - len(cells))][:wanted] for _, cells in rows]
    columns = {name: pa.array([row[place].strip() for row in full], pa.string()) for place, name in enumerate(names)}
    return Cellular(columns, len(full), ragged)


def one_piece(column: Any) -> Any:
    """A column of a table as one array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def texts(column: Any) -> Any:
    """A column of Parquet as the cells of a CSV: whole numbers without a point, nothing where nothing stands."""
    column = one_piece(column)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        found = [
            None if value is None else to_cell("number", value) for value in pc.cast(column, pa.float64()).to_pylist()
        ]
        column = pa.array(found, pa.string())
    return pc.fill_null(pc.cast(column, pa.string()), "")


def stripped(column: Any) -> Any:
    """Texts without spaces around, as `str.strip` has it."""
    if not pc.any(pc.match_substring_regex(column, OUTSIDE)).as_py():
        return column
    return pa.array([text.strip() for text in column.to_pylist()], pa.string())
