"""Colours, text size and axes shared by all charts, for light and dark pages.

A chart is a function from tidy rows to a Vega-Lite spec, written as a plain dict: building it through Altair takes
25 ms, as a dict 0.1 ms. `as_altair` turns any spec into an `alt.Chart`, checked against Vega-Lite's schema.
Rows travel as named datasets and everything that follows from them is in the rows, so that a moved lever sends new
rows to a chart that stays in place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

Row = Mapping[str, Any]
Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
TEXT_PX = 13
LINE_PX = 17  # one line of text with its air
SWATCH_PX = 16  # from a swatch's left to its word
CHAR_PX = 7.4  # a wide estimate of one character at 13 px
MOST_TICKS = 6
MOST_SERIES = 5
OTHER = "Other"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode. Series are told apart by colour-blind readers too; text never takes a series' colour."""

    series: tuple[str, str, str, str, str]
    background: str
    text: str
    muted: str
    accent: str
    worse: str
    worse_text: str
    grid: str
    axis: str
    baseline: str
    pale: str
    pale_worse: str
    over_dark: str = "#FFFFFF"  # on the cells of a heat map, whose colours are the same in both modes
    over_bright: str = "#1B2430"


LIGHT = Palette(
    series=("#0B5CAD", "#E15F0A", "#172259", "#1A95D8", "#723311"),
    background="#FFFFFF",
    text="#1B2430",
    muted="#55606E",
    accent="#0B5CAD",
    worse="#E15F0A",
    worse_text="#A8430A",
    grid="#E3E8ED",
    axis="#AEB8C3",
    baseline="#77828F",
    pale="#D3E4F5",
    pale_worse="#FBE3D0",
)
DARK = Palette(
    series=("#6CB0FF", "#EA9344", "#6857D1", "#C0304C", "#BBFFC8"),
    background="#11161D",
    text="#E9EDF2",
    muted="#A9B4C0",
    accent="#6CB0FF",
    worse="#EA9344",
    worse_text="#F0A463",
    grid="#252E39",
    axis="#4A5563",
    baseline="#8F9BA8",
    pale="#1F3A57",
    pale_worse="#3E2A12",
)


def palette(dark: bool) -> Palette:
    """The colours of the page's mode."""
    return DARK if dark else LIGHT


def config(dark: bool) -> Spec:
    """Vega-Lite's `config`: text size, hairlines, no frame, no legend, no motion."""
    ink = palette(dark)
    return {
        "background": "transparent",
        "font": "Source Sans, sans-serif",
        "view": {"stroke": None},
        "text": {"fontSize": TEXT_PX, "color": ink.text},
        "legend": {"disable": True},
        "axis": {
            "labelFontSize": TEXT_PX,
            "labelColor": ink.muted,
            "labelFontWeight": 400,
            "labelPadding": 6,
            "title": None,
            "grid": False,
            "gridColor": ink.grid,
            "gridWidth": 1,
            "gridOpacity": 1,
            "gridDash": [],
            "domain": False,
            "domainColor": ink.axis,
            "ticks": False,
        },
    }


def spec(layers: Sequence[Spec], datasets: Mapping[str, Sequence[Row]], height: int, dark: bool, about: str) -> Spec:
    """A layered chart as wide as its column; its plot is `height` high, and `about` is its accessible name."""
    return {
        "$schema": SCHEMA,
        "description": about,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 0, "right": 2, "top": 8, "bottom": 4},
        "config": config(dark),
        "datasets": {name: list(rows) for name, rows in datasets.items()},
        "layer": list(layers),
    }


def as_altair(chart: Spec) -> "alt.LayerChart":
    """The same chart as an Altair object, checked against the schema: for notebooks and tests."""
    import altair as alt

    made = alt.Chart.from_dict(chart)
    if not isinstance(made, alt.LayerChart):
        raise TypeError(f"chart is {type(made).__name__}; it must be a LayerChart")
    return made


def ticks(top: float) -> list[float]:
    """At most six round values from 0 to at least `top`; the last is the end of the axis.

    >>> ticks(247), ticks(0.9), ticks(0)
    ([0.0, 50.0, 100.0, 150.0, 200.0, 250.0], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [0.0, 1.0])
    """
    if not isfinite(top) or top <= 0:
        return [0.0, 1.0]
    power = 10.0 ** (floor(log10(top)) - 1)
    step = next(power * round_step for round_step in (2, 2.5, 5, 10, 20, 25, 50) if power * round_step * 5 >= top)
    return [round(place * step, 12) for place in range(MOST_TICKS) if (place - 1) * step < top]


def axis_end(top: float) -> float:
    """The round end of an axis that holds `top`.

    >>> axis_end(247)
    250.0
    """
    return ticks(top)[-1]


def value_axis(values: Sequence[float]) -> Spec:
    """A vertical axis from 0 with hairlines; thousands stand apart by a narrow no-break space."""
    return {
        "values": list(values),
        "grid": True,
        "labelExpr": "replace(format(datum.value, ',~f'), /,/g, '\u202f')",
    }


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places for labels in rising order: as near as can be to the wanted ones, at least `gap` from each other.

    >>> apart([10, 11, 50], 5, 0, 100)
    [10, 15, 50]
    >>> apart([97, 99], 5, 0, 100)
    [95, 100]
    """
    places: list[float] = []
    for place in wanted:
        places.append(max(place, places[-1] + gap if places else low))
    ceiling = high
    for index in reversed(range(len(places))):
        places[index] = min(places[index], ceiling)
        ceiling = places[index] - gap
    return places


def known(rows: Sequence[Row], *fields: str) -> list[dict[str, Any]]:
    """The rows whose fields are all numbers: what is unknown is not drawn, and never drawn as 0.

    >>> known([{"value": 1.0}, {"value": float("nan")}], "value")
    [{'value': 1.0}]
    """
    return [dict(row) for row in rows if all(isfinite(row[field]) for field in fields)]


def in_a_line(parts: Sequence[str]) -> list[dict[str, Any]]:
    """The parts' names in one line, each with its distance from the left edge [px]."""
    starts = [sum(SWATCH_PX + 14 + CHAR_PX * len(earlier) for earlier in parts[:place]) for place in range(len(parts))]
    return [{"part": part, "at": start} for part, start in zip(parts, starts, strict=True)]


def at_most_five(rows: Sequence[Row], parts: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of the four largest parts and of "Other", where there are more than five; the order stays `parts`'."""
    if len(parts) <= MOST_SERIES:
        return [dict(row) for row in rows], list(parts)
    sizes = {part: sum(abs(row["value"]) for row in rows if row["part"] == part) for part in parts}
    kept = set(sorted(parts, key=lambda part: (part == OTHER, -sizes[part]))[: MOST_SERIES - 1])
    folded: dict[tuple[Any, str], dict[str, Any]] = {}
    for row in rows:
        part = row["part"] if row["part"] in kept else OTHER
        place = (row.get("year", row.get("row")), part)
        folded.setdefault(place, {**row, "part": part, "value": 0.0})["value"] += row["value"]
    return list(folded.values()), [*(part for part in parts if part in kept), OTHER]
