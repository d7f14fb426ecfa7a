"""Plans beside each other: what sets them apart by figure and by year, and what makes the difference."""

from collections.abc import Sequence
from math import inf
from typing import Any

from core.charts.lines import HEIGHT_PX, Line, strokes
from core.charts.theme import LINE_PX, Palette, Row, Spec, apart, known, palette, spec

ROW_PX = 22
LETTER_PX = 20  # left of the plot, for the plan's letter
END_PX = 176  # right of it, for a difference with its range
STEP_PX = 42
BAR_PX = 14
NAME_ABOVE_PX, BAR_BELOW_PX = -10, 9  # from the middle of a row
SIDE_PX = 4
AFTER_PX = 34  # right of the years, for a plan's colour and letter
LABEL_PX = 92
SPREAD = 0.5  # of a year, over which the plans of one year stand side by side


def differences(rows: Sequence[Row], lines: Sequence[Line], about: str, dark: bool) -> Spec:
    """A dot and its range a plan and figure around the reference at 0; hollow where it cannot be told apart from that.

    Rows: name (the figure's, on a line of its own), line, low, mid, high, label, apart. One axis for all: per cent.
    """
    shown = known(rows, "low", "mid", "high")
    ink = palette(dark)
    order: list[str] = []
    placed: list[dict[str, Any]] = []
    letters = {line.key: line.name for line in lines}
    for name in dict.fromkeys(row["name"] for row in shown):
        order.append(name)
        for row in (one for one in shown if one["name"] == name):
            order.append(f"{name}|{row['line']}")
            placed.append({**row, "row": order[-1], "letter": letters[row["line"]]})
    reach = max((abs(end) for row in placed for end in (row["low"], row["high"])), default=0.0) or 1.0
    scale = {"domain": [-reach, reach], "nice": False, "range": [LETTER_PX, {"expr": f"width - {END_PX}"}]}
    y: Spec = {"field": "row", "type": "nominal", "scale": {"domain": order}, "axis": None}
    colour = _colour(lines, ink)
    names = [{"row": name} for name in order if "|" not in name]
    layers = [
        _zero(scale, y, {"size": ROW_PX}, ink),
        {
            "data": {"name": "rows"},
            "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.5},
            "encoding": {"x": _x("low", scale), "x2": {"field": "high"}, "y": y, "color": colour},
        },
        _dots("rows", {"x": _x("mid", scale), "y": y}, colour, ink),
        *([_text("letter", y, {"x": 0, "fontWeight": 600, "color": ink.text})] if len(lines) > 1 else []),
        _text("label", y, {"align": "right", "x": {"expr": "width"}, "color": ink.text}),
        {**_text("row", y, {"x": 0, "color": ink.muted}), "data": {"name": "names"}},
    ]
    datasets = {"rows": placed, "names": names}
    return spec(layers, datasets, ROW_PX * max(len(order), 1), dark, about)


def differences_by_year(rows: Sequence[Row], lines: Sequence[Line], about: str, dark: bool) -> Spec:
    """The difference to the reference by year, each with its range; hollow where it spans zero. A colour a plan.

    Of several plans each is named right of the last year. Rows: year, line, low, mid, high, apart. Values are in the
    page's unit.
    """
    shown = known(rows, "low", "mid", "high")
    ink = palette(dark)
    years = sorted({row["year"] for row in shown}) or [0]
    keys = [line.key for line in lines]
    step = SPREAD / max(len(keys), 1)
    placed = [{**row, "at": row["year"] + step * (keys.index(row["line"]) - (len(keys) - 1) / 2)} for row in shown]
    ends = [end for row in placed for end in (row["low"], row["high"])] + [0.0]
    named = _at_last(shown, lines, max(ends) - min(ends)) if len(lines) > 1 else []
    room = AFTER_PX if named else 0
    x_scale = {"domain": [years[0] - 0.5, years[-1] + 0.5], "nice": False, "range": [0, {"expr": f"width - {room}"}]}
    x_axis = {"values": years, "format": "d", "labelOverlap": "parity"}
    y_axis = {
        "grid": True,
        "tickCount": 6,
        "labelExpr": "replace(replace(format(datum.value, ',~f'), /,/g, '\u202f'), '-', '−')",
    }
    y: Spec = {"type": "quantitative", "scale": {"domain": [min(ends), max(ends)], "nice": True}, "axis": y_axis}
    x: Spec = {"field": "at", "type": "quantitative", "scale": x_scale, "axis": x_axis}
    colour = _colour(lines, ink)
    zero = {"type": "rule", "color": ink.baseline, "strokeWidth": 2, "strokeDash": [4, 3], "x": 0}
    zero["x2"] = {"expr": f"width - {room}"}
    layers = [
        {"data": {"name": "zero"}, "mark": zero, "encoding": {"y": {"field": "at", "type": "quantitative"}}},
        {
            "data": {"name": "rows"},
            "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.5},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour},
        },
        _dots("rows", {"x": x, "y": {**y, "field": "mid"}}, colour, ink),
        *(_letters({**y, "field": "place"}, colour, ink) if named else []),
    ]
    datasets = {"rows": placed, "zero": [{"at": 0.0}]} | ({"names": named} if named else {})
    return spec(layers, datasets, HEIGHT_PX, dark, about)


def _at_last(rows: Sequence[Row], lines: Sequence[Line], span: float) -> list[dict[str, Any]]:
    """Each plan's letter with its height beside its last year, none on another."""
    names = {line.key: line.name for line in lines}
    last = {row["line"]: row["mid"] for row in sorted(rows, key=lambda row: row["year"])}
    order = sorted(last, key=lambda key: (last[key], key))
    places = apart([last[key] for key in order], span * LINE_PX / HEIGHT_PX, -inf, inf)
    return [{"line": key, "name": names[key], "place": place} for key, place in zip(order, places, strict=True)]


def _letters(y: Spec, colour: Spec, ink: Palette) -> list[Spec]:
    """A plan's colour and letter."""
    mark = {"type": "point", "filled": True, "size": 60, "opacity": 1, "x": {"expr": f"width - {AFTER_PX - 10}"}}
    text = {"type": "text", "align": "left", "baseline": "middle", "fontWeight": 600, "color": ink.text}
    text["x"] = {"expr": f"width - {AFTER_PX - 18}"}
    data = {"data": {"name": "names"}}
    return [
        {**data, "mark": mark, "encoding": {"y": y, "color": colour}},
        {**data, "mark": text, "encoding": {"y": y, "text": {"field": "name"}}},
    ]


def waterfall(steps: Sequence[Row], about: str, dark: bool) -> Spec:
    """From 0 to the whole difference: a bar a change, from where the one before it ended, and the whole at the end.

    Steps: step, start, end, kind ("part", "rest", "total"), label. What lowers is blue, what raises orange; a rest is
    grey. Each name stands on a line of its own.
    """
    shown = known(steps, "start", "end")
    ink = palette(dark)
    rows = [{**row, "place": place, "tone": _tone(row)} for place, row in enumerate(shown)]
    ends = [end for row in rows for end in (row["start"], row["end"])] + [0.0]
    domain = [min(ends), max(ends)] if max(ends) > min(ends) else [-1.0, 1.0]
    scale = {"domain": domain, "nice": False, "range": [SIDE_PX, {"expr": f"width - {LABEL_PX}"}]}
    y: Spec = {"field": "place", "type": "ordinal", "axis": None}
    tones = ["less", "more", "rest", "total less", "total more"]
    fills = [ink.pale, ink.pale_worse, ink.grid, ink.accent, ink.worse]
    edges = [ink.accent, ink.worse, ink.baseline, ink.accent, ink.worse]
    fill, edge = (
        {"field": "tone", "type": "nominal", "legend": None, "scale": {"domain": tones, "range": colours}}
        for colours in (fills, edges)
    )
    bar = {"type": "bar", "height": BAR_PX, "yOffset": BAR_BELOW_PX, "strokeWidth": 1.2, "cornerRadius": 2}
    name = {"align": "left", "x": 0, "dy": NAME_ABOVE_PX, "color": ink.text}
    label = {"align": "right", "x": {"expr": "width"}, "dy": BAR_BELOW_PX, "color": ink.text, "fontWeight": 600}
    layers = [
        {
            "data": {"name": "rows"},
            "mark": bar,
            "encoding": {"x": _x("start", scale), "x2": {"field": "end"}, "y": y, "fill": fill, "stroke": edge},
        },
        _zero(scale, y, {"size": BAR_PX + 8, "yOffset": BAR_BELOW_PX}, ink),
        _text("step", y, name),
        _text("label", y, label),
    ]
    return spec(layers, {"rows": rows}, STEP_PX * max(len(rows), 1), dark, about)


def _tone(row: Row) -> str:
    if row["kind"] == "rest":
        return "rest"
    less = "less" if row["end"] < row["start"] else "more"
    return f"total {less}" if row["kind"] == "total" else less


def _x(field: str, scale: Spec) -> Spec:
    return {"field": field, "type": "quantitative", "scale": scale, "axis": None}


def _colour(lines: Sequence[Line], ink: Palette) -> Spec:
    """A colour a line, as in the chart by year."""
    colours = strokes(ink)
    scale = {"domain": [line.key for line in lines], "range": [colours[line.style].colour for line in lines]}
    return {"field": "line", "type": "nominal", "legend": None, "scale": scale}


def _zero(scale: Spec, y: Spec, look: Spec, ink: Palette) -> Spec:
    """The reference, a stroke on every row: a line through all would cross the names."""
    tick = {"type": "tick", "orient": "vertical", "thickness": 1.5, "color": ink.baseline, **look}
    return {
        "data": {"name": "rows"},
        "mark": tick,
        "encoding": {"x": {"datum": 0.0, "type": "quantitative", "scale": scale}, "y": y},
    }


def _dots(data: str, places: Spec, colour: Spec, ink: Palette) -> Spec:
    """The central case: filled where it is told apart."""
    fill = {"condition": {"test": "datum.apart", **colour}, "value": ink.background}
    mark = {"type": "point", "size": 70, "opacity": 1, "strokeWidth": 1.8}
    return {"data": {"name": data}, "mark": mark, "encoding": {**places, "stroke": colour, "fill": fill}}


def _text(field: str, y: Spec, look: Spec) -> Spec:
    mark = {"type": "text", "align": "left", "baseline": "middle", **look}
    return {"data": {"name": "rows"}, "mark": mark, "encoding": {"y": y, "text": {"field": field}}}
