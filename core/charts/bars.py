"""Carbon counted by two methods: horizontal bars of two parts on one axis."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.charts.theme import SWATCH_PX, Palette, Row, Spec, in_a_line, known, palette, spec
from core.charts.tones import HARDWARE

PARTS = ("Operation", "Hardware")
ROW_PX = 40
BAR_PX = 24
END_PX = 96  # the room for a total at the end of the longest bar
FITS_SHARE = 0.16  # a segment this wide, as a share of the axis, holds its own figure


def two_methods(rows: Sequence[Row], ends: Mapping[str, str], about: str, dark: bool, top: float | None = None) -> Spec:
    """One bar a method: operation, then hardware, both named once above; totals at the ends.

    Rows: row, part and, where wanted, `label` (the part's own figure, shown where it fits). `ends` gives the text at
    each row's end. Values are in the page's unit; `top` fixes the axis while levers move.
    """
    rows = known(rows, "value")
    ink = palette(dark)
    names = list(dict.fromkeys(row["row"] for row in rows))
    totals = {name: sum(row["value"] for row in rows if row["row"] == name) for name in names}
    peak = top if top is not None else max(totals.values(), default=0.0)
    peak = peak if peak > 0 else 1.0
    named = {
        "segments": [segment for name in names for segment in _segments(rows, name, peak)],
        "ends": [{"row": name, "end": totals[name], "label": ends[name]} for name in names if ends.get(name)],
        "names": in_a_line(PARTS),
    }
    y: Spec = {"field": "row", "type": "nominal", "sort": names}
    layers = [_bars(y, peak, ink), _figures(y, ink), _ends(y), *_name_layers(ink)]
    return spec(layers, named, ROW_PX * max(len(names), 1), dark, about)


def _segments(rows: Sequence[Row], name: str, top: float) -> list[dict[str, Any]]:
    """A row's parts with both ends as fields, operation first."""
    placed, left = [], 0.0
    for part in PARTS:
        for row in (row for row in rows if row["row"] == name and row["part"] == part):
            right = left + row["value"]
            label = row.get("label") if row["value"] / top >= FITS_SHARE else None
            placed.append({"row": name, "part": part, "left": left, "right": right, "label": label or ""})
            left = right
    return placed


def _colour(ink: Palette) -> Spec:
    """What operation takes is blue and hardware has its colour of the years, so that a part looks the same in both."""
    scale = {"domain": [*PARTS], "range": [ink.accent, ink.series[HARDWARE]]}
    return {"field": "part", "type": "nominal", "legend": None, "scale": scale}


def _x(field: str) -> Spec:
    return {"field": field, "type": "quantitative"}


def _bars(y: Spec, top: float, ink: Palette) -> Spec:
    scale = {"domain": [0, top], "range": [0, {"expr": f"width - {END_PX}"}], "nice": False}
    return {
        "data": {"name": "segments"},
        "mark": {"type": "bar", "height": BAR_PX},
        "encoding": {
            "x": {**_x("left"), "axis": None, "scale": scale},
            "x2": {"field": "right"},
            "y": {**y, "axis": {"labelColor": ink.text}},
            "color": _colour(ink),
        },
    }


def _figures(y: Spec, ink: Palette) -> Spec:
    return {
        "data": {"name": "segments"},
        "transform": [{"filter": "datum.label != ''"}],
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 7, "color": ink.background},
        "encoding": {"x": _x("left"), "y": y, "text": {"field": "label"}},
    }


def _ends(y: Spec) -> Spec:
    return {
        "data": {"name": "ends"},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 8, "fontWeight": 600},
        "encoding": {"x": _x("end"), "y": y, "text": {"field": "label"}},
    }


def _name_layers(ink: Palette) -> list[Spec]:
    """The parts' names and their swatches, in a line above the first bar."""
    swatch = {"type": "point", "shape": "square", "filled": True, "size": 90, "opacity": 1, "y": -9}
    text = {"type": "text", "align": "left", "baseline": "middle", "y": -9}
    data = {"data": {"name": "names"}}
    return [
        {**data, "mark": {**swatch, "x": {"expr": "datum.at + 6"}}, "encoding": {"color": _colour(ink)}},
        {
            **data,
            "mark": {**text, "x": {"expr": f"datum.at + {SWATCH_PX}"}},
            "encoding": {"text": {"field": "part"}},
        },
    ]
