"""Cells of a CSV file that no spreadsheet runs as a formula, and the texts they came from."""

from __future__ import annotations

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
