"""Later years on the page: chosen in the panel, kept in the plan, with what each does and what to know of it."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from core import link, results, words
from core.plan import Plan
from core.plan.example import example_plan
from core.results.grid_paths import grid_paths
from core.ui.shown import scale_for

APP = str(Path(__file__).parents[2] / "app.py")
OECM = example_plan().but(grid_path="oecm-2022-1.5c", refresh_every_years=3, last_year=2055)


def _open(plan: Plan | None = None) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    if plan is not None:
        app.query_params["s"] = link.encode(plan)
    app.session_state["later"] = True
    return app.run()


def _plan(app: AppTest) -> Plan:
    found: Plan = app.session_state["glidepath"].plan
    return found


def _table(app: AppTest, heading: str) -> list[list[str]]:
    found = next(one.value for one in app.table if heading in one.value.columns)
    return [list(row) for row in found.itertuples(index=False)]


def _said(app: AppTest, text: str) -> bool:
    return any(text in one.value for one in app.markdown)


def test_a_plan_that_assumes_nothing_says_so_and_takes_what_is_chosen() -> None:
    app = _open()
    assert next(e.label for e in app.expander if e.label.startswith("Later")) == (
        "Later years: nothing assumed beside growth"
    )
    assert _said(app, "Nothing assumed: grids stay as they are")
    app.selectbox(key="plan:grid_path").set_value("percent").run()
    app.number_input(key="plan:grid_change_pct").set_value(-5.0).run()
    app.text_input(key="plan:refresh_every_years").set_value("4").run()
    app.number_input(key="plan:refresh_gain_pct").set_value(60.0).run()
    plan = _plan(app)
    assert (plan.grid_path, plan.grid_change_pct, plan.refresh_every_years, plan.refresh_gain_pct) == (
        "percent", -5.0, 4, 60.0,
    )  # fmt: skip
    assert not app.exception
    assert _said(app, "A100 to H100 +81\u00a0% arithmetic, −6.1\u00a0% bandwidth; H100 to B200 +59\u00a0% arithmetic")
    assert any("grids over the years, renewed accelerators assumed" in e.label for e in app.expander)


def test_each_assumption_shows_the_headlines_year_with_it_and_without() -> None:
    plan = example_plan().but(efficiency_drift_pct=5.0, grid_path="percent", grid_change_pct=-4.0)
    rows = {row[0]: row[1:] for row in _table(_open(plan), "Carbon in 2030")}
    kg = {
        name: float(found.total(found.carbon_kg())[4, 0])
        for name, found in (("with", results.of(plan)), ("grids", results.of(plan.but(grid_path="flat"))),
                            ("all", results.of(example_plan())))
    }  # fmt: skip
    scale = scale_for("kg", kg.values())
    assert rows["Grids over the years"][:2] == [words.quantity(kg["grids"], scale), words.quantity(kg["with"], scale)]
    assert rows["All together"][:2] == [words.quantity(kg["all"], scale), words.quantity(kg["with"], scale)]
    assert rows["Quicker software"][2].startswith("saves ")
    assert len(rows) == 3


def test_how_each_grid_moves_and_what_a_scenario_cannot_say_stand_beside() -> None:
    app = _open(OECM)
    rows = {row[0]: row[1:] for row in _table(app, "Follows")}
    assert rows["Germany"] == [
        "OECM 1.5C (2022), Europe, stack emissions", "Life cycle, of electricity made there", "50\u00a0%",
    ]  # fmt: skip
    assert _said(app, "Europe reaches 0 in 2050")
    assert _said(app, "then by World: OECM 2022, 1.5 °C, outside the range")
    assert _said(app, "ends in 2050; later years keep its last figure.")
    assert _said(app, "own hardware only serves for a shorter time.")


def test_a_number_beyond_its_limits_is_refused_in_a_sentence_and_the_plan_stays() -> None:
    app = _open()
    app.number_input(key="plan:efficiency_drift_pct").set_value(70.0).run()
    assert _plan(app) == example_plan()
    assert r"must lie in \[0, 50\] % a year. The plan stays as it was." in app.warning[0].value


def test_the_paths_at_hand_stand_side_by_side_with_their_figures_and_the_plans_own_is_marked() -> None:
    plan = example_plan().but(grid_path="oecm-2022-1.5c")
    rows, paths = _table(_open(plan), "If grids went so, carbon in 2030"), grid_paths(plan)
    scale = scale_for("kg", [one.central_kg for one in paths])
    ends = [words.with_range(one.central_kg, one.low_kg, one.high_kg, scale) for one in paths]
    assert [tuple(row[1:]) for row in rows] == ends
    assert [row[0].endswith("(this plan)") for row in rows] == [one.path == plan.grid_path for one in paths]
