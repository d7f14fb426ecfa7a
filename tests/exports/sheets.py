"""A workbook read back cell by cell, without the library that wrote it."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Cells = list[list[str | float | None]]


def read_sheets(raw: bytes) -> dict[str, Cells]:
    """Sheet name -> rows of cells: a number as float, a text as str, nothing as None. A formula fails the reading."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        names = [sheet.attrib["name"] for sheet in _parsed(book, "xl/workbook.xml").iter(f"{MAIN}sheet")]
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            shared = ["".join(one.itertext()) for one in _parsed(book, "xl/sharedStrings.xml").iter(f"{MAIN}si")]
        return {
            name: _rows(_parsed(book, f"xl/worksheets/sheet{place}.xml"), shared) for place, name in enumerate(names, 1)
        }


def _parsed(book: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(book.read(name))


def _rows(sheet: ElementTree.Element, shared: list[str]) -> Cells:
    rows: Cells = []
    for row in sheet.iter(f"{MAIN}row"):
        cells: list[str | float | None] = []
        for cell in row.iter(f"{MAIN}c"):
            assert cell.find(f"{MAIN}f") is None, "a formula"
            place = _column(cell.attrib["r"])
            cells += [None] * (place + 1 - len(cells))
            cells[place] = _value(cell, shared)
        rows.append(cells)
    return rows


def _column(where: str) -> int:
    number = 0
    for letter in re.match(r"[A-Z]+", where)[0]:  # type: ignore[index]
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ElementTree.Element, shared: list[str]) -> str | float:
    if cell.attrib.get("t") == "inlineStr":
        return "".join(cell.itertext())
    value = cell.find(f"{MAIN}v")
    assert value is not None
    assert value.text is not None
    return shared[int(value.text)] if cell.attrib.get("t") == "s" else float(value.text)


def column(rows: Cells, title: str) -> list[str | float | None]:
    """A column by its title, or by what stands before the unit there."""
    place = next(
        place for place, cell in enumerate(rows[0]) if str(cell) == title or str(cell).startswith(f"{title} [")
    )
    return [row[place] if place < len(row) else None for row in rows[1:]]


def numbers(rows: Cells, title: str) -> list[float]:
    """A column of numbers; NaN where it is blank."""
    cells = column(rows, title)
    assert not [cell for cell in cells if isinstance(cell, str)]
    return [float("nan") if cell is None else float(cell) for cell in cells]
