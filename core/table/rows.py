"""The rows of a CSV text, each with its line; what makes no row is told."""

from __future__ import annotations

import csv
import io
import re

from core.table.columns import arm, columns, number_columns

MOST_CELL = 131_072  # characters, as Python has it
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


def rows_of(text: str, problems: list[str]) -> list[tuple[int, dict[str, str]]] | None:
    """Line and cells of each row under the header; None where there is no column 'record'."""
    lines = text.lstrip("\ufeff")
    header = lines.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    csv.field_size_limit(MOST_CELL)  # other libraries in the process may have raised it
    reader = csv.reader(io.StringIO(lines), delimiter=delimiter, strict=True)
    found: list[tuple[int, dict[str, str]]] = []
    line = 1
    try:
        names = [name.strip() for name in next(reader, [])]
        if "record" not in names:
            problems.append(f"line 1: the column 'record' is missing; this is {_what(names)}")
            return None
        problems += [f"line 1: column '{n[:40]}' is not known and was left out" for n in names if n not in columns()]
        twice = {n for n in names if names.count(n) > 1}
        problems += [f"line 1: column '{n[:40]}' stands there twice; the last one counts" for n in sorted(twice)]
        line = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                if len(row) == len(names):
                    found.append((line, {n: _text(n, c, delimiter) for n, c in zip(names, row, strict=True)}))
                else:
                    problems.append(f"line {line}: the row has {len(row)} cells, not {len(names)}; it was left out")
            line = reader.line_num + 1
    except csv.Error as error:
        why = "a quotation mark is not closed" if "unexpected end" in str(error) else str(error).partition(" - ")[0]
        problems.append(f"line {line}: {why}; this line and those after it were left out")
    return found


def _what(names: list[str]) -> str:
    return "a results CSV; open the plan CSV of the same plan" if "scenario_id" in names else "not a plan CSV"


def _text(name: str, cell: str, delimiter: str) -> str:
    """A cell's text. Where semicolons part the cells, a comma in a number can only be a decimal comma."""
    text = arm(cell.strip())
    decimal = delimiter == ";" and name in number_columns() and DECIMAL_COMMA.fullmatch(text)
    return text.replace(",", ".") if decimal else text
