"""The plan as a CSV file, and back. Results become CSV in `core/results_table.py`.

One row per record: `plan` first, then each `workload`. Columns are field names; a blank cell means the field's default.
"""

from __future__ import annotations

from core.plan.disarmed import arm, disarm
from core.table.columns import RECORDS, columns, number_columns
from core.table.read import MOST_CHARACTERS, MOST_ROWS, Reading, read_plan
from core.table.write import with_decimal_comma, write_inventory, write_plan

__all__ = [
    "MOST_CHARACTERS",
    "MOST_ROWS",
    "RECORDS",
    "Reading",
    "arm",
    "columns",
    "disarm",
    "number_columns",
    "read_plan",
    "with_decimal_comma",
    "write_inventory",
    "write_plan",
]
