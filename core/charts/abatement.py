"""A marginal abatement cost curve: a bar a lever, as wide as what it avoids and as high as a tonne costs."""

from collections.abc import Sequence
from math import log10
from typing import Any

from core.charts.theme import Palette, Row, Spec, apart, known, palette, spec, ticks

HEIGHT_PX = 190
BAND_PX = 13  # of a bar without a height
LINEAR = 50.0  # a tonne: below it heights are as on an ordinary axis, above it each step is ten times the last
NUMBER_SHARE = 0.03  # of the width that a number takes
AIR = 1.2  # below the lowest
BANDS = ("unknown", "twice", "helps")
ROOM = 2.5  # above the highest bar, for the row of numbers


def abatement(
    rows: Sequence[Row], width_end: float, height_ends: tuple[float, float], about: str, dark: bool, price: Row | None
) -> Spec:
    """Bars side by side, numbered. Rows: number, start, end, height, kind; the price: height, label.

    Kinds: `priced` has a height; `unknown` has none and lies on the line of 0; `twice` takes back, in orange;
    `helps` adds to what others avoid. Heights are on an axis that widens towards 0. Both ends are given, so that two
    curves can be compared.
    """
    ink = palette(dark)
    tall = [{**row, "zero": 0.0} for row in known(rows, "height") if row["kind"] == "priced"]
    flat = [{**row, "height": 0.0} for row in rows if row["kind"] != "priced"]
    numbers = _numbers([*tall, *flat], width_end)
    low, high = min(0.0, height_ends[0] * AIR), max(LINEAR, height_ends[1]) * ROOM
    scale = {"type": "symlog", "constant": LINEAR, "domain": [low, high], "nice": False}
    layers = [_frame(width_end, scale, _heights(low, high), ink)]
    layers += [_bars(ink)] if tall else []
    layers += [_bands(kind, ink) for kind in BANDS if any(row["kind"] == kind for row in flat)]
    layers += [_zero(ink), *([_number(ink)] if numbers else []), *(_price(ink) if price else [])]
    datasets = {
        "frame": [{"start": 0.0, "height": 0.0, "end": width_end}],
        "bars": tall,
        "bands": flat,
        "numbers": numbers,
        "price": [{**price, "start": 0.0, "end": width_end}] if price else [],
    }
    found = {name: found for name, found in datasets.items() if found}
    return spec(layers, found, HEIGHT_PX, dark, about)


def _heights(low: float, high: float) -> list[float]:
    """Ticks of an axis that widens towards 0: 0, and each power of ten from 100 on within its ends.

    >>> _heights(-300.0, 20_000.0)
    [-100.0, 0.0, 100.0, 1000.0, 10000.0]
    """
    most = int(log10(max(abs(low), abs(high), 100.0)))
    steps = [10.0**power for power in range(2, most + 1)]
    return [step for step in [*(-one for one in reversed(steps)), 0.0, *steps] if low <= step <= high]


def _numbers(rows: Sequence[Row], width_end: float) -> list[dict[str, Any]]:
    """The number of each bar, in a row above them all; those of thin bars are moved apart."""
    shown = sorted((row for row in rows if row["number"]), key=lambda row: row["start"])
    gap = NUMBER_SHARE * width_end
    wanted = [(row["start"] + row["end"]) / 2 for row in shown]
    places = apart(wanted, gap, gap / 2, width_end)
    return [{"number": str(row["number"]), "at": at} for row, at in zip(shown, places, strict=True)]


def _x(field: str) -> Spec:
    return {"field": field, "type": "quantitative"}


def _frame(width_end: float, scale: Spec, heights: Sequence[float], ink: Palette) -> Spec:
    """An unseen point that carries both axes."""
    number = "replace(format(abs(datum.value), ',~f'), /,/g, '\u202f')"
    x_axis = {"values": ticks(width_end), "domain": False, "labelExpr": number, "labelFlush": True}
    y_axis = {
        "values": list(heights),
        "grid": True,
        "labelExpr": f"(datum.value < 0 ? '\u2212' : '') + {number}",
    }
    x = {**_x("start"), "scale": {"domain": [0, width_end], "nice": False}, "axis": x_axis}
    y = {**_x("height"), "scale": scale, "axis": y_axis}
    mark = {"type": "point", "opacity": 0, "color": ink.axis}
    return {"data": {"name": "frame"}, "mark": mark, "encoding": {"x": x, "y": y}}


def _bars(ink: Palette) -> Spec:
    mark = {"type": "rect", "color": ink.pale, "stroke": ink.accent, "strokeWidth": 1.2}
    ends = {"x": _x("start"), "x2": {"field": "end"}, "y": _x("zero"), "y2": {"field": "height"}}
    return {"data": {"name": "bars"}, "mark": mark, "encoding": ends}


def _bands(kind: str, ink: Palette) -> Spec:
    """Widths without a height: they lie on the line of 0."""
    looks = {"twice": (ink.pale_worse, ink.worse), "helps": (ink.pale, ink.accent), "unknown": (ink.grid, ink.baseline)}
    fill, edge = looks[kind]
    mark = {
        "type": "bar", "orient": "horizontal", "height": BAND_PX, "color": fill, "stroke": edge, "strokeWidth": 1.2,
        "strokeDash": [3, 2] if kind == "unknown" else [1, 0],
    }  # fmt: skip
    return {
        "data": {"name": "bands"},
        "transform": [{"filter": {"field": "kind", "equal": kind}}],
        "mark": mark,
        "encoding": {"x": _x("start"), "x2": {"field": "end"}, "y": _x("height")},
    }


def _zero(ink: Palette) -> Spec:
    mark = {"type": "rule", "color": ink.axis, "strokeWidth": 1}
    return {
        "data": {"name": "frame"},
        "mark": mark,
        "encoding": {"x": _x("start"), "x2": {"field": "end"}, "y": _x("height")},
    }


def _number(ink: Palette) -> Spec:
    mark = {"type": "text", "baseline": "top", "y": 0, "color": ink.text, "fontWeight": 600}
    return {"data": {"name": "numbers"}, "mark": mark, "encoding": {"x": _x("at"), "text": {"field": "number"}}}


def _price(ink: Palette) -> list[Spec]:
    """The internal carbon price as a line over the whole width, named at its right end."""
    rule = {"type": "rule", "color": ink.text, "strokeWidth": 1.5, "strokeDash": [5, 3]}
    text = {"type": "text", "align": "right", "baseline": "bottom", "dy": -3, "color": ink.text, "fontWeight": 600}
    data = {"data": {"name": "price"}}
    return [
        {**data, "mark": rule, "encoding": {"x": _x("start"), "x2": {"field": "end"}, "y": _x("height")}},
        {**data, "mark": text, "encoding": {"x": _x("end"), "y": _x("height"), "text": {"field": "label"}}},
    ]
