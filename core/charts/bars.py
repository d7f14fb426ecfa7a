"""A few horizontal bars of two parts on one axis: busy and idle before and after, or carbon counted by two methods."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.charts.theme import Palette, Row, Spec, known, palette, spec

ROW_PX = 40
BAR_PX = 24
CHAR_PX = 7.4  # a wide estimate of one character at 13 px
SWATCH_PX = 16
END_PX = 96  # the room for a total at the end of the longest bar
FITS_SHARE = 0.16  # a segment this wide, as a share of the axis, holds its own figure


def two_part_rows(
    rows: Sequence[Row],
    parts: tuple[str, str],
    ends: Mapping[str, str],
    about: str,
    dark: bool,
    top: float | None = None,
) -> Spec:
    """One bar a row: the first part solid, the second pale and outlined, both named once above; totals at the ends.

    Rows: row, part, value and, where wanted, `label` (the part's own figure, shown where it fits). `ends` gives the
    text at each row's end. Values are in the page's unit; `top` fixes the axis while levers move.
    """
    rows = known(rows, "value")
    ink = palette(dark)
    names = list(dict.fromkeys(row["row"] for row in rows))
    totals = {name: sum(row["value"] for row in rows if row["row"] == name) for name in names}
    peak = top if top is not None else max(totals.values(), default=0.0)
    peak = peak if peak > 0 else 1.0
    named = {
        "segments": [segment for name in names for segment in _segments(rows, name, parts, peak)],
        "ends": [{"row": name, "end": totals[name], "label": ends[name]} for name in names if ends.get(name)],
        "names": _names(parts),
    }
    y: Spec = {"field": "row", "type": "nominal", "sort": names}
    layers = [_bars(y, parts, peak, ink), _figures(y, parts, ink), _ends(y), *_name_layers(parts, ink)]
    return spec(layers, named, ROW_PX * max(len(names), 1), dark, about)


def busy_idle(rows: Sequence[Row], ends: Mapping[str, str], about: str, dark: bool, top: float | None = None) -> Spec:
    """A workload's busy and idle energy, before and after. Rows: row ("Before", "After"), part ("Busy", "Idle")."""
    return two_part_rows(rows, ("Busy", "Idle"), ends, about, dark, top)


def two_methods(rows: Sequence[Row], ends: Mapping[str, str], about: str, dark: bool, top: float | None = None) -> Spec:
    """Carbon by both methods. Rows: row ("Location-based", "Market-based"), part ("Operation", "Hardware")."""
    return two_part_rows(rows, ("Operation", "Hardware"), ends, about, dark, top)


def _segments(rows: Sequence[Row], name: str, parts: Sequence[str], top: float) -> list[dict[str, Any]]:
    """A row's parts with both ends as fields, in the order of `parts`."""
    placed, left = [], 0.0
    for part in parts:
        for row in (row for row in rows if row["row"] == name and row["part"] == part):
            right = left + row["value"]
            label = row.get("label") if row["value"] / top >= FITS_SHARE else None
            placed.append({"row": name, "part": part, "left": left, "right": right, "label": label or ""})
            left = right
    return placed


def _names(parts: Sequence[str]) -> list[dict[str, Any]]:
    """The parts' names in one line, each with its distance from the left edge [px]."""
    starts = [sum(SWATCH_PX + 14 + CHAR_PX * len(earlier) for earlier in parts[:place]) for place in range(len(parts))]
    return [{"part": part, "at": start} for part, start in zip(parts, starts, strict=True)]


def _colour(parts: Sequence[str], colours: Sequence[str]) -> Spec:
    return {"field": "part", "type": "nominal", "legend": None, "scale": {"domain": [*parts], "range": [*colours]}}


def _fill_and_edge(parts: Sequence[str], ink: Palette) -> Spec:
    return {"fill": _colour(parts, (ink.accent, ink.pale)), "stroke": _colour(parts, (ink.accent, ink.accent))}


def _x(field: str) -> Spec:
    return {"field": field, "type": "quantitative"}


def _bars(y: Spec, parts: Sequence[str], top: float, ink: Palette) -> Spec:
    scale = {"domain": [0, top], "range": [0, {"expr": f"width - {END_PX}"}], "nice": False}
    return {
        "data": {"name": "segments"},
        "mark": {"type": "bar", "height": BAR_PX, "strokeWidth": 1.2},
        "encoding": {
            "x": {**_x("left"), "axis": None, "scale": scale},
            "x2": {"field": "right"},
            "y": {**y, "axis": {"labelColor": ink.text}},
            **_fill_and_edge(parts, ink),
        },
    }


def _figures(y: Spec, parts: Sequence[str], ink: Palette) -> Spec:
    colour = {"expr": f"datum.part == '{parts[0]}' ? '{ink.background}' : '{ink.text}'"}
    return {
        "data": {"name": "segments"},
        "transform": [{"filter": "datum.label != ''"}],
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 7, "color": colour},
        "encoding": {"x": _x("left"), "y": y, "text": {"field": "label"}},
    }


def _ends(y: Spec) -> Spec:
    return {
        "data": {"name": "ends"},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 8, "fontWeight": 600},
        "encoding": {"x": _x("end"), "y": y, "text": {"field": "label"}},
    }


def _name_layers(parts: Sequence[str], ink: Palette) -> list[Spec]:
    """The parts' names and their swatches, in a line above the first bar."""
    swatch = {"type": "point", "shape": "square", "size": 90, "opacity": 1, "strokeWidth": 1.2, "y": -9}
    text = {"type": "text", "align": "left", "baseline": "middle", "y": -9}
    data = {"data": {"name": "names"}}
    return [
        {**data, "mark": {**swatch, "x": {"expr": "datum.at + 6"}}, "encoding": _fill_and_edge(parts, ink)},
        {
            **data,
            "mark": {**text, "x": {"expr": f"datum.at + {SWATCH_PX}"}},
            "encoding": {"text": {"field": "part"}},
        },
    ]
