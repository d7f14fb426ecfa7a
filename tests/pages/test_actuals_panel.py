"""Measured beside planned: typed or from a CSV, told in words, refused in one sentence, undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import link, results
from core.plan import Actual, Plan
from core.plan.example import example_plan
from core.targets.actuals import planned_amounts
from core.ui import trace
from tests.pages.open_at import open_at
from tests.pages.typed import fill, number_field

APP = str(Path(__file__).parents[2] / "app.py")
PLAN = example_plan()
MARCH = Actual(
    id="A1", workload="W2", year=2026, month=3, requests=250_000, energy_facility_kwh=4_200, carbon_location_kg=1_500,
    source="meter",
)  # fmt: skip


def _page() -> None:
    from core.ui import actuals, state

    actuals.panel(state.plan())


@pytest.fixture(autouse=True)
def _without_the_other_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "to", lambda *_: None)


def _open(plan: Plan = PLAN, *folds: str) -> AppTest:
    app = AppTest.from_function(_page, default_timeout=60).run()
    app.session_state["glidepath"].plan = plan
    for fold in folds:
        app.session_state[f"actuals:{fold}"] = True
    app.run()
    assert not app.exception
    return app


def _said(app: AppTest) -> str:
    said = "\n".join(str(part.value) for kind in (app.markdown, app.warning) for part in kind)
    return said.replace("\\", "").replace("\u2060", "").replace("\u00a0", " ")


def _actuals(app: AppTest) -> tuple[Actual, ...]:
    found: tuple[Actual, ...] = app.session_state["glidepath"].plan.actuals
    return found


def _type(app: AppTest, **fields: object) -> AppTest:
    for name, value in fields.items():
        fill(number_field(app, f"actual:{name}"), value)
    app.run()
    return app.button(key="actual-take").click().run()


def _give(app: AppTest, raw: bytes) -> AppTest:
    (uploader,) = app.file_uploader
    app = uploader.set_value([("ours.csv", raw, "text/csv")]).run()
    assert not app.exception
    return app


def _cells(app: AppTest, place: int) -> list[list[str]]:
    rows: list[list[str]] = app.table[place].value.to_numpy().tolist()
    return [[cell.replace("\u2060", "").replace("\u00a0", " ") for cell in row] for row in rows]


def test_a_plan_without_measurements_says_so_and_shows_no_figure() -> None:
    app = _open()
    assert "Nothing measured yet" in _said(app)
    assert len(app.table) == 0


def test_a_typed_measurement_stands_beside_the_plan_and_undo_takes_it_back() -> None:
    app = _open(PLAN, "type")
    app.selectbox(key="actual:workload").select("W2").run()
    app.selectbox(key="actual:month").select(3).run()
    app = _type(app, requests=250_000, energy_facility_kwh=4_200, carbon_location_kg=1_500, source="meter")
    assert _actuals(app) == (MARCH,)
    assert app.session_state["glidepath"].news == [
        "Employee knowledge assistant, 2026-03: the measurement was taken. Undo takes it back."
    ]
    assert number_field(app, "actual:requests").value == ""
    assert "1.50 t measured where the plan says 1." in _said(app)
    app.session_state["glidepath"].plan = app.session_state["glidepath"].past[-1]
    assert "Nothing measured yet" in _said(app.run())


def _on_a_dirtier_grid() -> Actual:
    """A month just as planned, but for a tenth more carbon in each kWh."""
    found = results.of(PLAN)
    place = found.of("W2")
    assert place is not None
    planned = planned_amounts(found, place, found.workloads[place], MARCH)
    usual = {name: float(planned[name][0]) for name in ("requests", "energy_facility_kwh", "carbon_location_kg")}
    return MARCH.but(**usual | {"carbon_location_kg": usual["carbon_location_kg"] * 1.1})


def test_a_dirtier_grid_is_told_as_the_cause_in_sentence_parts_and_rows() -> None:
    month = _on_a_dirtier_grid()
    app = _open(PLAN.but(actuals=(month,)))
    assert month.carbon_location_kg is not None
    more = f"+{month.carbon_location_kg / 11_000:.2g} t"
    assert [row[:2] for row in _cells(app, 0)] == [["Volume", "0 t"], ["Efficiency", "0 t"], ["Grid", more]]
    (row,) = _cells(app, 1)
    assert row[0] == "2026-03, Employee knowledge assistant"
    assert row[3:] == [more, f"volume 0 t, efficiency 0 t, grid {more}"]
    assert ": 10 % more, inside its 80 % range." in _said(app)


def test_another_quantity_is_a_choice_and_requests_alone_have_no_causes() -> None:
    app = _open(PLAN.but(actuals=(MARCH,)))
    app.session_state["glidepath"].drafts["actuals:quantity"] = "requests"
    app.run()
    assert _cells(app, 0)[0][-1] == "–"
    assert "250 000 measured where the plan says" in _said(app).replace("\u202f", " ")


def test_what_cannot_be_taken_is_refused_in_one_sentence_and_the_form_keeps_it() -> None:
    app = _type(_open(PLAN, "type"), requests=-5, source="log")
    assert app.session_state["glidepath"].problems == [
        "Requests is -5; it must lie in [0, 1,000,000,000,000,000] requests. Nothing was taken."
    ]
    assert number_field(app, "actual:requests").value == "-5"
    app = _type(app, requests=5, source="")
    assert app.session_state["glidepath"].problems == [
        "Source is blank; say where the figures are from. Nothing was taken."
    ]
    assert _actuals(app) == ()


def test_the_sound_rows_of_a_file_are_taken_and_the_wrong_ones_told_by_line() -> None:
    raw = b"workload,period,energy_facility_mwh\nW2,2026-01,4.1\nW9,2026-01,4\nW2,2026-02,x\nW4,2026,30\n"
    app = _give(_open(PLAN, "file"), raw)
    assert [(a.workload, a.period, a.energy_facility_kwh, a.source) for a in _actuals(app)] == [
        ("W2", "2026-01", 4_100.0, "ours.csv"),
        ("W4", "2026", 30_000.0, "ours.csv"),
    ]
    assert app.session_state["glidepath"].news == ["2\u00a0measurements of ours.csv taken. Undo takes them back."]
    said = _said(app)
    assert (
        "- line 3, column workload: workload is 'W9'; it must be the id of one: W1, W2, W3, W4, W5, W6; the row" in said
    )
    assert (
        "- line 4, column energy_facility_mwh: energy_facility_mwh is 'x', not a number; the row was left out" in said
    )


def test_a_file_that_is_none_is_refused_as_a_whole() -> None:
    app = _give(_open(PLAN, "file"), b"a,b\n1,2\n")
    assert "ours.csv: the column 'workload' is missing; known are workload, period, " in _said(app)
    assert _actuals(app) == ()


def test_a_month_of_a_year_that_is_measured_whole_is_refused_by_the_plan() -> None:
    app = _open(PLAN.but(actuals=(MARCH.but(month=None),)), "type")
    app.selectbox(key="actual:workload").select("W2").run()
    app.selectbox(key="actual:month").select(3).run()
    app = _type(app, requests=5, source="log")
    (problem,) = app.session_state["glidepath"].problems
    assert "is measured as a whole year and by months ('A1'); keep one of them. The plan stays as it was." in problem


def test_a_year_outside_the_plan_is_told_and_not_compared() -> None:
    app = _open(PLAN.but(actuals=(MARCH.but(year=2024),)))
    assert (
        "Employee knowledge assistant, 2024-03: the plan has no figures of 2024; its years are 2026 to 2035."
        in _said(app)
    )
    assert len(app.table) == 0


def test_measurements_are_removed_and_the_way_back_is_told() -> None:
    app = _open(PLAN.but(actuals=(MARCH, MARCH.but(id="A2", month=4))), "remove")
    app.multiselect(key="actuals:gone").select("A1").run()
    app = app.button(key="actuals-remove-these").click().run()
    assert [a.id for a in _actuals(app)] == ["A2"]
    assert app.session_state["glidepath"].news == ["1\u00a0measurement removed. Undo brings it back."]
    app = app.button(key="actuals-remove-all").click().run()
    assert _actuals(app) == ()


def test_of_many_measurements_the_last_are_listed_and_the_file_is_named() -> None:
    rows = tuple(MARCH.but(id=f"A{y}-{m}", year=2026 + y, month=m) for y in range(6) for m in range(1, 13))
    app = _open(PLAN.but(actuals=rows))
    assert (len(_cells(app, 1)), _cells(app, 1)[-1][0][:7]) == (60, "2031-12")
    assert "The last 60 of 72; the file holds all." in _said(app)


def test_the_targets_page_shows_it() -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = link.encode(PLAN.but(actuals=(MARCH,)))
    app.session_state["target:tab"] = "Measured"
    app = open_at(app, "targets")
    assert not app.exception
    assert "1.50 t measured where the plan says 1." in _said(app)
