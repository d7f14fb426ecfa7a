"""The grids now on the Shift page: off by default, shown beside the plan's figures, and no failure breaks the page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import catalog, link, results
from core.plan.example import example_plan
from core.results.moves import grid_of_workload
from core.ui import shift_now
from tests.live.service import KEY, PASSWORD, USER, Service, hour, serving
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
PLAN = example_plan()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with serving() as found:
        monkeypatch.setenv("GLIDEPATH_LIVE", "electricity-maps")
        monkeypatch.setenv("GLIDEPATH_ELECTRICITY_MAPS_KEY", KEY)
        monkeypatch.setenv("GLIDEPATH_ELECTRICITY_MAPS_URL", found.address)
        shift_now.at_work.clear()
        yield found
        shift_now.at_work.clear()


def _open() -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = link.encode(PLAN.but(name="Mine"))
    return open_at(app, "shift")


def _settled(app: AppTest) -> AppTest:
    until = time.monotonic() + 10
    while any(look.asking for region in _grids(app) for look in shift_now.at_work().look(region)):
        assert time.monotonic() < until
        time.sleep(0.02)
    app.run()
    assert not app.exception
    return app


def _grids(app: AppTest):  # type: ignore[no-untyped-def]
    found = (grid_of_workload(PLAN, each) for each in PLAN.workloads)
    return list({region.id: region for region in found if region is not None}.values())[: shift_now.MOST_GRIDS]


def _said(app: AppTest) -> str:
    said = "\n".join(str(part.value) for kind in (app.markdown, app.warning, app.info) for part in kind)
    return said.replace("\\", "").replace("\u2060", "")


def test_off_is_one_line_and_no_table() -> None:
    shift_now.at_work.clear()
    app = _open()
    assert not app.exception
    assert _said(app).count("Live intensity is off: no service is asked.") == 1
    assert "The grids now" not in _said(app)
    assert [button for button in app.button if (button.key or "").startswith("now:")] == []


def test_on_each_grid_stands_beside_its_reference_year_and_the_plans_mean(service: Service) -> None:
    before = results.of(PLAN.but(name="Mine")).total(results.of(PLAN.but(name="Mine")).carbon_kg())
    app = _settled(_open())
    (table,) = (each.value for each in app.table if "Now" in each.value.columns)
    assert set(table["Now"]) == {"302, estimated"}
    assert {text.replace("\u2060", "") for text in table["It counts"]} == {
        f"average, life cycle; Electricity Maps, {hour():%H}:00 UTC"
    }
    home = catalog.load().regions["DE"]
    row = table[table["Grid"] == home.name].iloc[0]
    assert float(row["The plan's mean"].replace("\u202f", "")) == pytest.approx(home.carbon_g_per_kwh, rel=0.01)
    assert "302" not in row["Reference year, this hour"]
    plan = app.session_state["glidepath"].plan
    assert (results.of(plan).total(results.of(plan).carbon_kg()) == before).all()
    assert KEY not in _said(app)
    assert KEY not in str(app.query_params)


def test_a_marginal_figure_stands_beside_no_average(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIDEPATH_LIVE", "watttime")
    monkeypatch.setenv("GLIDEPATH_LIVE_ZONES", "watttime:DE=DE")
    for name, value in (("USER", USER), ("PASSWORD", PASSWORD), ("URL", service.address)):
        monkeypatch.setenv(f"GLIDEPATH_WATTTIME_{name}", value)
    shift_now.at_work.clear()
    app = _settled(_open())
    (table,) = (each.value for each in app.table if "Now" in each.value.columns)
    assert table.iloc[0].tolist()[:4] == ["Germany", "454, estimated", shift_now.NO_AVERAGE, shift_now.NO_AVERAGE]
    assert "Marginal is what one more kWh emits: it stands beside no average" in _said(app)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda handler, path, query: handler.say({}, 401), "it refuses the key (401)"),
        (lambda handler, path, query: handler.say(b"<script>alert(1)</script>"), "its answer is no JSON"),
        (lambda handler, path, query: handler.say({"zone": "<script>x"}), "its zone is '<script>x'; asked for was"),
    ],
)
def test_a_failure_is_a_sentence_and_the_page_goes_on(service: Service, answer, why: str) -> None:  # type: ignore[no-untyped-def]
    service.answer = answer
    app = _settled(_open())
    assert f"Electricity Maps: {why}" in _said(app)
    assert "The rest of the page stands without it." in _said(app)
    assert "Best move: Employee knowledge assistant" in _said(app)


def test_a_setting_that_nobody_understands_is_said_where_the_line_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIDEPATH_LIVE", "ember")
    shift_now.at_work.clear()
    app = _open()
    assert not app.exception
    assert "Live intensity is off: GLIDEPATH_LIVE names 'ember'" in _said(app)
    shift_now.at_work.clear()


def test_fetched_hours_are_read_as_a_file_of_ones_own_and_confirmed(service: Service) -> None:
    app = _settled(_open())
    app.button(key="now:fetch").click().run()
    live = shift_now.at_work()
    (one,) = live.services
    home = catalog.load().regions["DE"]
    until = time.monotonic() + 10
    while live.past(one, home).asking and time.monotonic() < until:
        time.sleep(0.02)
    app.run()
    app.button(key="now:take").click().run()
    assert not app.exception
    assert "Electricity Maps. Is this right?" in _said(app)
    assert app.session_state["glidepath"].plan.hours_files == ()
    app.button(key="hours-use").click().run()
    assert not app.exception
    (file,) = app.session_state["glidepath"].plan.hours_files
    assert (file.covered_h, file.hours_basis, file.source) == (2_160, "life_cycle", "Electricity Maps")
    assert file.name.startswith("electricity-maps_DE_")
