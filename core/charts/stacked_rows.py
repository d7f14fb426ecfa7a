"""Horizontal bars of three parts, a row each: its name above the bar, the whole at the end, the parts named on top."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.charts.theme import SWATCH_PX, Palette, Row, Spec, axis_end, in_a_line, known, palette, spec

ROW_PX = 42
BAR_PX = 16
BAR_DOWN_PX = 10  # of the bar's middle below the row's: the name stands above it
NAME_UP_PX = 9
END_PX = 84  # the room for a total at the end of the longest bar
LINE_PX = 24  # of the parts' names, above the first row
Parts = tuple[str, str, str]


def stacked_rows(rows: Sequence[Row], parts: Parts, ends: Mapping[str, str], about: str, dark: bool) -> Spec:
    """One bar a row, from the left: the first part solid, the second pale and outlined, the third dark.

    Rows: row, part, value. `ends` gives the text at each row's end. A part that no row has is not named.
    """
    rows, ink = known(rows, "value"), palette(dark)
    names = list(dict.fromkeys(row["row"] for row in rows))
    used = [part for part in parts if any(row["part"] == part and row["value"] > 0 for row in rows)]
    segments = [segment for name in names for segment in _segments(rows, name, used)]
    wholes = {name: max((s["right"] for s in segments if s["row"] == name), default=0.0) for name in names}
    top = axis_end(max(wholes.values(), default=0.0))
    datasets = {
        "segments": segments,
        "rows": [{"row": name, "end": wholes[name], "label": ends.get(name, "")} for name in names],
        "names": in_a_line(used),
    }
    y: Spec = {"field": "row", "type": "nominal", "sort": names}
    layers = [_bars(y, parts, top, ink), *_row_layers(y, ink), *_name_layers(parts, ink)]
    made = spec(layers, datasets, ROW_PX * max(len(names), 1), dark, about)
    made["padding"] = {**made["padding"], "top": 8 + LINE_PX}
    return made


def _segments(rows: Sequence[Row], name: str, parts: Sequence[str]) -> list[dict[str, Any]]:
    """A row's parts with both ends as fields."""
    placed, left = [], 0.0
    for part in parts:
        right = left + sum(row["value"] for row in rows if row["row"] == name and row["part"] == part)
        if right > left:
            placed.append({"row": name, "part": part, "left": left, "right": right})
        left = right
    return placed


def _fill_and_edge(parts: Parts, ink: Palette) -> Spec:
    fills, edges = (ink.accent, ink.pale, ink.series[2]), (ink.accent, ink.accent, ink.series[2])
    return {
        channel: {"field": "part", "type": "nominal", "legend": None, "scale": {"domain": [*parts], "range": [*tones]}}
        for channel, tones in (("fill", fills), ("stroke", edges))
    }


def _bars(y: Spec, parts: Parts, top: float, ink: Palette) -> Spec:
    scale = {"domain": [0, top], "range": [0, {"expr": f"width - {END_PX}"}], "nice": False}
    return {
        "data": {"name": "segments"},
        "mark": {"type": "bar", "height": BAR_PX, "yOffset": BAR_DOWN_PX, "strokeWidth": 1.2},
        "encoding": {
            "x": {"field": "left", "type": "quantitative", "axis": None, "scale": scale},
            "x2": {"field": "right"},
            "y": {**y, "axis": None},
            **_fill_and_edge(parts, ink),
        },
    }


def _row_layers(y: Spec, ink: Palette) -> list[Spec]:
    """Each row's name above its bar, and its whole behind it."""
    text = {"type": "text", "align": "left", "baseline": "middle", "color": ink.text}
    name = {**text, "x": 0, "dy": -NAME_UP_PX, "limit": {"expr": "width"}}
    end = {**text, "dx": 8, "dy": BAR_DOWN_PX, "fontWeight": 600}
    x = {"field": "end", "type": "quantitative"}
    return [
        {"data": {"name": "rows"}, "mark": name, "encoding": {"y": y, "text": {"field": "row"}}},
        {"data": {"name": "rows"}, "mark": end, "encoding": {"x": x, "y": y, "text": {"field": "label"}}},
    ]


def _name_layers(parts: Parts, ink: Palette) -> list[Spec]:
    """The parts' names and their swatches, in a line above the first row."""
    swatch = {"type": "point", "shape": "square", "size": 90, "opacity": 1, "strokeWidth": 1.2, "y": -12}
    text = {"type": "text", "align": "left", "baseline": "middle", "y": -12}
    data = {"data": {"name": "names"}}
    return [
        {**data, "mark": {**swatch, "x": {"expr": "datum.at + 6"}}, "encoding": _fill_and_edge(parts, ink)},
        {
            **data,
            "mark": {**text, "x": {"expr": f"datum.at + {SWATCH_PX}"}},
            "encoding": {"text": {"field": "part"}},
        },
    ]
