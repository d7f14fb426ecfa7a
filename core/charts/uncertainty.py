"""How sure a plan is: its fan over the years, what one input after another does, and their parts of the variance."""

from collections.abc import Sequence
from typing import Any

from core.charts.lines import BAND_OPACITY, HEIGHT_PX, Line, lines_by_year
from core.charts.theme import Palette, Row, Spec, known, palette, spec

ROW_PX = 46
BAR_PX = 16
NAME_ABOVE_PX, BAR_BELOW_PX = -11, 9  # from the middle of a row
LABEL_PX = 128  # the room for figures right of the longest bar
END_PX = 62  # the room for a figure beyond each end of the widest bar
USUAL_OPACITY = 0.1


def fan(
    rows: Sequence[Row],
    lines: Sequence[Line],
    about: str,
    dark: bool,
    outer: Sequence[Row],
    inner: Sequence[Row],
    usual: Sequence[Row] = (),
    top: float | None = None,
    height: int = HEIGHT_PX,
) -> Spec:
    """Lines by year over the bands of the plan that hold 80 % and 50 % of its worlds, and that of business as usual.

    Rows: year, line, value. Bands: year, low, high. Values are in the page's unit; `top` fixes the axis.
    """
    ink = palette(dark)
    made = lines_by_year(rows, lines, about, dark, outer, (), top, height, beside=True)
    bands = (("usual_band", known(usual, "low", "high"), ink.baseline, USUAL_OPACITY),
             ("inner", known(inner, "low", "high"), ink.accent, BAND_OPACITY))  # fmt: skip
    for place, (name, found, colour, opacity) in enumerate(bands):
        if found:
            made["datasets"][name] = found
            made["layer"].insert(1 + place, _area(name, colour, opacity))
    return made


def _area(name: str, colour: str, opacity: float) -> Spec:
    x, y = {"field": "year", "type": "quantitative"}, {"field": "low", "type": "quantitative"}
    mark = {"type": "area", "color": colour, "opacity": opacity}
    return {"data": {"name": name}, "mark": mark, "encoding": {"x": x, "y": y, "y2": {"field": "high"}}}


def tornado(rows: Sequence[Row], middle: float, about: str, dark: bool) -> Spec:
    """A bar an input around the central figure, the widest on top: its two ends where it is at its P10 and its P90.

    Rows: name, low_at, high_at (the figure at each end), low_label, high_label (the input's value there). What lies
    below the middle is pale, what lies above it strong.
    """
    shown = known(rows, "low_at", "high_at")
    ink = palette(dark)
    names = [row["name"] for row in shown]
    parts: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for row in shown:
        ends = sorted(((row["low_at"], row["low_label"]), (row["high_at"], row["high_label"])), key=lambda end: end[0])
        for above, (at, label) in zip((False, True), ends, strict=True):
            parts.append({"name": row["name"], "start": middle, "end": at, "above": at > middle})
            texts.append({"name": row["name"], "at": at, "text": label, "above": above})
    reach = [end for row in shown for end in (row["low_at"], row["high_at"])] + [middle]
    scale = {"domain": [min(reach), max(reach)], "nice": False, "zero": False,
             "range": [END_PX, {"expr": f"width - {END_PX}"}]}  # fmt: skip
    layers = [_bars(scale, names, ink), _middle(scale, ink), *(_ends(above, scale, ink) for above in (False, True))]
    layers.append(_names(ink))
    datasets = {
        "parts": parts,
        "middle": [{"name": name, "at": middle} for name in names],
        "texts": texts,
        "names": [{"name": name} for name in names],
    }
    return spec(layers, datasets, ROW_PX * max(len(names), 1), dark, about)


def _x(field: str, scale: Spec) -> Spec:
    return {"field": field, "type": "quantitative", "scale": scale, "axis": None}


def _bars(scale: Spec, names: Sequence[str], ink: Palette) -> Spec:
    sides = {"domain": [False, True], "range": [ink.pale, ink.accent]}
    y = {"field": "name", "type": "nominal", "scale": {"domain": list(names)}, "axis": None}
    return {
        "data": {"name": "parts"},
        "mark": {"type": "bar", "height": BAR_PX, "yOffset": BAR_BELOW_PX, "stroke": ink.accent, "strokeWidth": 1.2},
        "encoding": {
            "x": _x("start", scale),
            "x2": {"field": "end"},
            "y": y,
            "fill": {"field": "above", "type": "nominal", "legend": None, "scale": sides},
        },
    }


def _middle(scale: Spec, ink: Palette) -> Spec:
    """The central figure, a stroke on every row: a line through all would cross the names."""
    tick = {"type": "tick", "orient": "vertical", "size": BAR_PX + 8, "thickness": 1.5, "yOffset": BAR_BELOW_PX}
    encoding = {"x": _x("at", scale), "y": {"field": "name", "type": "nominal"}}
    return {"data": {"name": "middle"}, "mark": {**tick, "color": ink.text}, "encoding": encoding}


def _ends(above: bool, scale: Spec, ink: Palette) -> Spec:
    side = {"align": "left", "dx": 6} if above else {"align": "right", "dx": -6}
    return {
        "data": {"name": "texts"},
        "transform": [{"filter": {"field": "above", "equal": above}}],
        "mark": {"type": "text", "baseline": "middle", "color": ink.muted, "dy": BAR_BELOW_PX, **side},
        "encoding": {
            "x": _x("at", scale),
            "y": {"field": "name", "type": "nominal"},
            "text": {"field": "text"},
        },
    }


def _names(ink: Palette) -> Spec:
    """Each input's name on a line of its own, so that a phone has room for the bars."""
    text = {"type": "text", "align": "left", "baseline": "middle", "color": ink.text, "x": 0, "dy": NAME_ABOVE_PX}
    encoding = {"y": {"field": "name", "type": "nominal"}, "text": {"field": "name"}}
    return {"data": {"name": "names"}, "mark": text, "encoding": encoding}


def parts(rows: Sequence[Row], about: str, dark: bool) -> Spec:
    """A bar an input from 0: the strong part alone, the pale one beyond it, and the figures in words at its end.

    Rows: name, value, beyond (the end of the pale part; as `value` where there is none), label.
    """
    shown = known(rows, "value", "beyond")
    ink = palette(dark)
    names = [row["name"] for row in shown]
    ends = [{**row, "end": max(row["value"], row["beyond"], 0.0)} for row in shown]
    strong = [{"name": row["name"], "start": 0.0, "end": max(row["value"], 0.0), "above": True} for row in shown]
    pale = [{"name": row["name"], "start": 0.0, "end": max(row["beyond"], 0.0), "above": False} for row in shown]
    top = max((row["end"] for row in ends), default=0.0) or 1.0
    scale = {"domain": [0, top], "nice": False, "range": [0, {"expr": f"width - {LABEL_PX}"}]}
    text = {"type": "text", "align": "left", "baseline": "middle", "dx": 8, "dy": BAR_BELOW_PX, "color": ink.muted}
    label = {"x": _x("end", scale), "y": {"field": "name", "type": "nominal"}, "text": {"field": "label"}}
    layers = [_bars(scale, names, ink), {"data": {"name": "ends"}, "mark": text, "encoding": label}, _names(ink)]
    datasets = {"parts": [*pale, *strong], "ends": ends, "names": [{"name": name} for name in names]}
    return spec(layers, datasets, ROW_PX * max(len(names), 1), dark, about)
