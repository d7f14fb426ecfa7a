"""The plan as a disclosure file that an auditor adds up again: rows, columns, schema, and how to re-add."""

from core.disclosure.readd import Readded, readded
from core.disclosure.rows import PLAN_FILE, rows
from core.disclosure.write import FILE, bundle, names, numbers, read_me, write_disclosure

__all__ = [
    "FILE",
    "PLAN_FILE",
    "Readded",
    "bundle",
    "names",
    "numbers",
    "read_me",
    "readded",
    "rows",
    "write_disclosure",
]
