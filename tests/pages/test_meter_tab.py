"""The Meter tab: a typed measurement is compared, taken, undone, removed; what is wrong is said and nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import results
from core.link import decode, encode
from core.plan import Plan
from core.plan.example import example_plan
from core.table import read_plan, write_plan

APP = str(Path(__file__).parents[2] / "app.py")
TYPED: dict[str, Any] = {"metered_kwh": 3_000.0, "first_day": "2026-03-01", "last_day": "2026-03-31", "covers": True}
USE, REMOVE = "Use this measurement", "Remove the calibration"


def _open(plan: Plan | None = None, workload: str = "W2") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    if plan is not None:
        app.query_params["s"] = encode(plan)
    app.run()
    app.session_state["group"] = "Meter"
    app.session_state["glidepath"].selected = workload
    return app.run()


def _type(app: AppTest, values: dict[str, Any], workload: str = "W2") -> AppTest:
    prefix = f"meter:{workload}:"
    for kind in (app.number_input, app.text_input, app.selectbox, app.checkbox):
        for widget in kind:
            name = str(widget.key)
            if name.startswith(prefix) and name.removeprefix(prefix) in values:
                widget.set_value(values[name.removeprefix(prefix)])
    return app.run()


def _plan(app: AppTest) -> Plan:
    found: Plan = app.session_state["glidepath"].plan
    return found


def _press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def _said(app: AppTest) -> str:
    """All the page says, without the signs that keep markdown from reading it."""
    said = "\n".join(str(part.value) for kind in (app.markdown, app.warning, app.info) for part in kind)
    return said.replace("\\", "").replace("\u2060", "")


def test_the_form_says_what_is_still_needed() -> None:
    app = _open()
    assert "Still needed: Metered energy, First day, Last day." in _said(app)
    _type(app, TYPED | {"covers": False})
    assert "Still needed: your word on what the meter covers." in _said(app)
    assert USE not in [button.label for button in app.button]


def test_a_measurement_is_set_beside_the_estimate_before_it_is_taken() -> None:
    app = _type(_open(), TYPED)
    said = _said(app)
    assert "**Your meter says 1.13 times our estimate**: 3.00\u00a0MWh at the servers" in said
    assert "where we expected 2.66\u00a0MWh, 1\u00a0March\u00a02026" in said
    assert "−8.3\u00a0%\u00a0to\u00a0+8.3\u00a0%" in said
    assert _plan(app) == example_plan()


def test_it_is_taken_undone_and_removed() -> None:
    app = _press(_type(_open(), TYPED), USE)
    assert not app.exception
    plan = _plan(app)
    taken = plan.calibration("W2")
    assert taken is not None
    assert (taken.metered_kwh, taken.served_from, taken.source) == (3_000.0, "plan", "typed")
    assert taken.served_requests == pytest.approx(10_500 * 225 * 31 / 365)
    assert results.of(plan).measured["W2"].factor[0] == pytest.approx(1.1283, rel=1e-3)
    assert "now rests on your meter" in _said(app)
    assert decode(encode(plan)).plan == plan
    assert read_plan(write_plan(plan)).plan == plan
    _press(app, "Undo")
    assert _plan(app) == example_plan()
    _press(app, "Redo")
    _press(app, REMOVE)
    assert _plan(app) == example_plan()
    assert "is estimated again" in _said(app)


def test_a_contradiction_is_told_in_words_and_nothing_typed_is_lost() -> None:
    app = _type(_open(), TYPED | {"last_day": "2026-02-01"})
    assert "Last day is 2026-02-01; it must not be before first day, 2026-03-01." in _said(app)
    assert next(w for w in app.number_input if w.key == "meter:W2:metered_kwh").value == 3_000.0
    _type(app, {"last_day": "soon"})
    assert "Last day is 'soon'; it must be a date from 1990 to 2100, as 2026-11-22." in _said(app) or "soon" in _said(
        app
    )
    assert _plan(app) == example_plan()


def test_a_measurement_that_cannot_be_is_not_offered() -> None:
    app = _type(_open(), TYPED | {"metered_kwh": 30_000.0})
    assert (
        "Not used: the meter says 5,040 W for each of the 8 accelerators the plan holds; it must be at most 1,275 W. "
        "Enter the accelerators that were metered."
    ) in _said(app)
    assert USE not in [button.label for button in app.button]


def test_a_bought_service_has_no_meter() -> None:
    assert "no meter of yours reads them" in _said(_open(workload="W1"))


def test_a_change_of_the_model_ends_it_with_a_sentence_and_undo_brings_it_back() -> None:
    app = _press(_type(_open(), TYPED), USE)
    app.session_state["group"] = "Use"
    app.run()
    next(w for w in app.selectbox if w.key == "w:W2:model").set_value("llama3.1-8b").run()
    assert (
        "Employee knowledge assistant: its model was llama3.3-70b when it was metered and is now llama3.1-8b, "
        "so the meter's word no longer acts; its figures are estimated."
    ) in _said(app)
    assert results.of(_plan(app)).measured["W2"].reason
    _press(app, "Undo")
    assert results.of(_plan(app)).measured["W2"].reason == ""


def test_training_is_metered_by_its_runs() -> None:
    energy = results.of(example_plan()).values
    place = results.of(example_plan()).of("W5")
    run_kwh = (energy["energy_accelerator_kwh"] + energy["energy_host_kwh"])[place, 0, 0] / 4
    app = _open(workload="W5")
    app = _type(app, TYPED | {"metered_kwh": float(run_kwh), "served_runs": 1.0}, "W5")
    assert "**Your meter says as much as our estimate**" in _said(app)
    assert "the accelerators at work and the rest of the server of this workload" in _said(app)
