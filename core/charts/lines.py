"""Quantities by calendar year: lines, the band of one of them, and the headline year's range."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal

from core.charts.theme import CHAR_PX, LINE_PX, Palette, Row, Spec, apart, known, palette, spec, ticks, value_axis

Style = Literal["plan", "market", "baseline", "pathway", "long_term", "second", "third", "fourth", "fifth"]
HEIGHT_PX = 320
BAND_OPACITY = 0.14
FURTHER = ((8, 3), (2, 2), (10, 3, 2, 3), (5, 2))  # dashes of further plans


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the chart: its key in the rows, the name written at its end, and what it stands for."""

    key: str
    name: str
    style: Style


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line looks. Dash and markers tell lines apart without their colour."""

    colour: str
    text: str
    width: float
    dash: tuple[int, ...] = ()
    diamonds: bool = False
    weight: int = 600


def strokes(ink: Palette) -> Mapping[Style, Stroke]:
    """Plan 3 px blue, market-based 2 px ink dashed, baseline 2 px grey dashed, pathway 2 px ink with diamonds.

    The long-term line goes on from the pathway in fine dashes. Further plans take the series' colours, each with dashes
    of its own.
    """
    others = zip(("second", "third", "fourth", "fifth"), ink.series[1:], FURTHER, strict=True)
    further: dict[Style, Stroke] = {name: Stroke(colour, ink.text, 2.5, dash) for name, colour, dash in others}  # type: ignore[misc]
    return further | {
        "plan": Stroke(ink.accent, ink.accent, 3),
        "market": Stroke(ink.text, ink.text, 2, (7, 4)),
        "baseline": Stroke(ink.baseline, ink.muted, 2, (4, 3), weight=400),
        "pathway": Stroke(ink.text, ink.text, 2, diamonds=True),
        "long_term": Stroke(ink.text, ink.muted, 1.5, (2, 4), weight=400),
    }


def lines_by_year(
    rows: Sequence[Row],
    lines: Sequence[Line],
    about: str,
    dark: bool,
    band: Sequence[Row] = (),
    marks: Sequence[Row] = (),
    top: float | None = None,
    height: int = HEIGHT_PX,
    at: Sequence[int] = (),
    beside: bool = False,
) -> Spec:
    """Lines by year, named inside the plot at their ends, over the band that holds 80 % of the plan's simulations.

    Rows: year, line, value. Band: year, low, high. Marks (the headline year): year, low, mid, high and, where wanted,
    the texts low_label, mid_label, high_label. Values are in the page's unit; `top` fixes the axis while levers move,
    `at` says which years are written below it; `beside` names the lines right of the plot, where they lie close.
    """
    rows, band, marks = known(rows, "value"), known(band, "low", "high"), known(marks, "low", "mid", "high")
    ink = palette(dark)
    peak = max([row["value"] for row in rows] + [row["high"] for row in [*band, *marks]], default=0.0)
    axis = ticks(top if top is not None else peak)
    shown = [line for line in lines if any(row["line"] == line.key for row in rows)]
    last_year = max((row["year"] for row in rows), default=0)
    lone = all(row["year"] == last_year for row in rows)
    gap = axis[-1] * LINE_PX / height
    outside = last_year if beside and not lone else None
    names = _names(rows, shown, axis[-1], gap, outside)
    ends = {name["line"]: name["year"] == outside for name in names}
    texts = [text for mark in marks for text in _mark_texts(mark, gap, lone or mark["year"] < last_year)]
    room = 10 + CHAR_PX * max(len(line.name) for line in shown if ends[line.key]) if outside is not None else 0
    layers = [_frame(rows, axis, at, room)]
    layers += [_band(ink)] if band else []
    layers += _mark_lines(ink) if marks else []
    layers += [layer for line in shown for layer in _line(line, ink, lone)]
    layers += _mark_layers(ink) if texts else []
    layers += [layer for line in shown for layer in haloed(_name(line, ink, lone, ends[line.key]), ink)]
    named = {"rows": rows, "band": band, "marks": marks, "texts": texts, "names": names}
    datasets = {name: found for name, found in named.items() if found or name == "rows"}
    return spec(layers, datasets, height, dark, about)


def lines_by_hour(
    rows: Sequence[Row], lines: Sequence[Line], about: str, dark: bool, at: Sequence[int], height: int = HEIGHT_PX
) -> Spec:
    """The same lines over hours, or over shares of 100. Rows: hour, line, value; `at` is written below the axis."""
    moved = [{"year": row["hour"], "line": row["line"], "value": row["value"]} for row in rows]
    return lines_by_year(moved, lines, about, dark, height=height, at=at)


def _frame(rows: Sequence[Row], axis: Sequence[float], at: Sequence[int] = (), room_px: float = 0) -> Spec:
    """An unseen line that carries both axes, so that every other layer follows them."""
    years = sorted({row["year"] for row in rows}) or [0, 1]
    room = 0.5 if len(years) == 1 else 0
    x_axis = {"values": list(at) or years, "format": "d", "domain": True, "labelFlush": True, "labelOverlap": "parity"}
    x_scale = {"domain": [years[0] - room, years[-1] + room], "nice": False}
    x_scale |= {"range": [0, {"expr": f"width - {room_px:g}"}]} if room_px else {}
    y_scale = {"domain": [axis[0], axis[-1]], "nice": False}
    return {
        "data": {"name": "rows"},
        "mark": {"type": "line", "opacity": 0},
        "encoding": {
            "x": {**_x(), "scale": x_scale, "axis": x_axis},
            "y": {**_y("value"), "scale": y_scale, "axis": value_axis(axis)},
            "detail": {"field": "line", "type": "nominal"},
        },
    }


def _x() -> Spec:
    return {"field": "year", "type": "quantitative"}


def _y(field: str) -> Spec:
    return {"field": field, "type": "quantitative"}


def _band(ink: Palette) -> Spec:
    area = {"type": "area", "color": ink.accent, "opacity": BAND_OPACITY}
    return {"data": {"name": "band"}, "mark": area, "encoding": {"x": _x(), "y": _y("low"), "y2": {"field": "high"}}}


def _line(line: Line, ink: Palette, lone: bool) -> list[Spec]:
    stroke = strokes(ink)[line.style]
    look = {"color": stroke.colour, "strokeWidth": stroke.width, "strokeDash": list(stroke.dash), "strokeCap": "butt"}
    own = {"data": {"name": "rows"}, "transform": [{"filter": {"field": "line", "equal": line.key}}]}
    places = {"x": _x(), "y": _y("value")}
    layers: list[Spec] = [{**own, "mark": {"type": "line", **look}, "encoding": places}]
    if stroke.diamonds or lone:
        shape = "diamond" if stroke.diamonds else "circle"
        point = {"type": "point", "shape": shape, "filled": True, "size": 45, "color": stroke.colour, "opacity": 1}
        layers.append({**own, "mark": point, "encoding": places})
    return layers


def _names(
    rows: Sequence[Row], lines: Sequence[Line], top: float, gap: float, outside: int | None = None
) -> list[dict[str, Any]]:
    """Each line's name with its place at the line's end: above a rising line, below a falling one, never on another.

    The names of lines that end in the year `outside` stand at their very ends.
    """
    last = {line.key: max(row["year"] for row in rows if row["line"] == line.key) for line in lines}
    return [
        name
        for year in sorted(set(last.values()))
        for name in _names_at(year, rows, [line for line in lines if last[line.key] == year], top, gap, year == outside)
    ]


def _names_at(
    year: int, rows: Sequence[Row], lines: Sequence[Line], top: float, gap: float, outside: bool
) -> list[dict[str, Any]]:
    """The names of the lines that end in one year."""
    ends = sorted((_ending(rows, line), line.key, line) for line in lines)
    wanted = []
    for index, (last, _, line) in enumerate(ends):
        end, before = last[0], last[-1]
        crowded = index + 1 < len(ends) and ends[index + 1][0][0] - end < 2 * gap
        falls = before - end >= gap / 2 or (line.style == "pathway" and before > end)
        above = (not falls and not crowded) or end < 1.5 * gap
        wanted.append(end if outside else max(last) + 0.8 * gap if above else min(last) - 0.8 * gap)
    places = apart(wanted, gap, gap / 2, top + gap / 2)
    return [
        {"year": year, "line": key, "name": line.name, "place": place}
        for (_, key, line), place in zip(ends, places, strict=True)
    ]


def _ending(rows: Sequence[Row], line: Line) -> tuple[float, ...]:
    """The line's last values, which its name hangs over: the last first, at most two years back."""
    own = sorted((row["year"], row["value"]) for row in rows if row["line"] == line.key)
    return tuple(value for _, value in reversed(own[-3:]))


def _name(line: Line, ink: Palette, lone: bool, outside: bool) -> Spec:
    stroke = strokes(ink)[line.style]
    text = {"type": "text", "align": "right", "baseline": "middle", "dx": -10 if lone else -2}
    text |= {"align": "left", "dx": 6} if outside else {}
    return {
        "data": {"name": "names"},
        "transform": [{"filter": {"field": "line", "equal": line.key}}],
        "mark": {**text, "color": stroke.text, "fontWeight": stroke.weight},
        "encoding": {"x": _x(), "y": _y("place"), "text": {"field": "name"}},
    }


def haloed(text: Spec, ink: Palette) -> tuple[Spec, Spec]:
    """A text over a rim of the page's ground: a line that passes behind it does not strike it through."""
    rim = {"stroke": ink.background, "strokeWidth": 4, "strokeJoin": "round", "strokeOpacity": 0.85}
    return {**text, "mark": {**text["mark"], "color": ink.background, **rim}}, text


def _mark_lines(ink: Palette) -> list[Spec]:
    rule = {"type": "rule", "color": ink.accent, "strokeWidth": 1.5}
    dot = {"type": "point", "filled": True, "size": 70, "color": ink.accent, "opacity": 1}
    data = {"data": {"name": "marks"}}
    return [
        {**data, "mark": rule, "encoding": {"x": _x(), "y": _y("low"), "y2": {"field": "high"}}},
        {**data, "mark": dot, "encoding": {"x": _x(), "y": _y("mid")}},
    ]


def _mark_texts(mark: Row, gap: float, after: bool) -> list[dict[str, Any]]:
    """The labels of the headline year as rows: beyond the ends of its bar, and the middle below its dot.

    They stand after the bar, or before it where the plot ends; a lone year has its lines' names before it.
    """
    wanted = {"low": -0.5, "mid": -0.8, "high": 0.5}
    shown = [end for end in wanted if mark.get(f"{end}_label")]
    places = apart([mark[end] + wanted[end] * gap for end in shown], gap, gap / 2, inf)
    side = "left" if after else "right"
    return [
        {"year": mark["year"], "place": place, "text": mark[f"{end}_label"], "strong": end == "mid", "side": side}
        for end, place in zip(shown, places, strict=True)
    ]


def _mark_layers(ink: Palette) -> list[Spec]:
    """The labels' layers: one for the ends in grey, one for the middle in blue."""
    text = {
        "type": "text",
        "baseline": "middle",
        "align": {"expr": "datum.side"},
        "dx": {"expr": "datum.side == 'right' ? -8 : 8"},
    }
    places = {"x": _x(), "y": _y("place"), "text": {"field": "text"}}
    return [
        {
            "data": {"name": "texts"},
            "transform": [{"filter": {"field": "strong", "equal": strong}}],
            "mark": {**text, "color": colour, "fontWeight": weight},
            "encoding": places,
        }
        for strong, colour, weight in ((False, ink.muted, 400), (True, ink.accent, 600))
    ]
