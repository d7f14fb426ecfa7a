"""Places on the globe as dots, coloured by a figure in cividis on a logarithmic scale; the chosen ones outlined."""

from collections.abc import Sequence

from core.charts.theme import Palette, Row, Spec, known, palette, spec

HEIGHT_PX = 320
STEP_DEGREES = 30
PROJECTION = {"type": "equirectangular"}
KINDS = ("home", "best", "other")


def world(rows: Sequence[Row], about: str, dark: bool) -> Spec:
    """One dot a row over a grid of longitudes and latitudes. Rows: name, longitude, latitude, value, label, kind.

    Kinds: "home" and "best" (outlined and named), "other". Values are above 0 and in the page's unit.
    """
    ink = palette(dark)
    dots = [row for row in known(rows, "value", "longitude", "latitude") if row["value"] > 0]
    low = min((row["value"] for row in dots), default=1.0)
    high = max((row["value"] for row in dots), default=2.0)
    named = [row for row in dots if row["kind"] != "other"]
    layers = [_net(ink), _dots(low, max(high, low * 2), ink)]
    datasets = {"dots": dots}
    if named:
        datasets["named"] = named
        layers += _named(ink)
    return spec(layers, datasets, HEIGHT_PX, dark, about)


def _net(ink: Palette) -> Spec:
    return {
        "data": {"graticule": {"step": [STEP_DEGREES, STEP_DEGREES]}},
        "projection": PROJECTION,
        "mark": {"type": "geoshape", "stroke": ink.grid, "fill": None, "filled": False, "strokeWidth": 1},
    }


def _where() -> Spec:
    return {
        "longitude": {"field": "longitude", "type": "quantitative"},
        "latitude": {"field": "latitude", "type": "quantitative"},
    }


def _dots(low: float, high: float, ink: Palette) -> Spec:
    scale = {"type": "log", "scheme": "cividis", "domain": [low, high]}
    colour = {"field": "value", "type": "quantitative", "scale": scale, "legend": None}
    told = [
        {"field": name, "type": "nominal", "title": title} for name, title in (("name", "Place"), ("label", "Grid"))
    ]
    return {
        "data": {"name": "dots"},
        "projection": PROJECTION,
        "mark": {"type": "circle", "size": 70, "opacity": 1, "stroke": ink.text, "strokeWidth": 0.6},
        "encoding": {**_where(), "color": colour, "tooltip": told},
    }


def _named(ink: Palette) -> list[Spec]:
    kinds = {"domain": list(KINDS), "range": [ink.worse, ink.accent, ink.muted]}
    ring = {"type": "point", "filled": False, "size": 220, "strokeWidth": 2.5, "opacity": 1}
    text = {"type": "text", "align": "left", "dx": 12, "color": ink.text, "fontWeight": 600}
    data: Spec = {"data": {"name": "named"}, "projection": PROJECTION}
    stroke = {"field": "kind", "type": "nominal", "scale": kinds, "legend": None}
    return [
        {**data, "mark": ring, "encoding": {**_where(), "stroke": stroke}},
        {**data, "mark": text, "encoding": {**_where(), "text": {"field": "name"}}},
    ]
