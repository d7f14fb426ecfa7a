"""The Meter tab: a typed measurement is compared, taken, undone, removed; what is wrong is said and nothing is lost."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import results
from core.link import decode, encode
from core.plan import Plan
from core.plan.example import example_plan
from core.table import read_plan, write_plan
from tests.pages.typed import fill, number_field

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
                fill(widget, values[name.removeprefix(prefix)])
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
    assert "Still needed: your word on what the meter reads." in _said(app)
    assert USE not in [button.label for button in app.button]


def test_no_energy_is_refused_by_its_limit_and_not_asked_for_again() -> None:
    said = _said(_type(_open(), TYPED | {"metered_kwh": 0.0}))
    assert "Metered energy is 0; it must lie in [0.000001, 1,000,000,000,000] kWh." in said
    assert "Still needed" not in said


def test_a_measurement_is_set_beside_the_estimate_before_it_is_taken() -> None:
    app = _type(_open(), TYPED)
    said = _said(app)
    assert (
        "**Your meter says 1.13 times our estimate** for 1–31\u00a0March\u00a02026: 3.00\u00a0MWh at the servers, "
        "where we expected 2.66\u00a0MWh."
    ) in said
    compared = app.table[0].value
    assert compared["With your meter"].iloc[0] == "3.00\u00a0MWh (2.75\u2060–\u20603.25)"
    assert compared["Estimate"].iloc[0] == "2.7\u00a0MWh (2.0\u2060–\u20604.5)"
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
    assert results.of(plan).measured["W2"].factor[0] == pytest.approx(1.1264, rel=1e-3)
    assert "now rests on your meter" in _said(app)
    assert "- Your meter says 1.13 times our estimate of what it measured." in _said(app)
    assert any("As opened" in table.value for table in app.table)
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
    assert number_field(app, "meter:W2:metered_kwh").value == "3000"
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
    assert "Its meter does not act: its model was llama3.3-70b when it was metered" in _said(app)
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


SAMPLES = Path(__file__).parents[1] / "imports" / "samples"
SERVER = "timestamp,run_id,duration,gpu_energy,energy_consumed,gpu_count,gpu_model,pue\n"


def _drop(app: AppTest, *files: tuple[str, bytes], workload: str = "W2") -> AppTest:
    uploader = next(w for w in app.file_uploader if w.key == f"meter:{workload}-upload")
    return uploader.set_value([(name, raw, "text/csv") for name, raw in files]).run()


def _emissions(kwh: float, pue: float = 1.25, hours: int = 336) -> bytes:
    """A fortnight of one server as CodeCarbon writes it: 8 GPUs take nine tenths."""
    return (
        f"{SERVER}2026-03-15T00:00:00,a,{hours * 3600},{0.9 * kwh * pue},{kwh * pue},8,8 x NVIDIA H100,{pue}\n".encode()
    )


def test_a_file_is_read_told_confirmed_compared_and_taken() -> None:
    app = _drop(_open(), ("emissions.csv", _emissions(1_300.0)))
    assert not app.exception
    said = _said(app)
    assert "**1.30\u00a0MWh in 1\u00a0row of CodeCarbon emissions.csv, at the servers**" in said
    assert "a PUE of 1.25 was divided out of the energies" in said
    assert "336 h metered, 100\u00a0% of its days" in said
    assert "name and hash travel with the plan, the file does not" in said
    assert "Still needed: your word on what the meter reads." in said
    _type(app, {"covers": True, "served_requests": 90_000.0})
    assert "8\u00a0boards: NVIDIA H100" in said
    assert "our estimate** for 1–14\u00a0March\u00a02026: 1.30\u00a0MWh at the servers" in _said(app)
    _press(app, USE)
    taken = _plan(app).calibration("W2")
    assert taken is not None
    assert taken.metered_kwh == pytest.approx(1_300.0)
    assert (taken.meter, taken.first_day, taken.last_day, taken.metered_h) == (
        "software",
        "2026-03-01",
        "2026-03-14",
        336,
    )
    assert (taken.source, taken.file_sha256, taken.served_from) == (
        "emissions.csv", sha256(_emissions(1_300.0)).hexdigest(), "counted",
    )  # fmt: skip
    kept = next(table.value for table in app.table if "Measurement" in table.value)
    assert any(taken.file_sha256[:12] in str(cell) for cell in kept.to_numpy().ravel())


def test_a_refused_file_says_row_and_reason_and_keeps_what_was_typed() -> None:
    app = _type(_open(), TYPED)
    ragged = (SAMPLES / "codecarbon_emissions_v3.3.0_ragged.csv").read_bytes()
    _drop(app, ("emissions.csv", ragged))
    assert "Not taken: emissions.csv, row 3: it has 35 cells; it must have 38, one for each column" in _said(app)
    assert USE not in [button.label for button in app.button]
    for tab in ("Use", "Meter"):  # the browser forgets the file with its widget; the session does not
        app.session_state["group"] = tab
        app.run()
    assert "Not taken: emissions.csv, row 3" in _said(app)
    assert "Held here: emissions.csv." in _said(app)
    _press(app, "Forget the file")
    assert "Not taken" not in _said(app)
    assert number_field(app, "meter:W2:metered_kwh").value == "3000"
    assert next(w for w in app.text_input if w.key == "meter:W2:first_day").value == "2026-03-01"


def test_the_unit_a_file_does_not_say_is_asked_for() -> None:
    counter = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"
    scrapes = f'{counter}{{gpu="0"}} 0 1772442000000\n{counter}{{gpu="0"}} 1440000000 1772445600000\n'
    app = _drop(_open(), ("dcgm.prom", scrapes.encode()))
    assert "does not say its unit; say which of mJ, J, Wh, kWh, MWh it is (usually mJ)" in _said(app)
    next(w for w in app.selectbox if w.key == "meter:W2:unit").set_value("mJ").run()
    assert "**400\u00a0Wh in 2\u00a0rows of DCGM exporter scrapes, at the accelerators alone**" in _said(app)


def test_watts_beyond_the_workloads_board_are_refused() -> None:
    app = _drop(_open(), ("emissions.csv", _emissions(3_000.0)))
    assert "a GPU draws 1,004 W over the hours metered; the workload's accelerator can draw 700 W" in _said(app)


def test_output_tokens_may_stand_for_requests() -> None:
    app = _type(_open(), TYPED | {"served_m_tokens": 80.0})
    taken = _plan(_press(app, USE)).calibration("W2")
    assert taken is not None
    assert (taken.served_requests, taken.served_from) == (200_000.0, "counted")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("served_m_tokens", "Output tokens meanwhile is '60,000', which can be read in two ways"),
        ("metered_h", "Hours metered is '60,000', which can be read in two ways"),
    ],
)
def test_a_number_that_is_none_is_told_in_words_and_stays_as_typed_until_it_is_emptied(name: str, said: str) -> None:
    app = _type(_open(), TYPED | {name: "60,000"})
    assert said in _said(app)
    assert USE not in [button.label for button in app.button]
    assert number_field(app, f"meter:W2:{name}").value == "60,000"
    assert USE in [button.label for button in _type(app, {name: ""}).button]
