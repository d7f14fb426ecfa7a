"""A heat map: one figure over two choices, in cividis, on a logarithmic scale; what is missing is hatched."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, isfinite, log10
from typing import Any

from core.charts.theme import TEXT_PX, Palette, Row, Spec, palette, spec

CELL_PX = 26
GAP_PX = 1.5
STRIP_PX = 180
NAME_PX = 190
HEAD_PX = 150  # the room for the columns' names, written upwards
ROOM_PX = 46  # a cell this wide holds its figure
HATCH = "M-1,1L1,-1M-1,0.2L0.2,-1M-0.2,1L1,-0.2"
BRIGHT = 0.55  # past this share of the scale cividis is bright, and figures on it are dark


def heat(
    rows: Sequence[Row],
    row_names: Sequence[str],
    column_names: Sequence[str],
    about: str,
    dark: bool,
    short: bool = False,
    legend: str = "",
) -> Spec:
    """Cells in the order of the names given. Rows: row, column, value, label, and `chosen` for the cell to outline.

    `short` column names lie flat, and every other one gives way where they are crowded. A value that is no number, or
    not above 0, is hatched. Values are in the page's unit. `legend`: what the colours say from left to right, below.
    """
    ink = palette(dark)
    cells = [dict(row) for row in rows if isfinite(row["value"]) and row["value"] > 0]
    missing = [
        {"row": row["row"], "column": row["column"]}
        for row in rows
        if not (isfinite(row["value"]) and row["value"] > 0)
    ]
    low, high = _ends(cells)
    middle = low * (high / low) ** BRIGHT
    for cell in cells:
        cell["bright"] = cell["value"] > middle
    chosen = [{"row": row["row"], "column": row["column"]} for row in rows if row.get("chosen")]
    colour: dict[str, Any] = {"scale": {"type": "log", "scheme": "cividis", "domain": [low, high]}}
    colour |= {"legend": _legend(legend, low, high, ink) if legend and cells else None}
    layers = [_cells(colour, row_names, column_names, ink, short), _figures(ink)]
    datasets: dict[str, list[dict[str, Any]]] = {"cells": cells}
    if missing:
        datasets["missing"] = missing
        layers.append(_hatched(ink))
    if chosen:
        datasets["chosen"] = chosen
        layers += _outline(ink)
    return spec(layers, datasets, CELL_PX * max(len(row_names), 1), dark, about)


def _ends(cells: Sequence[Row]) -> tuple[float, float]:
    values = [cell["value"] for cell in cells]
    low, high = min(values, default=1.0), max(values, default=2.0)
    return (low, high) if high > low else (low / 2, high * 2)


def _place() -> dict[str, Any]:
    return {"x": {"field": "column", "type": "nominal"}, "y": {"field": "row", "type": "nominal"}}


def _legend(title: str, low: float, high: float, ink: Palette) -> Spec:
    """A strip of the colours below, with round figures."""
    look = {
        "orient": "bottom",
        "direction": "horizontal",
        "type": "gradient",
        "titleOrient": "top",  # beside the strip it would push it out of a phone's chart
    }
    size = {"gradientLength": STRIP_PX, "gradientThickness": 10, "offset": 10, "titleFontWeight": "normal"}
    inks = {"labelColor": ink.text, "titleColor": ink.text, "labelFontSize": TEXT_PX, "titleFontSize": TEXT_PX}
    return {**look, **size, **inks, "title": title, "values": round_steps(low, high), "format": ",.3~g"}


def round_steps(low: float, high: float) -> list[float]:
    """Figures of 1, 2 and 5 within a span, for a logarithmic strip; its ends where there are none.

    >>> round_steps(18.0, 260.0), round_steps(420.0, 440.0)
    ([20.0, 50.0, 100.0, 200.0], [420.0, 440.0])
    """
    decades = range(floor(log10(low)), ceil(log10(high)) + 1)
    found = [step * 10.0**decade for decade in decades for step in (1, 2, 5) if low <= step * 10.0**decade <= high]
    return found if len(found) > 1 else [low, high]


def _cells(
    colour: Mapping[str, Any], row_names: Sequence[str], column_names: Sequence[str], ink: Palette, short: bool
) -> Spec:
    head = {"orient": "top", "labelAngle": -90, "labelLimit": HEAD_PX, "labelColor": ink.text, "labelOverlap": False}
    if short:
        head |= {"labelAngle": 0, "labelOverlap": "parity", "labelSeparation": 4}
    side = {"labelLimit": NAME_PX, "labelColor": ink.text, "labelOverlap": False}
    even = {"paddingInner": 0, "paddingOuter": 0}
    x = {"field": "column", "type": "nominal", "scale": {"domain": list(column_names), **even}, "axis": head}
    y = {"field": "row", "type": "nominal", "scale": {"domain": list(row_names), **even}, "axis": side}
    return {
        "data": {"name": "cells"},
        "mark": {"type": "rect", "stroke": ink.background, "strokeWidth": GAP_PX},
        "encoding": {"x": x, "y": y, "color": {"field": "value", "type": "quantitative", **colour}},
    }


def _figures(ink: Palette) -> Spec:
    """Each cell's figure, where the cell is wide enough for it."""
    colour = {"expr": f"datum.bright ? '{ink.over_bright}' : '{ink.over_dark}'"}
    shown = {"expr": f"bandwidth('x') >= {ROOM_PX} ? 1 : 0"}
    text = {"type": "text", "baseline": "middle", "align": "center", "color": colour, "opacity": shown}
    return {
        "data": {"name": "cells"},
        "mark": text,
        "encoding": {**_place(), "text": {"field": "label"}},
    }


def _hatched(ink: Palette) -> Spec:
    mark = {"type": "point", "shape": HATCH, "size": 150, "strokeWidth": 1, "color": ink.baseline, "opacity": 1}
    return {"data": {"name": "missing"}, "mark": {**mark, "filled": False}, "encoding": _place()}


def _outline(ink: Palette) -> list[Spec]:
    """Two lines around the chosen cell, so that one of them stands out from any colour."""
    data = {"data": {"name": "chosen"}, "encoding": _place()}
    look = {"type": "rect", "fillOpacity": 0}
    return [
        {**data, "mark": {**look, "stroke": ink.background, "strokeWidth": 5}},
        {**data, "mark": {**look, "stroke": ink.worse, "strokeWidth": 3}},
    ]
