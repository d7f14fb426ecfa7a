"""A waterfall of horizontal bars: from the accelerators to the meter, or from business as usual to a plan."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from core.charts.theme import Palette, Row, Spec, known, palette, spec

ROW_PX = 38
BAR_PX = 22
NAME_PX = 170
NAME_LETTERS = 27  # a longer name goes on in a second line
HALF_LINE_PX = 8  # a name and the small print under it stand this far above and below the middle of the bar
LABEL_ROOM = 0.2  # the share of the axis that a label may need on the left
NEAR_END = 0.62  # past this share of the axis a label has no room on the right
LONG_BAR = 0.45  # a total longer than this carries its label inside


def ladder(steps: Sequence[Row], about: str, dark: bool, top: float | None = None) -> Spec:
    """Horizontal bars from `start` to `end`, one step a row, each labelled; the last total is the answer, in blue.

    Steps: step, start, end, kind, label, and `note` (small print under the step's name; may be missing or empty).
    Kinds: "total" (solid), "part" (pale, outlined), "overlap" (pale orange, outlined). Values are in the page's unit;
    `top` fixes the axis while levers move.
    """
    steps = known(steps, "start", "end")
    ink = palette(dark)
    end = top if top is not None else max((max(s["start"], s["end"]) for s in steps), default=0.0)
    end = end if end > 0 else 1.0
    rows = [_placed(step, end) for step in steps]
    answer = max((place for place, step in enumerate(steps) if step["kind"] == "total"), default=-1)
    if answer > 0:
        rows[answer]["kind"] = "answer"
    y: Spec = {"field": "step", "type": "nominal", "sort": [step["step"] for step in steps]}
    layers = [_bars(y, end, ink), _labels(y, ink), _names(y, ink), _notes(y, ink)]
    return spec(layers, {"steps": rows}, ROW_PX * max(len(rows), 1), dark, about)


def _placed(step: Row, top: float) -> dict[str, Any]:
    """The step with both ends as fields, left before right, and where its label stands."""
    left, right = sorted((step["start"], step["end"]))
    inside = step["kind"] == "total" and (right - left) / top > LONG_BAR
    before = not inside and (step["end"] < step["start"] or right / top > NEAR_END) and left / top > LABEL_ROOM
    side = "inside" if inside else "before" if before else "after"
    anchor = right if side == "after" else left
    kept = {key: step[key] for key in ("step", "kind", "label")} | {"told": "\n".join(wrap(step["step"], NAME_LETTERS))}
    return {**kept, "left": left, "right": right, "side": side, "anchor": anchor, "note": step.get("note") or ""}


def _colours(ink: Palette) -> tuple[Spec, Spec]:
    kinds = ["total", "answer", "part", "overlap"]
    fills = [ink.muted, ink.accent, ink.pale, ink.pale_worse]
    edges = [ink.muted, ink.accent, ink.accent, ink.worse]
    scales = ({"domain": kinds, "range": colours} for colours in (fills, edges))
    fill, edge = ({"field": "kind", "type": "nominal", "legend": None, "scale": scale} for scale in scales)
    return fill, edge


def _bars(y: Spec, top: float, ink: Palette) -> Spec:
    fill, edge = _colours(ink)
    axis = {"labelLimit": NAME_PX, "labelColor": "transparent"}  # the axis keeps the room; `_names` writes
    x = {"field": "left", "type": "quantitative", "axis": None, "scale": {"domain": [0, top], "nice": False}}
    return {
        "data": {"name": "steps"},
        "mark": {"type": "bar", "height": BAR_PX, "strokeWidth": 1.2, "cornerRadius": 2},
        "encoding": {"x": x, "x2": {"field": "right"}, "y": {**y, "axis": axis}, "fill": fill, "stroke": edge},
    }


def _labels(y: Spec, ink: Palette) -> Spec:
    text = {
        "type": "text",
        "baseline": "middle",
        "fontWeight": 600,
        "align": {"expr": "datum.side == 'before' ? 'right' : 'left'"},
        "dx": {"expr": "datum.side == 'before' ? -7 : 8"},
        "color": {"expr": f"datum.side == 'inside' ? '{ink.background}' : '{ink.text}'"},
    }
    x = {"field": "anchor", "type": "quantitative"}
    return {"data": {"name": "steps"}, "mark": text, "encoding": {"x": x, "y": y, "text": {"field": "label"}}}


def _names(y: Spec, ink: Palette) -> Spec:
    """The steps' names, left of the plot, in two lines where one does not hold them; raised above small print."""
    lines = f"(datum.note == '' ? 0 : -{HALF_LINE_PX}) - (length(split(datum.told, '\\n')) - 1) * {HALF_LINE_PX}"
    look = {"color": ink.text, "dy": {"expr": lines}, "lineBreak": "\n", "lineHeight": 2 * HALF_LINE_PX}
    return _left_of_plot(y, "told", look)


def _notes(y: Spec, ink: Palette) -> Spec:
    """The small print under the names."""
    noted = {"transform": [{"filter": "datum.note != ''"}]}
    return {**_left_of_plot(y, "note", {"color": ink.muted, "dy": HALF_LINE_PX}), **noted}


def _left_of_plot(y: Spec, field: str, look: Spec) -> Spec:
    text = {"type": "text", "align": "right", "baseline": "middle", "x": -6, "limit": NAME_PX}
    return {"data": {"name": "steps"}, "mark": {**text, **look}, "encoding": {"y": y, "text": {"field": field}}}
