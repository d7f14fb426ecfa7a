"""A plan beside its target: the way by year with the gap, and the wedges that levers cut from business as usual."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

from core.charts.lines import HEIGHT_PX, Line, haloed, lines_by_year, strokes
from core.charts.theme import LINE_PX, Palette, Row, Spec, apart, known, palette, spec, ticks, value_axis

Kind = Literal["saves", "adds", "contract"]
SHAPES = {"inventory": "circle", "actual": "cross"}
NAMES_PX = "clamp(width * 0.38, 132, 210)"  # the room right of the last year for names
STRIPES = 48  # of a hatched area
STRIPE_SHARE = 0.3  # of each stripe that is coloured
SLANT = 0.12  # of the stripes, as a share of the area's width
NAME_FITS = 0.5  # of a line of text: a thinner wedge goes without its name, which the table holds


@dataclass(frozen=True, slots=True)
class Wedge:
    """What one lever cuts: its key in the rows, its name, and whether it saves, adds, or is a contract alone."""

    key: str
    name: str
    kind: Kind


def trajectory(
    rows: Sequence[Row],
    lines: Sequence[Line],
    about: str,
    dark: bool,
    band: Sequence[Row] = (),
    gap: Row | None = None,
    points: Sequence[Row] = (),
    top: float | None = None,
    at: Sequence[int] = (),
    height: int = HEIGHT_PX,
) -> Spec:
    """Lines by year with the plan's band, the gap to the target line as a bar, and what was measured as points.

    Rows: year, line, value. Band: year, low, high. Gap: year, low, high, label, worse. Points: year, value, kind
    (inventory or actual). Values are in the page's unit.
    """
    ink, points = palette(dark), known(points, "value")
    peak = top if top is not None else highest(rows, band, points)
    made = lines_by_year(rows, lines, about, dark, band, (), peak, height, at)
    for kind in SHAPES:
        own = [point for point in points if point["kind"] == kind]
        if own:
            made["datasets"][kind] = own
            made["layer"].append(_points(kind, ink))
    if gap is not None and isfinite(gap["low"]) and isfinite(gap["high"]):
        last = max(row["year"] for row in rows)
        made["datasets"]["gap"] = [dict(gap)]
        made["layer"] += _gap(bool(gap["worse"]), gap["year"] >= last, ink)
    return made


def highest(rows: Sequence[Row], band: Sequence[Row] = (), points: Sequence[Row] = ()) -> float:
    """What the axis must hold.

    >>> highest([{"value": 3.0}], [{"low": 1.0, "high": 5.0}])
    5.0
    """
    values = [row["value"] for row in known([*rows, *points], "value")]
    return max([*values, *(row["high"] for row in known(band, "low", "high"))], default=0.0)


def _points(kind: str, ink: Palette) -> Spec:
    look = {"type": "point", "shape": SHAPES[kind], "size": 70, "strokeWidth": 2, "color": ink.text, "opacity": 1}
    return {
        "data": {"name": kind},
        "mark": {**look, "filled": kind == "actual"},
        "encoding": {"x": _x(), "y": _y("value")},
    }


def _gap(worse: bool, at_end: bool, ink: Palette) -> list[Spec]:
    """The bar between plan and target line, and its size in words above it: to the left where the plot ends."""
    colour, text = (ink.worse, ink.worse_text) if worse else (ink.accent, ink.accent)
    side = {"align": "right"} if at_end else {"align": "center"}
    label = {"type": "text", "baseline": "bottom", "dy": -8, "fontWeight": 600, "color": text, **side}
    data = {"data": {"name": "gap"}}
    between = {"x": _x(), "y": _y("low"), "y2": {"field": "high"}}
    words = {**data, "mark": label, "encoding": {"x": _x(), "y": _y("high"), "text": {"field": "label"}}}
    return [
        {**data, "mark": {"type": "rule", "color": colour, "strokeWidth": 2}, "encoding": between},
        *haloed(words, ink),
    ]


def wedges(
    rows: Sequence[Row],
    parts: Sequence[Wedge],
    line_rows: Sequence[Row],
    lines: Sequence[Line],
    about: str,
    dark: bool,
    top: float | None = None,
    height: int = HEIGHT_PX,
) -> Spec:
    """Areas between business as usual and the plan, one a lever in their order, with the lines they lie between.

    Rows: year, part, low, high. Line rows: year, line, value. What saves is pale blue, what adds pale orange, what
    contracts alone change is hatched. Values are in the page's unit.
    """
    ink, rows, line_rows = palette(dark), known(rows, "low", "high"), known(line_rows, "value")
    peak = top if top is not None else max(highest(line_rows), highest((), rows))
    axis = ticks(peak)
    shown = [part for part in parts if any(row["part"] == part.key for row in rows)]
    drawn = [line for line in lines if any(row["line"] == line.key for row in line_rows)]
    names = _names(rows, shown, line_rows, drawn, axis[-1], height)
    on_top = sorted(shown, key=lambda part: part.kind == "adds")  # it overlaps what the next lever saves
    layers = [_frame(line_rows, axis), *(_area(part, ink) for part in on_top)]
    layers += [layer for line in drawn for layer in _line(line, ink)]
    layers += [_name(strong, ink) for strong in (False, True)] if names else []
    named = {"lines": line_rows, "rows": rows, "names": names}
    return spec(layers, {name: found for name, found in named.items() if found or name == "lines"}, height, dark, about)


def _x() -> Spec:
    return {"field": "year", "type": "quantitative"}


def _y(field: str) -> Spec:
    return {"field": field, "type": "quantitative"}


def _frame(rows: Sequence[Row], axis: Sequence[float]) -> Spec:
    """An unseen line that carries both axes, with room for the names right of the last year."""
    years = sorted({row["year"] for row in rows}) or [0, 1]
    room = 0.5 if len(years) == 1 else 0
    domain = [years[0] - room, years[-1] + room]
    scale = {"domain": domain, "nice": False, "range": [0, {"expr": f"width - {NAMES_PX}"}]}
    x_axis = {"values": years, "format": "d", "domain": True, "labelFlush": True, "labelOverlap": "parity"}
    return {
        "data": {"name": "lines"},
        "mark": {"type": "line", "opacity": 0},
        "encoding": {
            "x": {**_x(), "scale": scale, "axis": x_axis},
            "y": {
                **_y("value"),
                "scale": {"domain": [axis[0], axis[-1]], "nice": False},
                "axis": value_axis(axis),
            },
            "detail": {"field": "line", "type": "nominal"},
        },
    }


def _area(part: Wedge, ink: Palette) -> Spec:
    pale, edge = (ink.pale_worse, ink.worse) if part.kind == "adds" else (ink.pale, ink.accent)
    fill: Any = _hatched(ink) if part.kind == "contract" else pale
    return {
        "data": {"name": "rows"},
        "transform": [{"filter": {"field": "part", "equal": part.key}}],
        "mark": {"type": "area", "color": fill, "opacity": 1, "line": {"color": edge, "strokeWidth": 1.2}},
        "encoding": {"x": _x(), "y": _y("high"), "y2": {"field": "low"}},
    }


def _hatched(ink: Palette) -> Spec:
    """Stripes as a gradient of hard steps: the canvas has no patterns."""
    stops = [
        {"offset": (place + offset) / STRIPES, "color": colour}
        for place in range(STRIPES)
        for offset, colour in (
            (0.0, ink.background),
            (1.0 - STRIPE_SHARE, ink.background),
            (1.0 - STRIPE_SHARE, ink.accent),
            (1.0, ink.accent),
        )
    ]
    last = {"offset": 1.0, "color": ink.background}  # what lies beyond the last stripe takes this colour
    return {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": SLANT, "stops": [*stops, last]}


def _line(line: Line, ink: Palette) -> list[Spec]:
    stroke = strokes(ink)[line.style]
    own = {"data": {"name": "lines"}, "transform": [{"filter": {"field": "line", "equal": line.key}}]}
    look = {"color": stroke.colour, "strokeWidth": stroke.width, "strokeDash": list(stroke.dash)}
    places = {"x": _x(), "y": _y("value")}
    point = {"type": "point", "shape": "diamond", "filled": True, "size": 45, "color": stroke.colour, "opacity": 1}
    layers: list[Spec] = [{**own, "mark": {"type": "line", **look}, "encoding": places}]
    return [*layers, {**own, "mark": point, "encoding": places}] if stroke.diamonds else layers


def _names(
    rows: Sequence[Row],
    parts: Sequence[Wedge],
    line_rows: Sequence[Row],
    lines: Sequence[Line],
    top: float,
    height: int,
) -> list[dict[str, Any]]:
    """What stands right of the last year: each line's name at its end, each wedge's at its middle, none on another."""
    gap = top * LINE_PX / height
    wanted = [(_last(line_rows, "line", line.key)["value"], line.name, True) for line in lines]
    for part in parts:
        end = _last(rows, "part", part.key)
        if end["high"] - end["low"] >= NAME_FITS * gap:
            wanted.append(((end["low"] + end["high"]) / 2, part.name, False))
    wanted.sort()
    places = apart([place for place, _, _ in wanted], gap, gap / 2, top)
    return [
        {"name": name, "place": place, "strong": strong}
        for place, (_, name, strong) in zip(places, wanted, strict=True)
    ]


def _last(rows: Sequence[Row], field: str, key: str) -> Row:
    return max((row for row in rows if row[field] == key), key=lambda row: row["year"])


def _name(strong: bool, ink: Palette) -> Spec:
    text = {"type": "text", "align": "left", "baseline": "middle", "limit": {"expr": f"{NAMES_PX} - 10"}}
    look = {"color": ink.text if strong else ink.muted, "fontWeight": 600 if strong else 400}
    return {
        "data": {"name": "names"},
        "transform": [{"filter": {"field": "strong", "equal": strong}}],
        "mark": {**text, **look, "x": {"expr": f"width - {NAMES_PX} + 10"}},
        "encoding": {"y": _y("place"), "text": {"field": "name"}},
    }
