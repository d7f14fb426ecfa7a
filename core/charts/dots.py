"""A ranking of places as dots on one axis, the chosen one filled, those on another basis hollow."""

from collections.abc import Sequence
from typing import Any

from core.charts.theme import Palette, Row, Spec, known, palette, spec

ROW_PX = 24
NAME_PX = 190
END_PX = 84  # the room for a figure right of the last dot


def dots(rows: Sequence[Row], about: str, dark: bool) -> Spec:
    """One dot a row in the order given, each with its figure. Rows: name, value, label, kind.

    Kinds: "chosen" (filled, orange), "other" (filled), "apart" (hollow: not to be ranked with the others). Values are
    in the page's unit, on an axis from 0.
    """
    ink = palette(dark)
    shown = known(rows, "value")
    top = max((row["value"] for row in shown), default=0.0) or 1.0
    placed: list[dict[str, Any]] = [{**row, "zero": 0.0} for row in shown]
    names = [row["name"] for row in placed]
    layers = [_stems(names, top, ink), _points(ink), _labels(ink)]
    return spec(layers, {"places": placed}, ROW_PX * max(len(names), 1), dark, about)


def _y() -> Spec:
    return {"field": "name", "type": "nominal"}


def _stems(names: Sequence[str], top: float, ink: Palette) -> Spec:
    scale = {"domain": [0, top], "range": [0, {"expr": f"width - {END_PX}"}], "nice": False}
    x = {"field": "zero", "type": "quantitative", "axis": None, "scale": scale}
    axis = {"labelLimit": NAME_PX, "labelColor": ink.text}
    y = {**_y(), "scale": {"domain": list(names)}, "axis": axis}
    return {
        "data": {"name": "places"},
        "mark": {"type": "rule", "color": ink.grid, "strokeWidth": 1},
        "encoding": {"x": x, "x2": {"field": "value"}, "y": y},
    }


def _points(ink: Palette) -> Spec:
    kinds = ["chosen", "other", "apart"]
    fill = {"domain": kinds, "range": [ink.worse, ink.accent, ink.background]}
    edge = {"domain": kinds, "range": [ink.worse, ink.accent, ink.muted]}
    colours = {
        name: {"field": "kind", "type": "nominal", "legend": None, "scale": scale}
        for name, scale in (("fill", fill), ("stroke", edge))
    }
    return {
        "data": {"name": "places"},
        "mark": {"type": "point", "size": 90, "opacity": 1, "strokeWidth": 1.6},
        "encoding": {"x": {"field": "value", "type": "quantitative"}, "y": _y(), **colours},
    }


def _labels(ink: Palette) -> Spec:
    weight = {"expr": "datum.kind == 'chosen' ? 600 : 400"}
    text = {"type": "text", "align": "left", "baseline": "middle", "dx": 10, "color": ink.text, "fontWeight": weight}
    x = {"field": "value", "type": "quantitative"}
    return {
        "data": {"name": "places"},
        "mark": text,
        "encoding": {"x": x, "y": _y(), "text": {"field": "label"}},
    }
