"""Errors by kind, one a row: how far estimates lie from what was measured, as a range around the line of equality."""

from collections.abc import Sequence
from json import dumps
from math import log
from typing import Any

from core.charts.theme import Palette, Row, Spec, known, palette, spec

ROW_PX = 24
NAME_PX = 190
BAR_OPACITY = 0.45
END_PX = 48  # the room for a figure right of the longest range
ENDS = (1.25, 1.5, 2.0, 3.0, 5.0, 10.0)  # of the axis: so many times, and one part in so many


def ranges(rows: Sequence[Row], about: str, dark: bool) -> Spec:
    """A bar and a dot a row on a logarithmic axis around 1, in groups. Rows: group, name, low, mid, high, label, few.

    Values are estimated over measured. `few` rows, of too few models to tell a range, are hollow and without a bar. The
    name of a group stands on a line of its own; a name must not stand there twice.
    """
    shown = known(rows, "low", "mid", "high")
    ink = palette(dark)
    end = axis_factor(shown)
    placed: list[dict[str, Any]] = []
    lines: list[str] = []
    groups = list(dict.fromkeys(row["group"] for row in shown))
    for group in groups:
        lines.append(group)
        mine = [row for row in shown if row["group"] == group]
        lines += [row["name"] for row in mine]
        placed += mine
    scale = {"type": "log", "domain": [1 / end, end], "range": [0, {"expr": f"width - {END_PX}"}], "nice": False}
    layers = [_equal(scale, end, ink), _bars(scale, lines, groups, ink), _points(scale, ink), _labels(ink)]
    datasets = {"rows": placed, "equal": [{"at": 1.0}]}
    return spec(layers, datasets, ROW_PX * max(len(lines), 1), dark, about)


def axis_factor(rows: Sequence[Row]) -> float:
    """The end of an axis around 1 that holds all that is drawn, from a few round ones.

    >>> row = {"low": 0.8, "mid": 1.0, "high": 1.3, "few": False}
    >>> axis_factor([row]), axis_factor([{**row, "few": True}]), axis_factor([])
    (1.5, 1.25, 1.25)
    """
    shown = [row["mid"] for row in rows] + [row[end] for row in rows for end in ("low", "high") if not row["few"]]
    widest = max((abs(log(value)) for value in shown), default=0.0)
    return next((end for end in ENDS if log(end) >= widest), ENDS[-1])


def _x(field: str, scale: Spec) -> Spec:
    return {"field": field, "type": "quantitative", "scale": scale}


def _y() -> Spec:
    return {"field": "name", "type": "nominal"}


def _equal(scale: Spec, end: float, ink: Palette) -> Spec:
    """The line of equality; this layer carries the axis of factors."""
    values = sorted({1.0} | {side for inner in ENDS if inner <= end for side in (inner, 1 / inner)})
    axis = {
        "values": values,
        "grid": True,
        "labelExpr": "datum.value == 1 ? 'equal' : '× ' + format(datum.value, '.2~f')",
        "labelOverlap": True,
        "orient": "top",
    }
    rule = {"type": "rule", "color": ink.baseline, "strokeWidth": 1.5, "strokeDash": [4, 3]}
    return {"data": {"name": "equal"}, "mark": rule, "encoding": {"x": {**_x("at", scale), "axis": axis}}}


def _bars(scale: Spec, lines: Sequence[str], groups: Sequence[str], ink: Palette) -> Spec:
    """The ranges; this layer carries the names, those of the groups in bold."""
    heads = " || ".join(f"datum.value == {dumps(group)}" for group in groups) or "false"
    weight = {"expr": f"{heads} ? 600 : 400"}
    axis = {"labelLimit": NAME_PX, "labelColor": ink.text, "labelFontWeight": weight}
    y = {**_y(), "scale": {"domain": list(lines)}, "axis": axis}
    return {
        "data": {"name": "rows"},
        "transform": [{"filter": {"field": "few", "equal": False}}],
        "mark": {"type": "rule", "color": ink.accent, "strokeWidth": 4, "opacity": BAR_OPACITY},
        "encoding": {"x": _x("low", scale), "x2": {"field": "high"}, "y": y},
    }


def _points(scale: Spec, ink: Palette) -> Spec:
    kinds = {"domain": [False, True], "range": [ink.accent, ink.background]}
    fill = {"field": "few", "type": "nominal", "legend": None, "scale": kinds}
    return {
        "data": {"name": "rows"},
        "mark": {"type": "point", "size": 80, "opacity": 1, "strokeWidth": 1.6, "stroke": ink.accent},
        "encoding": {"x": _x("mid", scale), "y": _y(), "fill": fill},
    }


def _labels(ink: Palette) -> Spec:
    text = {"type": "text", "align": "right", "baseline": "middle", "color": ink.text, "x": {"expr": "width"}}
    return {"data": {"name": "rows"}, "mark": text, "encoding": {"y": _y(), "text": {"field": "label"}}}
