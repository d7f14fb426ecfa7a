"""Measured beside planned, a row a measurement: the plan's range as a bar, the measurement as a dot."""

from collections.abc import Sequence
from typing import Any

from core.charts.theme import Palette, Row, Spec, axis_end, known, palette, spec, ticks, value_axis

ROW_PX = 28
NAMES_PX = "containerSize()[0] > 600 ? 280 : 150"
BAR_OPACITY = 0.35
END_PX = 64  # the room for a figure right of the axis


def measured_rows(rows: Sequence[Row], about: str, dark: bool) -> Spec:
    """One row a measurement, on an axis from 0. Rows: name, low, mid, high, measured, label.

    The plan's 80 % range is a bar with its middle as a tick. The dot is filled where it lies in the range, and orange
    where it lies above. A name must not stand there twice; values are in the page's unit.
    """
    ink, shown = palette(dark), known(rows, "low", "mid", "high", "measured")
    top = axis_end(max((max(row["high"], row["measured"]) for row in shown), default=0.0))
    placed: list[dict[str, Any]] = [{**row, "kind": _kind(row)} for row in shown]
    names = [row["name"] for row in placed]
    scale = {"domain": [0, top], "range": [0, {"expr": f"width - {END_PX}"}], "nice": False}
    layers = [_bars(scale, names, top, ink), _middles(scale, ink), _dots(scale, ink), _labels(ink)]
    return spec(layers, {"measured": placed}, ROW_PX * max(len(names), 1), dark, about)


def _kind(row: Row) -> str:
    """Where a measurement lies.

    >>> [_kind({"low": 1.0, "high": 2.0, "measured": at}) for at in (0.5, 2.0, 2.5)]
    ['below', 'inside', 'above']
    """
    if row["measured"] > row["high"]:
        return "above"
    return "inside" if row["measured"] >= row["low"] else "below"


def _x(field: str, scale: Spec) -> Spec:
    return {"field": field, "type": "quantitative", "scale": scale}


def _y() -> Spec:
    return {"field": "name", "type": "nominal"}


def _bars(scale: Spec, names: Sequence[str], top: float, ink: Palette) -> Spec:
    """The ranges; this layer carries both axes."""
    axis = {"labelLimit": {"expr": NAMES_PX}, "labelColor": ink.text}
    return {
        "data": {"name": "measured"},
        "mark": {"type": "rule", "color": ink.accent, "strokeWidth": 8, "opacity": BAR_OPACITY},
        "encoding": {
            "x": {**_x("low", scale), "axis": {**value_axis(ticks(top)), "orient": "top"}},
            "x2": {"field": "high"},
            "y": {**_y(), "scale": {"domain": list(names)}, "axis": axis},
        },
    }


def _middles(scale: Spec, ink: Palette) -> Spec:
    return {
        "data": {"name": "measured"},
        "mark": {"type": "tick", "color": ink.accent, "thickness": 2, "size": 14, "orient": "vertical"},
        "encoding": {"x": _x("mid", scale), "y": _y()},
    }


def _dots(scale: Spec, ink: Palette) -> Spec:
    kinds = ["below", "inside", "above"]
    fill = {"domain": kinds, "range": [ink.background, ink.text, ink.worse]}
    edge = {"domain": kinds, "range": [ink.text, ink.text, ink.worse]}
    colours = {
        name: {"field": "kind", "type": "nominal", "legend": None, "scale": colour}
        for name, colour in (("fill", fill), ("stroke", edge))
    }
    return {
        "data": {"name": "measured"},
        "mark": {"type": "point", "size": 80, "opacity": 1, "strokeWidth": 1.6},
        "encoding": {"x": _x("measured", scale), "y": _y(), **colours},
    }


def _labels(ink: Palette) -> Spec:
    text = {"type": "text", "align": "right", "baseline": "middle", "color": ink.text, "x": {"expr": "width"}}
    return {"data": {"name": "measured"}, "mark": text, "encoding": {"y": _y(), "text": {"field": "label"}}}
