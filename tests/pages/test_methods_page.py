"""The Methods page without a browser: every tab opens, a search with no hit says so, a strange address does no harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import catalog as facts
from core import link
from core.methods import tables
from core.methods.figures import figures
from core.methods.formulas import formulas
from core.methods.inputs import inputs
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.plan import CASE
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
LONG_S = 60
TABS = ("Figures", "Formulas", "Inputs", "Tables", "Left out", "Accuracy", "Changes")


def _open(tab: str = "", figure: str = "", plan: Plan | None = None, of: str = "") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=LONG_S)
    if tab:
        app.session_state["methods_tab"] = tab
    if figure:
        app.query_params["figure"] = figure
    if of:
        app.query_params["of"] = of
    if plan is not None:
        app.query_params["s"] = link.encode(plan)
    return open_at(app, "methods")


def _text(app: AppTest) -> str:
    return (
        " ".join(block.value for block in app.markdown).replace("\u00a0", " ").replace("\\", "").replace(":\u2060", ":")
    )


def _cells(app: AppTest, place: int = 0) -> str:
    return app.table[place].value.to_string()


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_without_a_fault(tab: str) -> None:
    app = _open(tab)
    assert not app.exception
    assert not app.warning
    assert len(app.title) == len(app.header) == 1
    assert app.table or app.dataframe


def test_the_answer_counts_what_there_is() -> None:
    app = _open()
    counts = (len(formulas()), len(inputs()), len(facts.load().sources))
    said = app.header[0].value.replace("\u00a0", " ")
    assert said == "Every figure can be re-added: {} formulas, {} inputs, {} sources".format(*counts)
    assert facts.load().data_version in _text(app)
    assert "data from 22 November 2026" in _text(app)


@pytest.mark.parametrize("name", figures())
def test_every_figure_opens_with_formula_and_sources(name: str) -> None:
    app = _open(figure=name)
    assert not app.exception
    assert not app.warning
    assert figures()[name].title in [heading.value.replace("\\", "") for heading in app.subheader]
    assert figures()[name].equation in _text(app)
    assert "Glidepath" in _cells(app, -1)
    assert "Expected error" in [heading.value for heading in app.subheader]


def test_the_names_of_the_results_file_open_their_figure() -> None:
    app = _open(figure="carbon_location_p10_kg")
    assert app.selectbox(key="m:figure").value == "carbon_location_kg"


def test_a_figure_shows_the_factors_of_the_plan_on_screen() -> None:
    plan = example_plan().with_workload("W2", region="FR").but(name="Elsewhere")
    app = _open(figure="carbon_location_kg", plan=plan)
    assert app.session_state["glidepath"].plan == plan
    assert "Grid of France" in _cells(app, 1)
    app.selectbox(key="m:workload").select("W1").run()
    assert "Grid of Sweden" in _cells(app, 1)
    assert app.query_params["figure"] == "carbon_location_kg"


def test_a_figure_of_the_estimate_tells_the_error_of_its_case_and_not_of_a_workload() -> None:
    plan = example_plan().but(case=CASE.but(batch=64.0, region="FR"))
    app = _open(figure="request_time_s", plan=plan, of=CASE.id)
    assert app.session_state["glidepath"].plan == plan
    assert "Time of a step. Half of 172 settings of dense models at 17 to 128 requests at a time" in _text(app)
    assert ":blue-badge[Measured] :gray[:small[this model on this accelerator" in _text(app)
    app.selectbox(key="m:figure").select("carbon_location_kg").run()
    assert "Grid of France" in _cells(app, 1)
    assert "In a year of this estimate in 2026: " in _text(app)
    app.selectbox(key="m:workload").select("W1").run()
    assert "of" not in app.query_params
    assert "Grid of Sweden" in _cells(app, 1)


def test_another_figure_goes_into_the_address() -> None:
    app = _open()
    app.selectbox(key="m:figure").select("water_site_l").run()
    assert app.query_params["figure"] == "water_site_l"
    assert "Water evaporated on site" in [heading.value for heading in app.subheader]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "no_such_kg", "../../etc", "**b**" * 40])
def test_a_figure_that_does_not_exist_is_ignored_with_a_sentence(text: str) -> None:
    app = _open(figure=text)
    assert not app.exception
    assert "is no figure of this app" in app.warning[0].value
    assert "<script>" not in app.warning[0].value
    assert app.selectbox(key="m:figure").value == "carbon_kg"


@pytest.mark.parametrize("plan", [Plan(name="Empty"), example_plan().but(tag="nobody")], ids=["empty", "filtered"])
@pytest.mark.parametrize("tab", ["Figures", "Tables"])
def test_a_plan_that_shows_nothing_leaves_the_page_whole(plan: Plan, tab: str) -> None:
    app = _open(tab, "carbon_location_kg", plan)
    assert not app.exception
    assert len(app.header) == 1


@pytest.mark.parametrize("name", ["m:before", "m:code", "m:entries"])
def test_what_is_folded_away_opens(name: str) -> None:
    app = _open(figure="energy_facility_kwh")
    before = len(app.table) + len(app.code)
    app.session_state[name] = True
    app.run()
    assert not app.exception
    assert len(app.table) + len(app.code) > before


@pytest.mark.parametrize("name", tables.KINDS)
def test_every_table_opens_and_says_what_it_is(name: str) -> None:
    app = _open("Tables")
    app.selectbox(key="m:table").select(name).run()
    assert not app.exception
    assert len(app.dataframe[0].value) == len(list(tables.KINDS[name].read()))
    assert tables.KINDS[name].about in _text(app)


@pytest.mark.parametrize(("tab", "key"), [("Formulas", "formulas"), ("Inputs", "inputs"), ("Tables", "tables")])
def test_a_search_without_a_hit_says_so(tab: str, key: str) -> None:
    app = _open(tab)
    app.text_input(key=f"m:search:{key}").set_value("*zzz* <b>").run()
    assert not app.exception
    assert "No row holds “*zzz* <b>”" in _text(app)
    assert not app.dataframe


def test_a_search_narrows_the_table() -> None:
    app = _open("Tables")
    app.text_input(key="m:search:tables").set_value("llama 70b").run()
    assert 0 < len(app.dataframe[0].value) < 20


def test_a_formula_in_detail_follows_the_search() -> None:
    app = _open("Formulas")
    app.text_input(key="m:search:formulas").set_value("facility PUE plugs").run()
    assert app.selectbox(key="m:formula").value == "engine.energy_facility_kwh"
    assert "energy_it_kwh * pue" in app.code[0].value
    assert "kilowatt-hour" in _text(app)


def test_an_address_opens_a_table_at_one_row_and_leaves_the_next_choice_to_the_reader() -> None:
    app = AppTest.from_file(APP, default_timeout=LONG_S)
    app.query_params |= {"methods_tab": "Tables", "table": "target_rules", "row": "window"}
    app = open_at(app, "methods")
    assert (app.selectbox(key="m:table").value, app.text_input(key="m:search:tables").value) == (
        "target_rules",
        "window",
    )
    app.selectbox(key="m:table").set_value("target_pathways").run()
    assert app.selectbox(key="m:table").value == "target_pathways"
