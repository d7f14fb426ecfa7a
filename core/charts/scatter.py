"""Estimated against measured, both logarithmic: a dot a measurement, the line of equality, the band within twice."""

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any

from core.charts.theme import LINE_PX, MOST_SERIES, OTHER, Palette, Row, Spec, known, palette, spec

HEIGHT_PX = 420
BAND_OPACITY = 0.1
DOT_OPACITY = 0.65
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")  # a second cue beside the colour
STEPS = (1.0, 3.0)  # of each power of ten, as ticks


def against(rows: Sequence[Row], about: str, dark: bool, height: int = HEIGHT_PX) -> Spec:
    """Dots by series, named in the upper left corner. Rows: measured, estimated, series, and `told` to say of a dot.

    Both values are positive, in one unit. Of more than five series the smallest are folded into "Other".
    """
    shown, series = _at_most_five([row for row in known(rows, "measured", "estimated") if row["measured"] > 0])
    ink = palette(dark)
    axis = log_ticks([row[name] for row in shown for name in ("measured", "estimated")])
    low, high = axis[0], axis[-1]
    edge = [{"x": end, "equal": end, "half": end / 2, "twice": end * 2} for end in (low, high)]
    names = [{"series": name, "place_px": 14.0 + place * (LINE_PX + 3)} for place, name in enumerate(series)]
    scale = {"type": "log", "domain": [low, high], "nice": False}
    layers = [_band(axis, scale, ink), _line(scale, ink), _dots(series, scale, ink), *_names(series, ink)]
    datasets = {"edge": edge, "dots": shown, "names": names}
    return spec(layers, {name: found for name, found in datasets.items() if found}, height, dark, about)


def log_ticks(values: Sequence[float]) -> list[float]:
    """Round values from below the least to above the largest: 1 and 3 of each power of ten, where those are few.

    >>> log_ticks([0.05, 20.0]), log_ticks([])
    ([0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0], [0.1, 0.3, 1.0])
    """
    least, most = min(values, default=0.1), max(values, default=1.0)
    powers = range(floor(log10(least)) - 1, ceil(log10(most)) + 2)
    all_ticks = [float(f"{step * 10.0**power:.3g}") for power in powers for step in STEPS]
    first = max(place for place, tick in enumerate(all_ticks) if tick <= least)
    last = min(place for place, tick in enumerate(all_ticks) if tick >= most)
    return all_ticks[first : last + 1]


def _at_most_five(rows: Sequence[Row]) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows, and their series by size; the smallest are one, where there are more than five."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["series"]] = counts.get(row["series"], 0) + 1
    ranked = sorted(counts, key=lambda name: -counts[name])
    if len(ranked) <= MOST_SERIES:
        return [dict(row) for row in rows], ranked
    kept = ranked[: MOST_SERIES - 1]
    return [{**row, "series": row["series"] if row["series"] in kept else OTHER} for row in rows], [*kept, OTHER]


def _x(field: str, scale: Spec) -> Spec:
    return {"field": field, "type": "quantitative", "scale": scale}


def _band(axis: Sequence[float], scale: Spec, ink: Palette) -> Spec:
    """The band within a factor of two; this layer carries both axes."""
    told = {
        "values": list(axis),
        "labelExpr": "replace(format(datum.value, ',~r'), /,/g, '\u202f')",
        "labelOverlap": True,
    }
    x = {**_x("x", scale), "axis": {**told, "domain": True, "grid": True}}
    y = {**_x("half", scale), "axis": {**told, "grid": True}}
    area = {"type": "area", "color": ink.accent, "opacity": BAND_OPACITY, "clip": True}
    return {"data": {"name": "edge"}, "mark": area, "encoding": {"x": x, "y": y, "y2": {"field": "twice"}}}


def _line(scale: Spec, ink: Palette) -> Spec:
    line = {"type": "line", "color": ink.baseline, "strokeWidth": 1.5, "strokeDash": [4, 3]}
    return {"data": {"name": "edge"}, "mark": line, "encoding": {"x": _x("x", scale), "y": _x("equal", scale)}}


def _looks(series: Sequence[str], ink: Palette) -> Spec:
    domain = list(series)
    colour = {"domain": domain, "range": list(ink.series[: len(domain)])}
    shape = {"domain": domain, "range": list(SHAPES[: len(domain)])}
    field = {"field": "series", "type": "nominal", "legend": None}
    return {"color": {**field, "scale": colour}, "shape": {**field, "scale": shape}}


def _dots(series: Sequence[str], scale: Spec, ink: Palette) -> Spec:
    mark = {"type": "point", "filled": True, "size": 26, "opacity": DOT_OPACITY, "clip": True}
    fields = (("told", "Setting"), ("measured", "Measured"), ("estimated", "Estimated"), ("series", "Source"))
    told = [
        {"field": name, "title": title, "type": "quantitative", "format": ".3~r"}
        if name in ("measured", "estimated")
        else {"field": name, "title": title, "type": "nominal"}
        for name, title in fields
    ]
    places = {"x": _x("measured", scale), "y": _x("estimated", scale)}
    return {"data": {"name": "dots"}, "mark": mark, "encoding": {**places, **_looks(series, ink), "tooltip": told}}


def _names(series: Sequence[str], ink: Palette) -> list[Spec]:
    """The series' names in the upper left corner, where an estimate would be far too high."""
    if not series:
        return []
    y = {"field": "place_px", "type": "quantitative", "scale": None, "axis": None}
    sign = {"type": "point", "aria": False, "filled": True, "size": 60, "opacity": 1, "x": 14}
    text = {"type": "text", "align": "left", "baseline": "middle", "x": 24, "color": ink.text}
    data = {"data": {"name": "names"}}
    return [
        {**data, "mark": sign, "encoding": {"y": y, **_looks(series, ink)}},
        {**data, "mark": text, "encoding": {"y": y, "text": {"field": "series"}}},
    ]
