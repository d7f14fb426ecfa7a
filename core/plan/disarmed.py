"""Cells of a CSV file that no spreadsheet runs as a formula, the texts they came from, and rows of them as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

RUNNABLE = "=+-@\t\r"


def disarm(text: str) -> str:
    """A cell that no spreadsheet runs as a formula.

    >>> disarm("=1+1"), disarm("plain"), disarm("'=1")
    ("'=1+1", 'plain', "''=1")
    """
    return "'" + text if text[:1] in RUNNABLE + "'" and text else text


def arm(text: str) -> str:
    """The text before `disarm`."""
    return text[1:] if text[:1] == "'" and text[1:2] and text[1:2] in RUNNABLE + "'" else text


def disarmed(value: Any) -> Any:
    """A cell of any kind: a text disarmed, what is not known blank, anything else as it is."""
    if value is None or value != value:
        return ""
    return disarm(value) if isinstance(value, str) else value


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], cell: Callable[[Any], Any] = disarmed) -> str:
    r"""Rows under their header as CSV text with LF line ends; a column that a row lacks stays blank.

    >>> csv_of(["a", "b"], [{"a": "=1"}, {"a": None, "b": 0.5}])
    "a,b\n'=1,\n,0.5\n"
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()
