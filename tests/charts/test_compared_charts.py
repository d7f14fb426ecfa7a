"""Charts of plans beside each other: what is drawn is what was given, and nothing unknown is drawn."""

from __future__ import annotations

from itertools import pairwise
from math import nan

import pytest

from core import charts
from core.charts.lines import HEIGHT_PX
from core.charts.theme import LINE_PX, palette

LINES = [charts.Line("B", "B", "plan"), charts.Line("C", "C", "second")]
ROWS = [
    {"name": "Carbon", "line": "B", "low": -20.0, "mid": -10.0, "high": -5.0, "label": "−10 %", "apart": True},
    {"name": "Carbon", "line": "C", "low": -2.0, "mid": 1.0, "high": 3.0, "label": "+1 %", "apart": False},
    {"name": "Cost", "line": "B", "low": nan, "mid": nan, "high": nan, "label": "", "apart": False},
]
YEARS = [
    {"year": year, "line": line, "low": -3.0, "mid": -2.0, "high": -1.0, "apart": True}
    for year in (2026, 2027)
    for line in "BC"
]
STEPS = [
    {"step": "Region", "start": 0.0, "end": -38.0, "kind": "part", "label": "−38 t"},
    {"step": "Length", "start": -38.0, "end": -33.0, "kind": "part", "label": "+5 t"},
    {"step": "Method", "start": -33.0, "end": -34.0, "kind": "rest", "label": "−1 t"},
    {"step": "B less A", "start": 0.0, "end": -34.0, "kind": "total", "label": "−34 t"},
]


@pytest.mark.parametrize("dark", [False, True])
def test_the_charts_are_valid(dark: bool) -> None:
    for spec in (
        charts.differences(ROWS, LINES, "Differences", dark),
        charts.differences_by_year(YEARS, LINES, "By year", dark),
        charts.waterfall(STEPS, "From A to B", dark),
        charts.differences([], [], "Nothing", dark),
        charts.differences_by_year([], [], "Nothing", dark),
        charts.waterfall([], "Nothing", dark),
    ):
        assert charts.as_altair(spec).to_dict()["description"] == spec["description"]


def test_each_figure_has_a_row_a_plan_and_what_is_unknown_has_none() -> None:
    found = charts.differences(ROWS, LINES, "Differences", False)["datasets"]
    assert [row["row"] for row in found["rows"]] == ["Carbon|B", "Carbon|C"]
    assert [row["row"] for row in found["names"]] == ["Carbon"]


def test_zero_stands_in_the_middle_of_the_differences() -> None:
    layers = charts.differences(ROWS, LINES, "Differences", False)["layer"]
    domain = layers[0]["encoding"]["x"]["scale"]["domain"]
    assert domain == [-20.0, 20.0]


def test_what_cannot_be_told_apart_is_hollow() -> None:
    for made in (
        charts.differences(ROWS, LINES, "Differences", False),
        charts.differences_by_year(YEARS, LINES, "By year", False),
    ):
        dots = next(one for one in made["layer"] if one["mark"]["type"] == "point")
        assert dots["encoding"]["fill"]["condition"]["test"] == "datum.apart"
        assert dots["encoding"]["fill"]["value"] == palette(False).background


def test_plans_of_one_year_stand_side_by_side() -> None:
    rows = charts.differences_by_year(YEARS, LINES, "By year", False)["datasets"]["rows"]
    assert [row["at"] for row in rows] == [2025.875, 2026.125, 2026.875, 2027.125]


def test_plans_that_end_alike_are_named_one_above_the_other() -> None:
    names = charts.differences_by_year(YEARS, LINES, "By year", False)["datasets"]["names"]
    assert [name["name"] for name in names] == ["B", "C"]
    assert names[1]["place"] - names[0]["place"] == pytest.approx(3.0 * LINE_PX / HEIGHT_PX)
    assert "names" not in charts.differences_by_year(YEARS[::2], LINES[:1], "By year", False)["datasets"]


def test_a_waterfall_goes_on_where_it_ended_and_less_is_blue() -> None:
    rows = charts.waterfall(STEPS, "From A to B", False)["datasets"]["rows"]
    assert all(first["end"] == second["start"] for first, second in pairwise(rows[:-1]))
    assert [row["tone"] for row in rows] == ["less", "more", "rest", "total less"]
