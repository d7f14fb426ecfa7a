"""Rows of a CSV text with the lines on which they stand; every file that fills a plan is read by it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

MOST_CELL = 131_072  # characters, as Python has it: other libraries in the process may raise it


class BrokenCsvError(ValueError):
    """A CSV text that cannot be read on from some line, in a sentence."""


def csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The header with its line, then each row that is not blank; BrokenCsvError where a row cannot be read.

    >>> list(csv_rows("a,b\\n\\n1,2\\n", ","))
    [(1, ['a', 'b']), (3, ['1', '2'])]
    """
    csv.field_size_limit(MOST_CELL)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if line == 1 or any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        why = "a quotation mark is not closed" if "unexpected end" in str(error) else str(error).partition(" - ")[0]
        raise BrokenCsvError(f"line {line}: {why}; this line and those after it were left out") from error
