"""The second opinion on the Estimate page: both figures, the way between them, and sentences where there is none."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from statistics import median

import pytest
from streamlit.testing.v1 import AppTest

from core import words
from core.peers.bridge import bridge
from core.peers.llmcarbon import compared
from core.peers.opinion import opinion
from core.plan.example import example_plan
from core.plan.own import OwnRegion
from core.plan.plan import CASE
from core.results.estimate import answer
from core.ui.estimate_running import TABS
from core.ui.estimate_second import STEPS, ladder_rows
from core.words import energy_scale
from tests.pages.open_at import open_at
from tests.pages.test_estimate_page import APP, opened, plain, texts


def second(**case: object) -> AppTest:
    app = opened(**case)
    app.session_state["c:tab"] = TABS["second"]
    app.run()
    assert not app.exception
    return app


def rows(app: AppTest, heading: str) -> dict[str, list[str]]:
    """The table whose first column has that heading, by its first cell."""
    found = next(t.value for t in app.table if heading in t.value.columns)
    return {plain(row[0]): [plain(cell) for cell in row[1:]] for row in found.itertuples(index=False)}


def test_both_figures_stand_in_a_sentence_with_their_ratio() -> None:
    told = texts(second())
    assert "EcoLogits 0.11.3 says 0.18 Wh a request, Glidepath 0.91 Wh: 4.9 times as much." in told
    assert "What moves most: requests at a time (64 → 5.43), +0.59 Wh." in told


def test_every_figure_stands_beside_theirs() -> None:
    table = rows(second(), "EcoLogits")
    assert table["Energy at the meter"] == ["0.184 Wh (0.180–0.188)", "0.91 Wh (0.73–1.6)", "4.9"]
    assert table["Accelerators a copy"] == ["4", "2", "0.50"]
    assert list(table) == [
        "Energy at the meter", "Carbon, location-based", "Making of the hardware", "Water", "Time per answer",
        "Accelerators a copy",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("quantity", "heading"),
    [
        ("energy_facility_kwh", "Energy of one request, at the meter"),
        ("carbon_kg", "Carbon of one request, location-based, with hardware"),
        ("water_l", "Water of one request, on site and for electricity"),
    ],
)
def test_each_quantity_has_its_ladder_and_its_table(quantity: str, heading: str) -> None:
    app = second()
    app.session_state["c:second"] = quantity
    app.run()
    assert not app.exception
    assert heading in [plain(sub.value) for sub in app.subheader]
    app.session_state[next(e for e in app.expander if e.label == "The same as a table").key or ""] = True
    app.run()


def test_the_table_holds_every_step() -> None:
    app = second()
    app.session_state["table:Energy from EcoLogits to Glidepath"] = True
    app.run()
    table = rows(app, "What changes")
    assert list(table) == ["EcoLogits", *(name for name, _ in STEPS.values())]
    assert table["Formula"] == ["our fit against theirs", "−0.0930 Wh", "0.495", "0.0911 Wh"]
    assert table["Number format"] == ["bf16 → bf16", "no change", "1", "0.132 Wh"]
    assert table["Water of electricity"][-1] == "0.906 Wh"


def test_the_bars_run_from_their_figure_to_ours_without_a_gap() -> None:
    plan = example_plan().but(case=CASE.but(model="deepseek-v3.2", precision="fp8", hardware="H200"))
    ours = answer(plan)
    way = bridge(ours, opinion(plan))
    scale = energy_scale(way.ends("energy_facility_kwh")[1], small=True)
    bars = ladder_rows(way.ends("energy_facility_kwh"), way.steps("energy_facility_kwh"), scale)
    assert all(a["end"] == b["start"] for a, b in pairwise(bars[:-1]))
    assert bars[-2]["end"] == pytest.approx(bars[-1]["end"], rel=1e-3)
    assert [bars[0]["kind"], bars[-1]["kind"]] == ["total", "total"]


def test_a_closed_model_is_a_range_from_their_list() -> None:
    app = second(model="gpt-4o", hosting="api", hardware="", precision="fp8")
    took = "EcoLogits took 44–132 billion active of 440 billion parameters, its own estimate of an undisclosed size"
    assert took in texts(app)
    box = app.selectbox(key="c:model")
    assert "GPT-4o · undisclosed, range from EcoLogits 0.11.3, 44–132 B" in [plain(text) for text in box.options]


def test_what_their_list_lacks_of_the_place_is_told() -> None:
    assert "EcoLogits knows countries, not Texas: it takes USA." in texts(second(region="USST-TX"))
    assert "EcoLogits has no electricity mix for Kosovo: it takes the world's." in texts(second(region="XK"))


def test_what_each_of_the_two_leaves_out_is_told() -> None:
    told = texts(second())
    assert "EcoLogits also gives primary energy, 2.0 kJ a request, and use of metals and minerals, 0.97 g of" in told
    assert "Glidepath also counts input tokens, the accelerators that wait" in told


def test_both_are_held_against_the_measurements_that_our_fit_had_not_seen() -> None:
    app = second()
    table = rows(app, "Median error")
    assert table["EcoLogits, told requests at a time and accelerators"] == ["36 %", "77 %", "31 %"]
    assert table["EcoLogits, as it comes"] == ["43 %", "67 %", "36 %"]
    theirs, ours = (
        next(float(cells[0].split()[0]) for who, cells in table.items() if who.startswith(name))
        for name in ("EcoLogits, told", "Glidepath, every H100 left out")
    )
    assert ours < theirs / 3
    assert "296 measured settings on H100 SXM5 80 GB" in texts(app)
    assert "up to 512 requests at a time and 200 billion parameters: “in its limits”" in texts(app)
    assert "median error on the 214 of these settings" in texts(app)


def test_the_methods_page_sets_the_other_tools_beside_our_accuracy() -> None:
    app = open_at(AppTest.from_file(APP, default_timeout=60), "methods")
    app.session_state["methods_tab"] = "Accuracy"
    app.run()
    assert not app.exception
    assert rows(app, "Estimate")["EcoLogits, as it comes"] == ["43 %", "67 %", "36 %"]
    assert rows(app, "LLMCarbon")["GPT-3"][0] == "1 290"


def test_training_has_none_and_says_so() -> None:
    app = second(kind="fine_tuning")
    told = texts(app)
    assert "EcoLogits works out answers only, so there is no second opinion on a training run." in told
    runs = {row.run.name: row for row in compared()}
    assert list(rows(app, "LLMCarbon")) == list(runs)
    ours = plain(words.figure(runs["GPT-3"].energy_ours_mwh))
    assert rows(app, "LLMCarbon")["GPT-3"] == ["1 290", "1 290", ours]
    ratio = [row.energy_ours_mwh / row.energy_reported_mwh for row in compared()]
    middle, least, most = (words.figure(value, 2) for value in (median(ratio), min(ratio), max(ratio)))
    told_of = f"LLMCarbon says 1.0 times (0.96 to 1.1) what was reported, Glidepath {middle} times ({least} to {most})."
    assert told_of in told
    assert "LLMCarbon is told the throughput that each run reached and the power measured" in told
    assert "3 of them are among the runs that Glidepath's training model was fitted to." in told


def test_without_the_library_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ecologits.impacts.llm", None)
    told = texts(second())
    assert "EcoLogits is not installed here, so there is no second opinion: pip install ecologits brings it." in told


def test_a_case_without_a_figure_has_no_second_opinion() -> None:
    assert "Nothing to show until there is a figure." in texts(second(accelerators=1))


def test_the_first_paint_does_not_load_the_library() -> None:
    code = "import sys, core.ui.estimate_running; sys.exit('ecologits' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_site_without_water_is_nought_times_theirs() -> None:
    grid = OwnRegion(
        id="own:mill", name="Mill", carbon_g_per_kwh="0", water_l_per_kwh=0.0, source="meter", source_date="2026-01-01"
    )
    app = opened()
    case = CASE.but(region="own:mill", wue_l_per_kwh=0.0)
    app.session_state["glidepath"].plan = example_plan().but(case=case, regions=(grid,))
    app.session_state["c:tab"] = TABS["second"]
    app.session_state["c:second"] = "water_l"
    app.run()
    assert not app.exception
    assert "Glidepath 0 ml: 0 times as much." in texts(app)
    assert rows(app, "EcoLogits")["Carbon, location-based"][1:] == ["0 mg", "0"]
