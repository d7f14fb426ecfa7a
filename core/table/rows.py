"""The rows of a CSV text, each with its line; what makes no row is told."""

from __future__ import annotations

import re
from collections import Counter

from core.plan.csv_rows import BrokenCsvError, csv_rows
from core.plan.disarmed import arm
from core.table.columns import columns, number_columns

DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


def rows_of(text: str, problems: list[str]) -> list[tuple[int, dict[str, str]]] | None:
    """Line and cells of each row under the header; None where there is no column 'record'."""
    lines = text.lstrip("\ufeff")
    header = lines.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    rows = csv_rows(lines, delimiter)
    found: list[tuple[int, dict[str, str]]] = []
    try:
        names = [name.strip() for name in next(rows, (1, []))[1]]
        if "record" not in names:
            problems.append(f"line 1: the column 'record' is missing; this is {_what(names)}")
            return None
        known = frozenset(columns())
        problems += [f"line 1: column '{n[:40]}' is not known and was left out" for n in names if n not in known]
        twice = {n for n, times in Counter(names).items() if times > 1}
        problems += [f"line 1: column '{n[:40]}' stands there twice; the last one counts" for n in sorted(twice)]
        for line, row in rows:
            if len(row) == len(names):
                found.append((line, {n: _text(n, c, delimiter) for n, c in zip(names, row, strict=True)}))
            else:
                problems.append(f"line {line}: the row has {len(row)} cells, not {len(names)}; it was left out")
    except BrokenCsvError as error:
        problems.append(str(error))
    return found


def _what(names: list[str]) -> str:
    return "a results CSV; open the plan CSV of the same plan" if "scenario_id" in names else "not a plan CSV"


def _text(name: str, cell: str, delimiter: str) -> str:
    """A cell's text. Where semicolons part the cells, a comma in a number can only be a decimal comma."""
    text = arm(cell.strip())
    decimal = delimiter == ";" and name in number_columns() and DECIMAL_COMMA.fullmatch(text)
    return text.replace(",", ".") if decimal else text
