"""What the page says a change did: true of edits, silent about looking at things another way."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import results, words
from core.plan.example import example_plan

APP = str(Path(__file__).parents[2] / "app.py")


def opened() -> AppTest:
    return AppTest.from_file(APP, default_timeout=60).run()


def text(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("key", "value"),
    [("p:business_unit", "Engineering"), ("p:tag", "bought"), ("p:method", "market"), ("p:stack_by", "workload")],
)
def test_another_view_is_never_a_saving(key: str, value: str) -> None:
    app = opened()
    app.session_state[key] = value
    field = key.removeprefix("p:")
    session = app.session_state["glidepath"]
    session.plan = session.plan.but(**{field: value})
    app.run()
    assert not app.exception
    assert "as it was opened" not in text(app)
    assert "with the growth entered" in text(app)


def test_an_edit_under_a_filter_is_compared_with_the_same_filter() -> None:
    app = opened()
    session = app.session_state["glidepath"]
    filtered = session.plan.but(business_unit="Corporate IT")
    session.plan = filtered.with_workload("W2", region="FR")
    app.run()
    was = results.of(filtered)
    low, mid, high = results.interval(was.total(was.carbon_kg())[4])
    said = words.with_range(mid, low, high, words.mass_scale(mid))[0].replace("\u00a0", " ")
    assert f"against the plan as it was opened, {said}." in text(app)
    assert "Saves" in text(app)


@pytest.mark.parametrize(("unit", "scopes"), [("Engineering", "scope 3"), ("Corporate IT", "scope 2 and 3")])
def test_the_scopes_are_those_of_the_workloads_shown(unit: str, scopes: str) -> None:
    app = opened()
    session = app.session_state["glidepath"]
    session.plan = session.plan.but(business_unit=unit)
    app.run()
    assert f" · {scopes} · " in text(app)


def test_electricity_alone_of_own_servers_is_scope_2() -> None:
    app = opened()
    session = app.session_state["glidepath"]
    session.plan = session.plan.but(business_unit="Corporate IT", boundary="operation")
    app.run()
    assert " · scope 2 · operation · " in text(app)


def test_a_blank_name_is_refused_in_words() -> None:
    app = opened()
    app.text_input(key="w:W2:name").set_value("  ").run()
    assert app.session_state["glidepath"].plan == example_plan()
    assert "Name is blank; it must have 1 to 80 characters" in app.warning[0].value


def test_a_refusal_goes_when_the_next_value_is_good() -> None:
    app = opened()
    app.number_input(key="w:W2:cached_share").set_value(-1.0).run()
    assert "Cached input is" in app.warning[0].value
    app.number_input(key="w:W2:cached_share").set_value(0.5).run()
    assert not app.warning


def test_known_costs_beside_unknown_ones_are_at_least() -> None:
    app = opened()
    cost = next(metric for metric in app.metric if metric.label.startswith("Cost"))
    assert cost.value.startswith("at least $")
    assert not cost.delta


def test_a_plan_with_every_price_has_a_cost_with_its_range() -> None:
    app = opened()
    session = app.session_state["glidepath"]
    session.plan = session.plan.but(business_unit="Finance Operations")
    app.run()
    cost = next(metric for metric in app.metric if metric.label.startswith("Cost"))
    assert cost.value.startswith("$")
    assert cost.delta.startswith("80 % range ")


def test_the_grid_is_drawn_anew_where_something_in_it_changed_and_only_there() -> None:
    app = opened()
    drawn = app.session_state["glidepath"].grid
    app.number_input(key="w:W2:output_tokens").set_value(900.0).run()
    assert app.session_state["glidepath"].grid == drawn
    app.number_input(key="w:W2:requests_per_day").set_value(11_000.0).run()
    assert app.session_state["glidepath"].grid == drawn + 1
