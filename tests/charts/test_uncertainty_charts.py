"""The charts of the Uncertainty page: valid Vega-Lite, every value in its rows, both ends of a bar in place."""

import pytest

from core import charts

YEARS = range(2026, 2030)
ROWS = [
    {"year": year, "line": key, "value": 10.0 + place} for year in YEARS for place, key in enumerate(("plan", "path"))
]
LINES = (charts.Line("plan", "Central case", "plan"), charts.Line("path", "Pathway", "pathway"))
OUTER = [{"year": year, "low": 5.0, "high": 20.0} for year in YEARS]
INNER = [{"year": year, "low": 8.0, "high": 14.0} for year in YEARS]
BARS = [
    {"name": "Growth", "low_at": 4.0, "high_at": 16.0, "low_label": "15 %", "high_label": "100 %"},
    {"name": "Utilization", "low_at": 13.0, "high_at": 9.0, "low_label": "40 %", "high_label": "90 %"},
    {"name": "Fleet", "low_at": 10.0, "high_at": 7.0, "low_label": "H100", "high_label": "B200"},
]
PARTS = [
    {"name": "Growth", "value": 0.3, "beyond": 0.5, "label": "30 % to 50 %"},
    {"name": "Noise", "value": -0.01, "beyond": 0.0, "label": "0 % to 0 %"},
]
MADE = {
    "fan": charts.fan(ROWS, LINES, "Range", False, OUTER, INNER, OUTER),
    "tornado": charts.tornado(BARS, 10.0, "Hangs on", True),
    "parts": charts.parts(PARTS, "Shares", False),
}


@pytest.mark.parametrize("name", MADE)
def test_a_chart_is_valid_vega_lite(name):
    assert charts.as_altair(MADE[name]).to_dict()["layer"]


def test_a_fan_holds_both_bands_of_the_plan_and_that_of_business_as_usual_behind_its_lines():
    made = MADE["fan"]
    assert (made["datasets"]["band"], made["datasets"]["inner"], made["datasets"]["usual_band"]) == (
        OUTER,
        INNER,
        OUTER,
    )
    marks = [layer["mark"]["type"] for layer in made["layer"]]
    assert marks[1:4] == ["area"] * 3
    assert "usual_band" not in charts.fan(ROWS, LINES, "Range", False, OUTER, INNER)["datasets"]


def test_a_bar_of_a_tornado_runs_from_the_middle_to_the_figure_with_the_inputs_value_at_that_end():
    sets = MADE["tornado"]["datasets"]
    assert [(one["start"], one["end"]) for one in sets["parts"][:2]] == [(10.0, 4.0), (10.0, 16.0)]
    said = {(one["name"], one["above"]): (one["at"], one["text"]) for one in sets["texts"]}
    assert said["Growth", False] == (4.0, "15 %")
    assert said["Utilization", False] == (9.0, "90 %")
    assert said["Utilization", True] == (13.0, "40 %")
    assert said["Fleet", True] == (10.0, "H100")
    assert {one["name"]: one["above"] for one in sets["parts"][1::2]} == {
        "Growth": True,
        "Utilization": True,
        "Fleet": False,
    }


def test_a_share_below_nothing_is_drawn_as_none():
    sets = MADE["parts"]["datasets"]
    ends = {(one["name"], one["above"]): one["end"] for one in sets["parts"]}
    assert (ends["Growth", True], ends["Growth", False], ends["Noise", True]) == (0.3, 0.5, 0.0)
