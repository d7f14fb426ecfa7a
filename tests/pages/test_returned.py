"""A browser that comes to a server with the address and the fields of another session."""

from __future__ import annotations

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from core import link
from core.plan import Plan
from core.plan.example import example_plan
from tests.browser.chromium import ROOT

ASKED = "w:W2:requests_per_day"


def opened() -> AppTest:
    """A new session at the example's own link."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["s"] = link.encode(example_plan())
    return app


def plan(app: AppTest) -> Plan:
    """The plan on screen."""
    found: Plan = app.session_state["glidepath"].plan
    return found


@pytest.fixture
def first() -> AppTest:
    """A session on the server that will be gone."""
    return opened().run()


def came(states: WidgetStates) -> AppTest:
    """The first run of a new session, for a browser that shows these fields."""
    app = opened()
    app._run(states)
    return app


def test_a_change_that_nobody_answered_is_taken(first: AppTest) -> None:
    first.number_input(key=ASKED).set_value(23_456.0)
    app = came(first._tree.get_widget_states())
    assert plan(app).workload("W2").requests_per_day == 23_456
    assert link.decode("".join(app.query_params["s"])).plan == plan(app)
    assert app.number_input(key=ASKED).value == 23_456.0
    assert not app.exception


def test_a_segment_and_a_choice_are_taken_too(first: AppTest) -> None:
    first.segmented_control(key="p:method").set_value("market")
    first.selectbox(key="w:W2:model").select("llama3.1-8b")
    now = plan(came(first._tree.get_widget_states()))
    assert (now.method, now.workload("W2").model) == ("market", "llama3.1-8b")


def test_fields_that_show_the_plan_change_nothing(first: AppTest) -> None:
    app = came(first._tree.get_widget_states())
    assert plan(app) == example_plan()
    assert app.session_state["glidepath"].past == []


def test_what_cannot_be_taken_is_told(first: AppTest) -> None:
    first.number_input(key=ASKED).set_value(-5.0)
    app = came(first._tree.get_widget_states())
    assert plan(app) == example_plan()
    assert [one.value for one in app.warning if "Requests a day is -5" in one.value]
    assert app.number_input(key=ASKED).value == example_plan().workload("W2").requests_per_day
