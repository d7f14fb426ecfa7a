"""Choices between cost and carbon, the chosen one marked, and from which year each of its levers acts."""

from collections.abc import Sequence
from typing import Any

from core.charts.theme import TEXT_PX, Palette, Row, Spec, known, palette, spec

HEIGHT_PX = 250
ROW_PX = 26
NAME_PX = 200
PICK, DOTS = "pick", "dots"  # the selection of a dot, and the layer that it is made in
AIR_SHARE = 0.06  # beyond the outermost choices
# What each choice keeps of its task's quality, as a second cue beside its place.
SHAPES = {"kept": "circle", "lower": "triangle-down", "unknown": "square"}


def front(rows: Sequence[Row], about: str, dark: bool, titles: tuple[str, str]) -> Spec:
    """A dot a choice, which a click picks: cost to the right, carbon upwards.

    Rows: place (what is picked), picked, cost, carbon, quality, kind, label, told.

    Kinds: `chosen` is orange, large and named; `meets` is filled; `misses` is
    hollow. What is picked has a ring. Quality is one of `SHAPES`.
    """
    ink, shown = palette(dark), known(rows, "cost", "carbon")
    domains = tuple(_domain([row[name] for row in shown]) for name in ("cost", "carbon"))
    layers = [_dots(domains, titles, ink)]
    layers += [_ring(ink)] if any(row["picked"] for row in shown) else []
    layers += _labels(ink) if any(row["label"] for row in shown) else []
    made = spec(layers, {"choices": shown}, HEIGHT_PX, dark, about)
    made["params"] = [{"name": PICK, "select": {"type": "point", "fields": ["place"]}, "views": [DOTS]}]
    return made


def _domain(values: Sequence[float]) -> list[float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    air = (high - low) * AIR_SHARE or abs(high) * AIR_SHARE or 1.0
    return [low - air, high + air]


def _axis(title: str) -> Spec:
    number = "(datum.value < 0 ? '\u2212' : '') + replace(format(abs(datum.value), ',~r'), /,/g, '\u202f')"
    return {
        "grid": True,
        "tickCount": 5,
        "labelExpr": number,
        "title": title,
        "titleFontWeight": 400,
        "titleFontSize": TEXT_PX,
    }


def _place(field: str, domain: Sequence[float], title: str) -> Spec:
    scale = {"domain": list(domain), "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": _axis(title)}


def _dots(domains: tuple[list[float], ...], titles: tuple[str, str], ink: Palette) -> Spec:
    kinds = ["chosen", "meets", "misses"]
    fill = {"domain": kinds, "range": [ink.text, ink.accent, ink.background]}
    edge = {"domain": kinds, "range": [ink.text, ink.accent, ink.accent]}
    size = {"domain": kinds, "range": [150, 45, 45]}
    encoding: dict[str, Any] = {
        name: {"field": "kind", "type": "nominal", "legend": None, "scale": scale}
        for name, scale in (("fill", fill), ("stroke", edge), ("size", size))
    }
    shape = {"domain": list(SHAPES), "range": list(SHAPES.values())}
    return {
        "name": DOTS,
        "data": {"name": "choices"},
        "mark": {"type": "point", "opacity": 1, "strokeWidth": 1.6, "cursor": "pointer"},
        "encoding": {
            "x": _place("cost", domains[0], titles[0]),
            "y": _place("carbon", domains[1], titles[1]),
            "shape": {"field": "quality", "type": "nominal", "legend": None, "scale": shape},
            "tooltip": [{"field": "told", "title": "Choice"}],
            **encoding,
        },
    }


def _where() -> Spec:
    return {"x": _bare("cost"), "y": _bare("carbon")}


def _ring(ink: Palette) -> Spec:
    return {
        "data": {"name": "choices"},
        "transform": [{"filter": "datum.picked"}],
        "mark": {"type": "point", "size": 260, "opacity": 1, "strokeWidth": 1.6, "stroke": ink.text, "filled": False},
        "encoding": _where(),
    }


def _labels(ink: Palette) -> list[Spec]:
    """The name of the answer below its dot, where what is cheaper and emits less would be, on a halo."""
    text = {"type": "text", "align": "center", "baseline": "top", "dy": 11, "fontWeight": 600}
    halo = {**text, "color": ink.background, "stroke": ink.background, "strokeWidth": 4}
    named = {"data": {"name": "choices"}, "transform": [{"filter": "datum.label != ''"}]}
    places = {**_where(), "text": {"field": "label"}}
    return [{**named, "mark": mark, "encoding": places} for mark in (halo, {**text, "color": ink.text})]


def starts(rows: Sequence[Row], years: range, about: str, dark: bool) -> Spec:
    """A bar a lever from the year in which it starts to the plan's last. Rows: name, start, end, label."""
    ink = palette(dark)
    ends = [years[0], years[-1] + 1]
    scale = {"domain": ends, "nice": False}
    axis = {"values": list(years), "format": "d", "labelOverlap": "parity", "labelFlush": False, "domain": True}
    names = {"labelLimit": NAME_PX, "labelColor": ink.text}
    x = {"field": "start", "type": "quantitative", "scale": scale, "axis": axis}
    y = {
        "field": "name",
        "type": "nominal",
        "scale": {"domain": [row["name"] for row in rows]},
        "axis": names,
    }
    bar = {"type": "bar", "height": 12, "color": ink.pale, "stroke": ink.accent, "strokeWidth": 1.2}
    text = {"type": "text", "align": "left", "baseline": "middle", "dx": 6, "color": ink.text}
    data = {"data": {"name": "levers"}}
    layers = [
        {**data, "mark": bar, "encoding": {"x": x, "x2": {"field": "end"}, "y": y}},
        {**data, "mark": text, "encoding": {"x": _bare("start"), "y": _bare_name(), "text": {"field": "label"}}},
    ]
    return spec(layers, {"levers": rows}, ROW_PX * max(len(rows), 1), dark, about)


def _bare(field: str) -> Spec:
    return {"field": field, "type": "quantitative"}


def _bare_name() -> Spec:
    return {"field": "name", "type": "nominal"}
