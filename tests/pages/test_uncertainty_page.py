"""The Uncertainty page without a browser: what it says is what the worlds say, and nothing is said of nothing."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from time import sleep

from streamlit.testing.v1 import AppTest

from core import link, words
from core.decide.indices import figures_at
from core.decide.inputs import inputs
from core.decide.morris import screening
from core.decide.study import Study
from core.decide.tornado import tornado
from core.decide.uncertain import lower_share, met_by_year, uncertain
from core.exports.verdict import in_100
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever
from core.ui import uncertainty
from core.ui.uncertainty_shares import STUDY
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
LEVERS = (Lever(id="concise_output"), Lever(id="newer_gpu", choice="H200"))
PLAN = with_example_target(example_plan()).but(levers=LEVERS, points="256")


def _open(plan: Plan) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    if plan != example_plan():
        app.query_params["s"] = link.encode(plan)
    app = open_at(app, "uncertainty")
    assert not app.exception
    return app


@lru_cache(maxsize=1)
def _reading() -> AppTest:
    """One tab for all that is only read."""
    return _open(PLAN)


def _said(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.header, *app.subheader, *app.markdown, *app.info))


def test_the_answer_is_the_target_years_range_how_often_the_plan_wins_and_how_likely_it_meets():
    found, said = uncertain(PLAN), _said(_reading())
    assert "CO₂e in 2031, :gray[80 % range" in _reading().header[0].value.replace("\u00a0", " ")
    assert f"beats business as usual in {words.percent(lower_share(found.plan_kg[5], found.usual_kg[5]))}" in said
    assert f"meets every pathway of 2031 in {in_100(met_by_year(PLAN)[2031])}" in said
    assert f"256{words.GLUE}simulations of {len(found.factors)}{words.GLUE}uncertain inputs" in said


def test_a_plan_of_many_workloads_says_that_it_is_at_work_and_comes_to_the_same(monkeypatch):
    said, spinner = [], uncertainty.st.spinner
    monkeypatch.setattr(uncertainty.st, "spinner", lambda text, **more: said.append(text) or spinner(text, **more))
    usual = _said(_reading().run())
    assert said == []
    monkeypatch.setattr(uncertainty, "MANY", len(PLAN.workloads))
    assert _said(_reading().run()) == usual
    assert said == [f"Working out 256{words.GLUE}simulations of {len(PLAN.workloads)}{words.GLUE}workloads"]


def test_too_few_simulations_are_told_with_what_more_would_change():
    told = [one.value for one in _reading().info]
    assert any("256 simulations" in one and "±3.1 points" in one and "±1.6" in one for one in told)
    assert _open(PLAN.but(points="2048")).info.len == 0


def test_the_tornado_names_the_widest_input_with_its_values_at_both_ends():
    first = tornado(PLAN, "emissions", 2031).bars[0]
    one = inputs(PLAN, (first.factor,))[first.factor]
    assert one.title == "Growth: Developer code assistant"
    said = _said(_reading()).replace("\u2060", "")
    assert "Growth: Developer code assistant moves emissions in 2031 most" in said
    assert f"30{words.GLUE}% a year" in said
    assert f"300{words.GLUE}% a year" in said


def test_the_tables_say_what_the_charts_draw():
    app = _open(PLAN)
    for about in ("Range of emissions by year", "What the answer hangs on"):
        app.session_state[f"table:{about}"] = True
    app = app.run()
    years, bars = (
        next(t.value for t in app.table if name in t.value.columns) for name in ("Median (50 %), t", "P10 to P90")
    )
    assert list(years["Year"]) == [str(year) for year in PLAN.years()]
    assert years["Met"][5] == f"{round(100 * met_by_year(PLAN)[2031])}{words.GLUE}%"
    assert (len(bars), bars["Status: source"][0]) == (8, "entered in the plan")


def test_a_plan_without_levers_or_target_says_so_and_ranks_its_inputs():
    said = _said(_open(example_plan()))
    assert "No lever is in use: the plan is business as usual" in said
    assert "No target is compared" in said
    assert "moves emissions in 2030 most" in said


def test_what_it_saves_has_a_tornado_of_its_own():
    app = _open(PLAN)
    app.button_group(key="uncertain:measure").set_value("saving").run()
    assert not app.exception
    assert "what the plan saves in 2031 most" in _said(app)


def test_more_simulations_are_a_change_of_the_plan():
    app = _open(PLAN)
    app.selectbox(key="u:points").set_value("512").run()
    assert f"512{words.GLUE}simulations of" in _said(app)
    assert app.session_state["glidepath"].plan.points == "512"


def test_without_workloads_the_page_offers_a_way_on():
    app = _open(Plan(name="Nothing"))
    assert app.header[0].value == "No workload yet"


def test_a_path_of_the_grids_is_told_to_be_in_no_range():
    told = " · the grids' path is in no range"
    moved = PLAN.but(grid_path="percent", grid_change_pct=-3.0)
    assert [uncertainty._scope(uncertainty.seen(one)).endswith(told) for one in (PLAN, moved)] == [False, True]


def test_the_screening_ranks_what_to_measure_next_until_the_shares_are_worked_out():
    first = screening(PLAN, "emissions", 2031)[0]
    one = inputs(PLAN, (first.factor,))[first.factor]
    said = _said(_reading()).replace("\u2060", "")
    assert f"{one.title} has the largest effect" in said
    assert f"**{one.title}** · moves it by" in said
    assert f"{words.capital(one.narrow)}." in said
    assert "By the screening" in said


def _held(app: AppTest) -> Study:
    study = app.session_state["glidepath"].drafts[STUDY]
    assert isinstance(study, Study)
    return study


def test_the_shares_are_worked_out_when_asked_for_and_rank_what_to_measure():
    app = _open(PLAN.but(seed=11))  # the next reader of these digits would find them worked out
    assert "alone makes" not in _said(app)
    app.button(key="study_start").click().run()
    _held(app).wait(60)
    said = _said(app.run()).replace("\u2060", "")
    first = _held(app).found()[0]
    one = inputs(PLAN, (first.factor,))[first.factor]
    assert f"{one.title} alone makes {words.percent(round(first.first, 3))} of the variance" in said
    assert f"**{one.title}** · {words.percent(round(first.first, 3))} to {words.percent(round(first.total, 3))}" in said
    assert not [one for one in app.button if one.key in ("study_start", "study_stop")]
    app.button_group(key="uncertain:measure").set_value("saving").run()
    assert app.button(key="study_start").label == "Work out the shares"
    assert "alone makes" in _said(_open(PLAN.but(seed=11, name="A colleague's")))


def _slowly(*asked):
    sleep(0.05)
    return figures_at(*asked)


def test_a_study_can_be_stopped_and_what_is_done_stays(monkeypatch):
    monkeypatch.setattr("core.decide.study.figures_at", _slowly)  # 64 batches: not over before it is stopped
    app = _open(PLAN.but(points="8192"))
    app.button(key="study_start").click().run()
    while not _held(app).found() and not _held(app).progress().wrong:
        _held(app).wait(0.05)
    app.run()
    assert " left" in app.get("progress")[0].proto.text
    app.button(key="study_stop").click().run()
    _held(app).wait(60)
    app = app.run()
    assert app.button(key="study_start").label == "Start again"
    assert "alone makes" in _said(app)


def test_a_workload_without_figures_leaves_a_least_and_none_with_any_leaves_no_figure():
    gone = PLAN.workloads[1].but(model="own:gone")
    app = _open(PLAN.with_workload("W2", model="own:gone"))
    assert app.header[0].value.startswith("At least")
    assert "Employee knowledge assistant is left out" in app.warning[0].value
    app = _open(PLAN.but(workloads=(gone,)))
    assert (app.header[0].value, len(app.subheader)) == ("No figure", 0)
