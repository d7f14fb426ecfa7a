"""What every chart promises, looked up in its spec."""

from itertools import combinations, pairwise
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import charts
from core.charts.theme import DARK, LIGHT, MOST_TICKS, apart, at_most_five, ticks
from core.charts.tones import HARDWARE
from core.results.parts import EVERY_CAUSE

YEARS = range(2026, 2036)
PARTS = ["Busy", "Idle", "Host", "Facility", "Hardware"]
BARS = [{"year": year, "part": part, "value": 10.0 * (place + 1)} for year in YEARS for place, part in enumerate(PARTS)]
TOTALS = [{"year": year, "low": 100.0, "high": 240.0, "label": "150 t (100–240)"} for year in YEARS]
LINES = [
    charts.Line("plan", "Location-based", "plan"),
    charts.Line("market", "Market-based", "market"),
    charts.Line("usual", "Business as usual", "baseline"),
    charts.Line("path", "Pathway", "pathway"),
]
POINTS = [
    {"year": year, "line": line.key, "value": 50.0 + 9 * place} for year in YEARS for place, line in enumerate(LINES)
]
BAND = [{"year": year, "low": 40.0, "high": 90.0} for year in YEARS]
MARKS = [{"year": 2030, "low": 40.0, "mid": 50.0, "high": 90.0, "low_label": "40", "high_label": "90"}]
STEPS = [
    {"step": "Busy", "start": 0.0, "end": 90.0, "kind": "total", "label": "90", "note": "measured"},
    {"step": "+ idle", "start": 90.0, "end": 180.0, "kind": "part", "label": "+90"},
    {"step": "= servers", "start": 0.0, "end": 180.0, "kind": "total", "label": "180"},
]
ROWS = [
    {"row": row, "part": part, "value": value, "label": f"{value:.0f}"}
    for row, values in (("Location-based", (60.0, 140.0)), ("Market-based", (60.0, 4.0)))
    for part, value in zip(("Operation", "Hardware"), values, strict=True)
]

CELLS = [
    {"row": "A", "column": "X", "value": 0.4, "label": "0.40", "chosen": True},
    {"row": "A", "column": "Y", "value": nan, "label": "–", "chosen": False},
    {"row": "B", "column": "X", "value": 40.0, "label": "40", "chosen": False},
    {"row": "B", "column": "Y", "value": 0.0, "label": "0", "chosen": False},
]
PLACES = [
    {"name": "Norway", "value": 0.06, "label": "0.060", "kind": "other"},
    {"name": "Ours", "value": 0.39, "label": "0.39", "kind": "chosen"},
    {"name": "Texas", "value": 0.5, "label": "0.50 stack only", "kind": "apart"},
    {"name": "Nowhere", "value": nan, "label": "–", "kind": "other"},
]

DOTS = [
    {"told": "A on B200", "measured": 0.1, "estimated": 0.11, "series": "one"},
    {"told": "B on A40", "measured": 20.0, "estimated": 5.0, "series": "two"},
    {"told": "C on A40", "measured": nan, "estimated": 5.0, "series": "two"},
]
BESIDE = [
    {"name": "2026-01, Bot", "low": 1.0, "mid": 1.5, "high": 2.0, "measured": 2.5, "label": "+67 %"},
    {"name": "2026-02, Bot", "low": 1.0, "mid": 1.5, "high": 2.0, "measured": 0.5, "label": "−67 %"},
    {"name": "2026-03, Bot", "low": 1.0, "mid": 1.5, "high": 2.0, "measured": 1.5, "label": "0 %"},
    {"name": "2026-04, Bot", "low": nan, "mid": 1.5, "high": nan, "measured": 1.5, "label": "0 %"},
]
KINDS = [
    {"group": "Chip", "name": "Old", "low": 0.9, "mid": 1.0, "high": 1.2, "label": "5 %", "few": False},
    {"group": "Chip", "name": "New", "low": 0.2, "mid": 1.1, "high": 9.0, "label": "9 %", "few": True},
    {"group": "Model", "name": "Dense", "low": 0.7, "mid": 0.95, "high": 1.3, "label": "8 %", "few": False},
]
HOURS = [{"hour": hour, "line": "plan", "value": 5.0 + hour} for hour in range(24)]
GLOBE = [
    {"name": "Oslo", "longitude": 10.7, "latitude": 59.9, "value": 28.0, "label": "28", "kind": "best"},
    {"name": "Warsaw", "longitude": 21.0, "latitude": 52.2, "value": 610.0, "label": "610", "kind": "home"},
    {"name": "Nowhere", "longitude": nan, "latitude": nan, "value": 400.0, "label": "400", "kind": "other"},
]
WEDGES = [
    charts.Wedge("short", "Shorter answers", "saves"),
    charts.Wedge("long", "Longer contexts", "adds"),
    charts.Wedge("contract", "Contract", "contract"),
]
CUTS = [
    {"year": year, "part": wedge.key, "low": 70.0 - 10 * place, "high": 80.0 - 10 * place}
    for year in YEARS
    for place, wedge in enumerate(WEDGES)
]
GAP = {"year": 2031, "low": 40.0, "high": 50.0, "label": "10 t above", "worse": True}
MEASURED = [
    {"year": 2026, "value": 50.0, "kind": "inventory"},
    {"year": 2027, "value": 55.0, "kind": "actual"},
    {"year": 2028, "value": nan, "kind": "actual"},
]
BARS_OF_COST = [
    {"number": "1", "start": 0.0, "end": 128.0, "height": -3760.0, "kind": "priced"},
    {"number": "2", "start": 128.0, "end": 130.0, "height": 90.0, "kind": "priced"},
    {"number": "3", "start": 130.0, "end": 131.0, "height": 200.0, "kind": "priced"},
    {"number": "4", "start": 131.0, "end": 150.0, "height": nan, "kind": "unknown"},
    {"number": "", "start": 150.0, "end": 120.0, "height": nan, "kind": "twice"},
]
PRICE = {"height": 100.0, "label": "Internal carbon price 100 USD/t"}
CHOICES = [
    {
        "place": place, "picked": place == 1, "cost": cost, "carbon": carbon, "quality": quality, "kind": kind,
        "label": label, "told": told,
    }
    for place, (cost, carbon, quality, kind, label, told) in enumerate(
        (
            (-5.0, 20.0, "kept", "chosen", "Answer", "3 levers"), (2.0, 9.0, "unknown", "misses", "", "5 levers"),
            (nan, 9.0, "lower", "meets", "", "6 levers"),
        )
    )
]  # fmt: skip
STARTS = [{"name": "Shorter answers", "start": 2027, "end": 2036, "label": "from 2027"}]

TOKENS = [
    {"row": "GPT-4o", "part": "Input", "value": 3.0}, {"row": "GPT-4o", "part": "Cached", "value": 1.0},
    {"row": "GPT-4o", "part": "Output", "value": 0.5}, {"row": "Claude", "part": "Input", "value": 2.0},
]  # fmt: skip
USED = ("Input", "Cached", "Output")

MAKERS = {
    "abatement": lambda dark: charts.abatement(BARS_OF_COST, 200.0, (-3760.0, 200.0), "Costs.", dark, PRICE),
    "front": lambda dark: charts.front(CHOICES, "Cost against carbon.", dark, ("Cost", "Carbon")),
    "stacked": lambda dark: charts.stacked_rows(TOKENS, USED, {"GPT-4o": "4.5 m"}, "Tokens by model.", dark),
    "starts": lambda dark: charts.starts(STARTS, YEARS, "Years in which levers act.", dark),
    "bars": lambda dark: charts.by_year_stacked(BARS, PARTS, "Energy by year.", dark, TOTALS, 2030),
    "lines": lambda dark: charts.lines_by_year(POINTS, LINES, "Carbon by year.", dark, BAND, MARKS),
    "ladder": lambda dark: charts.ladder(STEPS, "From chip to meter.", dark),
    "methods": lambda dark: charts.two_methods(ROWS, {"Location-based": "200"}, "By both methods.", dark),
    "heat": lambda dark: charts.heat(CELLS, ["A", "B"], ["X", "Y"], "Models by accelerators.", dark),
    "dots": lambda dark: charts.dots(PLACES, "Places in order.", dark),
    "against": lambda dark: charts.against(DOTS, "Estimated against measured.", dark),
    "measured": lambda dark: charts.measured_rows(BESIDE, "Measured beside planned.", dark),
    "ranges": lambda dark: charts.ranges(KINDS, "Errors by kind.", dark),
    "hours": lambda dark: charts.lines_by_hour(HOURS, LINES, "Grid by hour.", dark, [0, 12]),
    "world": lambda dark: charts.world(GLOBE, "Places.", dark),
    "trajectory": lambda dark: charts.trajectory(POINTS, LINES, "Plan and target.", dark, BAND, GAP, MEASURED),
    "wedges": lambda dark: charts.wedges(CUTS, WEDGES, POINTS, LINES, "Wedges.", dark),
}
EMPTY = {
    "abatement": lambda: charts.abatement([], 1.0, (0.0, 0.0), "Nothing.", False, None),
    "front": lambda: charts.front([], "Nothing.", False, ("Cost", "Carbon")),
    "stacked": lambda: charts.stacked_rows([], USED, {}, "Nothing.", False),
    "starts": lambda: charts.starts([], YEARS, "Nothing.", False),
    "bars": lambda: charts.by_year_stacked([], PARTS, "No years.", False),
    "lines": lambda: charts.lines_by_year([], LINES, "No years.", False, [], MARKS),
    "ladder": lambda: charts.ladder([], "No steps.", False),
    "methods": lambda: charts.two_methods([], {}, "Nothing.", False),
    "heat": lambda: charts.heat([], [], [], "Nothing.", False),
    "dots": lambda: charts.dots([], "Nothing.", False),
    "against": lambda: charts.against([], "Nothing.", False),
    "measured": lambda: charts.measured_rows([], "Nothing.", False),
    "ranges": lambda: charts.ranges([], "Nothing.", False),
    "hours": lambda: charts.lines_by_hour([], LINES, "No hours.", False, []),
    "world": lambda: charts.world([], "Nowhere.", False),
    "trajectory": lambda: charts.trajectory([], LINES, "No years.", False, [], None, []),
    "wedges": lambda: charts.wedges([], WEDGES, [], LINES, "No years.", False),
}
every_chart = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
both_modes = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def every(found, key):
    """All values under a key, however deep."""
    if isinstance(found, dict):
        own = [found[key]] if key in found else []
        return own + [value for inner in found.values() for value in every(inner, key)]
    return [value for inner in found for value in every(inner, key)] if isinstance(found, list) else []


def texts(found):
    """All strings in a spec."""
    if isinstance(found, dict):
        return [text for inner in found.values() for text in texts(inner)]
    if isinstance(found, list):
        return [text for inner in found for text in texts(inner)]
    return [found] if isinstance(found, str) else []


def layer_fields(layer):
    return {channel["field"] for channel in layer["encoding"].values() if "field" in channel}


def colours_used(spec):
    """Every colour written in the spec, inside expressions too."""
    return {word.strip("'").upper() for text in texts(spec) for word in text.split() if word.strip("'").startswith("#")}


@both_modes
@every_chart
def test_a_chart_follows_the_schema_of_vega_lite(make, dark):
    charts.as_altair(make(dark)).to_dict()


@every_chart
def test_a_chart_has_an_accessible_name_and_no_title_legend_or_usermeta(make):
    spec = make(False)
    legends = [legend for legend in every(spec["layer"], "legend") if legend is not None]
    assert spec["description"].endswith(".")
    assert (every(spec, "usermeta"), legends) == ([], [])
    assert "title" not in spec


@both_modes
@every_chart
def test_a_chart_takes_its_colours_from_the_mode_of_the_page(make, dark):
    ink = DARK if dark else LIGHT
    assert colours_used(make(dark)) <= {colour.upper() for colour in texts([*ink.series, *vars_of(ink)])}


def vars_of(palette):
    return [getattr(palette, name) for name in palette.__slots__ if name != "series"]


@every_chart
def test_every_value_axis_starts_from_zero(make):
    scales = [
        s
        for s in every(make(False)["layer"], "scale")
        if s
        and s.get("type") not in ("log", "symlog")
        and s.get("zero", True)
        and isinstance(s["domain"][0] if "domain" in s else "", float | int)
    ]
    values = [scale["domain"] for scale in scales if scale["domain"][0] < 1_000]
    no_bars = (MAKERS[name] for name in ("heat", "against", "ranges", "world", "front", "starts"))
    assert values or make in no_bars
    assert all(domain[0] == 0 < domain[1] for domain in values)


@every_chart
def test_no_layer_reads_a_field_that_its_rows_lack(make):
    """A missing field prints "null" or draws nothing, without a word."""
    spec = make(False)
    for layer in (layer for layer in spec["layer"] if "name" in layer["data"]):  # the net of a map has no rows
        rows = spec["datasets"][layer["data"]["name"]]
        lacking = [field for field in layer_fields(layer) for row in rows if row.get(field) is None]
        assert lacking == []


@every_chart
def test_no_text_is_smaller_than_thirteen_pixels(make):
    assert min(every(make(False), "fontSize") + every(make(False), "labelFontSize")) == 13


@every_chart
def test_a_chart_made_twice_is_two_equal_specs(make):
    first, second = make(False), make(False)
    assert first == second
    assert first is not second
    assert first["layer"][0] is not second["layer"][0]


@pytest.mark.parametrize("make", EMPTY.values(), ids=EMPTY)
def test_a_chart_of_nothing_is_still_a_chart(make):
    charts.as_altair(make()).to_dict()


def test_a_fixed_top_lets_a_moved_lever_change_rows_only():
    one = charts.by_year_stacked(BARS, PARTS, "a.", False, top=400)
    halved = [{**bar, "value": bar["value"] / 2} for bar in BARS]
    other = charts.by_year_stacked(halved, PARTS, "a.", False, top=400)
    assert one["layer"] == other["layer"]


def test_an_unknown_value_is_not_drawn():
    rows = [*BARS, {"year": 2036, "part": "Busy", "value": nan}]
    spec = charts.by_year_stacked(rows, PARTS, "a.", False)
    assert spec == charts.by_year_stacked(BARS, PARTS, "a.", False)


def test_a_bar_chart_never_stacks_more_than_five_parts_and_loses_nothing():
    many = [{"year": 2026, "part": f"p{place}", "value": float(place)} for place in range(1, 10)]
    rows, parts = at_most_five(many, [f"p{place}" for place in range(1, 10)])
    assert parts == ["p6", "p7", "p8", "p9", "Other"]
    assert sum(row["value"] for row in rows) == sum(row["value"] for row in many)


def test_a_part_keeps_its_colour_when_others_come_and_go():
    assert EVERY_CAUSE.index("Hardware") == HARDWARE
    ink = LIGHT.series
    every = ["Busy", "Idle", "Host", "Site", "Hardware"]
    for shown in (every, every[:4], ["Idle", "Hardware", "Other"]):
        rows = [{"year": 2026, "part": part, "value": 1.0} for part in shown]
        tones = charts.tones_of(every, every, shown)
        scale = charts.by_year_stacked(rows, shown, "a.", False, tones=tones)["layer"][0]["encoding"]["color"]["scale"]
        assert dict(zip(scale["domain"], scale["range"], strict=True)) == {
            part: LIGHT.baseline if part == "Other" else ink[every.index(part)] for part in shown
        }


@pytest.mark.parametrize("size", range(1, 9))
def test_parts_that_stand_together_never_share_a_colour_and_a_filter_changes_none(size):
    every = [f"W{place}" for place in range(1, 9)]
    for held in combinations(every, min(size, 4)):
        whole = [*held, "Other"]
        before = charts.tones_of(every, whole, whole)
        assert len(set(before.values())) == len(whole)
        after = charts.tones_of(every, whole, every[:size][:5])
        assert len(set(after.values())) == len(after)
        assert all(after[part] == before[part] for part in after if part in before)


def test_a_long_name_stands_in_two_lines_that_stay_together():
    rows = [{"year": 2026, "part": part, "value": 1.0} for part in ("Chat", "Document processing, nightly", "Code")]
    names = charts.by_year_stacked(rows, [row["part"] for row in rows], "a.", False)["datasets"]["names"]
    assert [name["text"] for name in names] == ["Chat", "nightly", "Document processing,", "Code"]
    places = [name["place"] for name in names]
    line = places[2] - places[1]
    assert min(high - low for low, high in pairwise(places)) == pytest.approx(line)
    assert names[1]["middle"] == names[2]["middle"] == pytest.approx((places[1] + places[2]) / 2)


def test_other_joins_what_is_folded_and_stays_last():
    names = ["Other", "a", "b", "c", "d", "e"]
    rows, parts = at_most_five([{"year": 2026, "part": name, "value": 5.0} for name in names], names)
    assert parts[-1] == "Other"
    assert {row["part"]: row["value"] for row in rows}["Other"] == 10.0


def test_the_four_strokes_differ_without_their_colours():
    layers = [layer for layer in MAKERS["lines"](False)["layer"] if "transform" in layer]
    cues = {
        layer["transform"][0]["filter"]["equal"]: (layer["mark"]["strokeWidth"], tuple(layer["mark"]["strokeDash"]))
        for layer in layers
        if layer["mark"]["type"] == "line"
    }
    assert cues == {"plan": (3, ()), "market": (2, (7, 4)), "usual": (2, (4, 3)), "path": (2, ())}


def test_a_single_year_is_drawn_as_points():
    spec = charts.lines_by_year([row for row in POINTS if row["year"] == 2026], LINES, "a.", False)
    assert "point" in {layer["mark"]["type"] for layer in spec["layer"]}


def test_a_lone_year_has_its_names_on_one_side_of_its_range_and_its_figures_on_the_other():
    alone = [point for point in POINTS if point["year"] == 2030]
    lone = charts.lines_by_year(alone, LINES, "about", dark=False, marks=MARKS)
    names = [layer["mark"] for layer in lone["layer"] if layer.get("data") == {"name": "names"}]
    assert {(mark["align"], mark["dx"]) for mark in names} == {("right", -10)}
    assert {text["side"] for text in lone["datasets"]["texts"]} == {"left"}
    ten = charts.lines_by_year(POINTS, LINES, "about", dark=False, marks=[MARKS[0] | {"year": 2035}])
    assert {text["side"] for text in ten["datasets"]["texts"]} == {"right"}


def test_the_last_total_of_a_ladder_is_its_answer():
    steps = charts.ladder(STEPS, "a.", False)["datasets"]["steps"]
    assert [step["kind"] for step in steps] == ["total", "part", "answer"]


def test_the_label_of_a_falling_step_stands_left_of_its_bar():
    steps = [STEPS[0], {"step": "less", "start": 90.0, "end": 60.0, "kind": "part", "label": "−30"}]
    placed = charts.ladder(steps, "a.", False)["datasets"]["steps"][1]
    assert (placed["left"], placed["right"], placed["side"], placed["anchor"]) == (60.0, 90.0, "before", 60.0)


def test_a_segment_too_small_for_its_figure_shows_none():
    segments = MAKERS["methods"](False)["datasets"]["segments"]
    assert [segment["label"] for segment in segments] == ["60", "140", "60", ""]


@given(st.floats(min_value=1e-3, max_value=1e12))
def test_an_axis_has_at_most_six_ticks_and_holds_its_top(top):
    places = ticks(top)
    assert 2 <= len(places) <= MOST_TICKS
    assert places[0] == 0
    assert top <= places[-1] * (1 + 1e-9) <= 2.6 * top


@given(st.lists(st.floats(0, 300), max_size=5).map(sorted))
def test_labels_never_overlap_nor_leave_the_plot(wanted):
    places = apart(wanted, 17, 8.5, 320)
    assert all(second - first >= 17 - 1e-9 for first, second in pairwise(places))
    assert all(8.5 - 1e-9 <= place <= 320 for place in places)


def test_a_heat_map_hatches_what_has_no_figure_and_outlines_the_chosen_cell():
    found = charts.heat(CELLS, ["A", "B"], ["X", "Y"], "Models by accelerators.", False)
    assert [(cell["row"], cell["column"]) for cell in found["datasets"]["cells"]] == [("A", "X"), ("B", "X")]
    assert found["datasets"]["missing"] == [{"row": "A", "column": "Y"}, {"row": "B", "column": "Y"}]
    assert found["datasets"]["chosen"] == [{"row": "A", "column": "X"}]
    assert found["layer"][0]["encoding"]["color"]["scale"] == {
        "type": "log",
        "scheme": "cividis",
        "domain": [0.4, 40.0],
    }
    assert [cell["bright"] for cell in found["datasets"]["cells"]] == [False, True]
    assert found["layer"][0]["encoding"]["color"]["legend"] is None


def test_a_heat_map_says_what_its_colours_mean_where_asked():
    found = charts.heat(CELLS, ["A", "B"], ["X", "Y"], "Models by accelerators.", False, legend="low to high")
    strip = found["layer"][0]["encoding"]["color"]["legend"]
    assert (strip["title"], strip["values"]) == ("low to high", [0.5, 1.0, 2.0, 5.0, 10.0, 20.0])
    nothing = charts.heat([], [], [], "Nothing.", False, legend="low to high")
    assert nothing["layer"][0]["encoding"]["color"]["legend"] is None


def test_dots_stand_in_the_order_given_and_unknown_places_are_not_drawn():
    found = charts.dots(PLACES, "Places in order.", False)
    assert [row["name"] for row in found["datasets"]["places"]] == ["Norway", "Ours", "Texas"]
    assert found["layer"][0]["encoding"]["y"]["scale"]["domain"] == ["Norway", "Ours", "Texas"]
    assert found["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0, 0.5]


def test_estimates_stand_against_measurements_on_equal_axes_and_what_is_unknown_is_not_drawn():
    found = charts.against(DOTS, "Estimated against measured.", False)
    assert [row["told"] for row in found["datasets"]["dots"]] == ["A on B200", "B on A40"]
    domains = [scale["domain"] for scale in every(found["layer"], "scale") if scale and scale.get("type") == "log"]
    assert domains
    assert all(domain == [0.1, 30.0] for domain in domains)
    band = found["datasets"]["edge"]
    assert [(row["half"], row["equal"], row["twice"]) for row in band] == [(0.05, 0.1, 0.2), (15.0, 30.0, 60.0)]


def test_at_most_five_sources_are_told_apart_by_colour_and_shape():
    rows = [{**DOTS[0], "series": f"s{n}"} for n in range(7) for _ in range(7 - n)]
    found = charts.against(rows, "Many.", False)
    names = [row["series"] for row in found["datasets"]["names"]]
    assert names == ["s0", "s1", "s2", "s3", "Other"]
    assert sum(row["series"] == "Other" for row in found["datasets"]["dots"]) == 3 + 2 + 1
    looks = found["layer"][2]["encoding"]
    assert len(set(looks["shape"]["scale"]["range"])) == len(set(looks["color"]["scale"]["range"])) == 5


def test_too_few_models_have_no_bar_and_do_not_stretch_the_axis():
    found = charts.ranges(KINDS, "Errors by kind.", False)
    bars = found["layer"][1]
    assert bars["transform"] == [{"filter": {"field": "few", "equal": False}}]
    assert bars["encoding"]["x"]["scale"]["domain"] == [1 / 1.5, 1.5]
    assert bars["encoding"]["y"]["scale"]["domain"] == ["Chip", "Old", "New", "Model", "Dense"]


def test_a_place_without_coordinates_is_not_drawn_and_the_ends_of_a_move_are_named():
    spec = charts.world(GLOBE, "Places.", False)
    assert [row["name"] for row in spec["datasets"]["dots"]] == ["Oslo", "Warsaw"]
    assert [row["name"] for row in spec["datasets"]["named"]] == ["Oslo", "Warsaw"]


def test_hours_are_written_where_they_are_asked_for():
    spec = charts.lines_by_hour(HOURS, LINES, "Grid by hour.", False, [0, 12])
    assert spec["layer"][0]["encoding"]["x"]["axis"]["values"] == [0, 12]
    assert [row["year"] for row in spec["datasets"]["rows"]] == list(range(24))


def test_short_names_of_columns_lie_flat():
    flat, upright = (charts.heat(CELLS, ["A"], ["X"], "Hours.", False, short) for short in (True, False))
    assert [spec["layer"][0]["encoding"]["x"]["axis"]["labelAngle"] for spec in (flat, upright)] == [0, -90]


def test_a_line_that_ends_before_the_plot_bears_its_name_at_its_own_end():
    until = [point for point in POINTS if point["line"] != "path" or point["year"] <= 2031]
    names = charts.lines_by_year(until, LINES, "a.", False)["datasets"]["names"]
    assert {name["line"]: name["year"] for name in names} == {"plan": 2035, "market": 2035, "usual": 2035, "path": 2031}


def test_what_was_measured_is_drawn_as_points_of_two_shapes_and_the_unknown_is_not():
    spec = MAKERS["trajectory"](False)
    assert [spec["datasets"][kind] for kind in ("inventory", "actual")] == [MEASURED[:1], MEASURED[1:2]]
    marks = {layer["data"]["name"]: layer["mark"] for layer in spec["layer"]}
    assert (marks["inventory"]["shape"], marks["actual"]["shape"]) == ("circle", "cross")


@pytest.mark.parametrize(("worse", "colour"), [(True, LIGHT.worse_text), (False, LIGHT.accent)])
def test_the_gap_is_a_bar_with_its_size_in_words_orange_only_where_it_is_worse(worse, colour):
    spec = charts.trajectory(POINTS, LINES, "a.", False, gap={**GAP, "worse": worse})
    label = spec["layer"][-1]
    assert (label["encoding"]["text"]["field"], label["mark"]["color"]) == ("label", colour)
    assert spec["datasets"]["gap"] == [{**GAP, "worse": worse}]


def test_a_gap_at_the_end_of_the_plot_is_told_left_of_its_bar():
    middle, end = (charts.trajectory(POINTS, LINES, "a.", False, gap={**GAP, "year": year}) for year in (2031, 2035))
    assert [spec["layer"][-1]["mark"]["align"] for spec in (middle, end)] == ["center", "right"]


def test_what_contracts_alone_change_is_hatched_and_what_adds_is_orange():
    areas = [layer["mark"] for layer in MAKERS["wedges"](False)["layer"] if layer["mark"]["type"] == "area"]
    saves, contract, adds = areas  # what adds is drawn last, over what the next lever saves
    assert (saves["color"], adds["color"]) == (LIGHT.pale, LIGHT.pale_worse)
    assert {stop["color"] for stop in contract["color"]["stops"]} == {LIGHT.background, LIGHT.accent}
    offsets = [stop["offset"] for stop in contract["color"]["stops"]]
    assert offsets == sorted(offsets)


def test_a_wedge_thinner_than_half_a_line_of_text_goes_without_a_name():
    thin = [{**cut, "low": cut["high"] - 0.1} if cut["part"] == "long" else cut for cut in CUTS]
    names = [name["name"] for name in charts.wedges(thin, WEDGES, POINTS, LINES, "a.", False)["datasets"]["names"]]
    assert "Longer contexts" not in names
    assert {"Shorter answers", "Contract", "Business as usual"} <= set(names)


def test_a_measurement_says_where_it_lies_and_one_without_a_range_is_not_drawn():
    found = charts.measured_rows(BESIDE, "Measured beside planned.", False)
    assert [row["kind"] for row in found["datasets"]["measured"]] == ["above", "below", "inside"]
    assert found["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0, 2.5]


def test_bars_of_an_abatement_curve_keep_their_widths_and_what_has_no_cost_has_no_height():
    found = charts.abatement(BARS_OF_COST, 200.0, (-3760.0, 200.0), "Costs.", False, PRICE)["datasets"]
    assert [(bar["start"], bar["end"], bar["height"]) for bar in found["bars"]] == [
        (0.0, 128.0, -3760.0), (128.0, 130.0, 90.0), (130.0, 131.0, 200.0),
    ]  # fmt: skip
    assert [(band["kind"], band["height"]) for band in found["bands"]] == [("unknown", 0.0), ("twice", 0.0)]
    assert found["price"] == [{"height": 100.0, "label": PRICE["label"], "start": 0.0, "end": 200.0}]


def test_numbers_of_thin_bars_stand_apart_and_a_band_without_one_has_none():
    numbers = charts.abatement(BARS_OF_COST, 200.0, (-3760.0, 200.0), "Costs.", False, None)["datasets"]["numbers"]
    assert [one["number"] for one in numbers] == ["1", "2", "3", "4"]
    places = [one["at"] for one in numbers]
    assert places[0] == 64.0
    assert all(later - earlier >= 6.0 - 1e-9 for earlier, later in pairwise(places))


def test_a_choice_of_unknown_cost_is_not_drawn():
    assert [row["told"] for row in MAKERS["front"](False)["datasets"]["choices"]] == ["3 levers", "5 levers"]


def test_a_dot_can_be_picked_and_the_picked_one_has_a_ring():
    found = MAKERS["front"](False)
    [selection] = found["params"]
    assert selection["select"] == {"type": "point", "fields": ["place"]}
    assert selection["views"] == [found["layer"][0]["name"]]
    assert [layer["mark"]["size"] for layer in found["layer"] if layer["mark"].get("size")] == [260]
    unpicked = charts.front([{**row, "picked": False} for row in CHOICES], "a.", False, ("Cost", "Carbon"))
    assert not [layer for layer in unpicked["layer"] if layer["mark"].get("size")]


def test_parts_of_a_row_follow_one_another_and_a_part_that_no_row_has_is_not_named():
    spec = charts.stacked_rows(TOKENS, USED, {}, "Tokens.", False)
    ends = [(s["row"], s["part"], s["left"], s["right"]) for s in spec["datasets"]["segments"]]
    assert ends[:3] == [("GPT-4o", "Input", 0.0, 3.0), ("GPT-4o", "Cached", 3.0, 4.0), ("GPT-4o", "Output", 4.0, 4.5)]
    assert [row["end"] for row in spec["datasets"]["rows"]] == [4.5, 2.0]
    fresh = charts.stacked_rows([row for row in TOKENS if row["part"] != "Cached"], USED, {}, "Tokens.", False)
    assert [name["part"] for name in fresh["datasets"]["names"]] == ["Input", "Output"]
