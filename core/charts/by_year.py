"""Quantities by calendar year: parts stacked into bars."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean
from textwrap import wrap
from typing import Any

from core.charts.theme import (
    LINE_PX,
    Palette,
    Row,
    Spec,
    apart,
    at_most_five,
    known,
    palette,
    spec,
    ticks,
    value_axis,
)
from core.charts.tones import colours

HEIGHT_PX = 320
# The room right of the last bar for the parts' names: a third of a phone's chart, a set width elsewhere.
NAMES_PX = "clamp(width * 0.34, 150, 160)"
NAME_LETTERS = 20  # a longer name goes on in a second line
BAR_WIDTH = {"expr": "min(bandwidth('x'), 72)"}
BARS_END = {"expr": f"width - {NAMES_PX}"}


def by_year_stacked(
    rows: Sequence[Row],
    parts: Sequence[str],
    about: str,
    dark: bool,
    totals: Sequence[Row] = (),
    highlight_year: int | None = None,
    top: float | None = None,
    height: int = HEIGHT_PX,
    tones: Mapping[str, int] | None = None,
) -> Spec:
    """Stacked bars by year, the parts named beside the last bar, the 80 % range of a total as a thin line with ends.

    Rows: year, part, value. Totals: year, low, high, and `label` for the highlighted year. Values are in the page's
    unit; `top` fixes the axis while levers move; `tones` gives the parts their own colours.
    """
    rows, parts = at_most_five(known(rows, "value"), parts)
    totals = known(totals, "low", "high")
    order = {part: place for place, part in enumerate(parts)}
    bars = [{**row, "order": order[row["part"]]} for row in rows if row["part"] in order]
    axis = ticks(top if top is not None else highest_stack(bars, totals, height))
    ink = palette(dark)
    colour = _colour(parts, colours(tones or {}, parts, ink))
    layers = [_bars(colour, axis, ink, highlight_year)]
    datasets: dict[str, list[dict[str, Any]]] = {"bars": bars}
    if bars:
        datasets["names"] = _names(bars, parts, axis[-1], height)
        layers += _name_layers(colour)
    if totals:
        datasets["totals"] = totals
        layers += _range_layers(ink)
    marked = [total for total in totals if total.get("label") and total["year"] == highlight_year]
    if marked:
        datasets["marked"] = marked
        layers.append(_range_label(ink))
    return spec(layers, datasets, height, dark, about)


def highest_stack(bars: Sequence[Row], totals: Sequence[Row] = (), height: int = HEIGHT_PX) -> float:
    """What the axis must hold: the longest bar (a year, or a row) or the highest range, with its label's room."""
    sums: dict[Any, float] = defaultdict(float)
    for bar in known(bars, "value"):
        sums[bar.get("year", bar.get("row"))] += bar["value"]
    ends = [total["high"] for total in known(totals, "low", "high")]
    label_room = 1 + LINE_PX / height if totals else 1.0
    return max([*sums.values(), *ends], default=0.0) * label_room


def _x() -> Spec:
    return {"field": "year", "type": "ordinal"}


def _year_axis(highlight_year: int | None) -> Spec:
    bold = {"test": f"datum.value == {highlight_year or 0}", "value": 600}
    return {
        "domain": True,
        "labelAngle": 0,
        "labelOverlap": "parity",
        "labelFontWeight": {"condition": bold, "value": 400},
    }


def _bars(colour: Spec, axis: Sequence[float], ink: Palette, highlight_year: int | None) -> Spec:
    scale = {"range": [0, BARS_END], "paddingInner": 0.28, "paddingOuter": 0.1}
    y = {"field": "value", "type": "quantitative", "stack": "zero", "axis": value_axis(axis)}
    y["scale"] = {"domain": [axis[0], axis[-1]], "nice": False}
    return {
        "data": {"name": "bars"},
        "mark": {"type": "bar", "stroke": ink.background, "strokeWidth": 1, "width": BAR_WIDTH},
        "encoding": {
            "x": {**_x(), "scale": scale, "axis": _year_axis(highlight_year)},
            "y": y,
            "color": colour,
            "order": {"field": "order", "type": "quantitative"},
        },
    }


def _colour(parts: Sequence[str], tones: Sequence[str]) -> Spec:
    domain_range = {"domain": list(parts), "range": list(tones)}
    return {"field": "part", "type": "nominal", "scale": domain_range, "legend": None}


def _names(bars: Sequence[Row], parts: Sequence[str], top: float, height: int) -> list[dict[str, Any]]:
    """Each line of the parts' names beside the last bar, with its height and that of its name's middle."""
    last = max(bar["year"] for bar in bars)
    sizes = {part: sum(b["value"] for b in bars if b["year"] == last and b["part"] == part) for part in parts}
    shown = [part for part in parts if sizes[part] > 0]
    middles, floor_value = [], 0.0
    for part in shown:
        middles.append(floor_value + sizes[part] / 2)
        floor_value += sizes[part]
    gap = top * LINE_PX / height
    lines = [line for part, middle in zip(shown, middles, strict=True) for line in _lines(part, middle, gap)]
    places = apart([wanted for _, _, wanted in lines], gap, gap / 2, top)
    at = {part: fmean(place for line, place in zip(lines, places, strict=True) if line[0] == part) for part in shown}
    return [
        {"part": part, "text": text, "place": place, "middle": at[part]}
        for (part, text, _), place in zip(lines, places, strict=True)
    ]


def _lines(part: str, middle: float, gap: float) -> list[tuple[str, str, float]]:
    """A name's lines from below, each with the height at which it would best stand."""
    texts = wrap(part, NAME_LETTERS, max_lines=2, placeholder=" …", break_on_hyphens=False)[::-1]
    return [(part, text, middle + (place - (len(texts) - 1) / 2) * gap) for place, text in enumerate(texts)]


def _name_layers(colour: Spec) -> list[Spec]:
    y, middle = ({"field": field, "type": "quantitative"} for field in ("place", "middle"))
    swatch = {"type": "point", "shape": "square", "filled": True, "size": 90, "opacity": 1}
    text = {"type": "text", "align": "left", "baseline": "middle", "limit": {"expr": f"{NAMES_PX} - 22"}}
    at_bars_end = {"x": {"expr": f"width - {NAMES_PX} + 8"}}
    at_text = {"x": {"expr": f"width - {NAMES_PX} + 20"}}
    return [
        {"data": {"name": "names"}, "mark": swatch | at_bars_end, "encoding": {"y": middle, "color": colour}},
        {"data": {"name": "names"}, "mark": text | at_text, "encoding": {"y": y, "text": {"field": "text"}}},
    ]


def _range_layers(ink: Palette) -> list[Spec]:
    low, high = ({"field": end, "type": "quantitative"} for end in ("low", "high"))
    line = {"type": "rule", "color": ink.text, "strokeWidth": 1.5}
    halo = {"type": "rule", "color": ink.background, "strokeWidth": 3.5}
    between = {"x": _x(), "y": low, "y2": {"field": "high"}}
    end = {"type": "tick", "color": ink.text, "thickness": 1.5, "size": 9, "orient": "horizontal"}
    data = {"data": {"name": "totals"}}
    return [
        {**data, "mark": halo, "encoding": between},
        {**data, "mark": line, "encoding": between},
        {**data, "mark": end, "encoding": {"x": _x(), "y": low}},
        {**data, "mark": end, "encoding": {"x": _x(), "y": high}},
    ]


def _range_label(ink: Palette) -> Spec:
    text = {"type": "text", "dy": -8, "fontWeight": 600, "baseline": "bottom", "color": ink.text}
    y = {"field": "high", "type": "quantitative"}
    return {"data": {"name": "marked"}, "mark": text, "encoding": {"x": _x(), "y": y, "text": {"field": "label"}}}
