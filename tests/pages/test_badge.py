"""The badge on the pages: how near the nearest measurement is, with its reasons, and all workloads in one line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import link, results
from core.exports.covers import nearness_said
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.plan.plan import CASE
from core.results.near import near_all
from tests.foretold import MODELS, ROWS, middle, ratio

ESTIMATE = "pages/estimate/page.py"
APP = str(Path(__file__).parents[2] / "app.py")


def _open(plan: Plan, page: str = "") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = link.encode(plan)
    app.run()
    return app.switch_page(page).run() if page else app


def _estimate(**case: object) -> AppTest:
    return _open(example_plan().but(case=CASE.but(**case)), "pages/estimate/page.py")


def _text(app: AppTest) -> str:
    text = " ".join(block.value for block in app.markdown)
    for sign, other in {"\u00a0": " ", "\u2060": "", "\\": ""}.items():
        text = text.replace(sign, other)
    return text


def test_the_estimate_says_how_near_a_measurement_it_is() -> None:
    on_it = "this model on this accelerator, 11 settings, 8 to 724 requests at a time"
    assert f":blue-badge[Measured] :gray[:small[{on_it} · half of such estimates within " in _text(
        _estimate(batch=64.0)
    )
    beside = "this model on this accelerator was measured at 8 to 724 requests at a time; here 5"
    assert f":blue-badge[Near a measurement] :gray[:small[{beside} · half of such" in _text(_estimate(batch=5.0))
    beyond = ":orange-badge[Extrapolated] :gray[:small[no accelerator of this kind was measured]]"
    assert beyond in _text(_estimate(hardware="MI300X", batch=64.0))


def test_a_case_without_a_figure_has_no_badge() -> None:
    assert "-badge[" not in _text(_estimate(model="llama3.1-405b", accelerators=1))


def test_the_reasons_open_behind_the_badge() -> None:
    app = _estimate(hardware="H200", batch=64.0)
    assert "itself was measured on" not in _text(app)
    app.session_state["near:case"] = True
    text = _text(app.run())
    assert not app.exception
    assert "Llama 3.3 70B itself was measured on B200 SXM (HGX) 180 GB and H100 SXM5 80 GB." in text
    told = re.search(
        r"Half of (\d+) settings of dense models at 17 to 128 requests at a time are within ([\d.]+) %", text
    )
    assert told
    dense = {key for key, model in MODELS.items() if model["experts"] in ("", "0")}
    keys = [key for key, row in ROWS.items() if row["model"] in dense and 17 <= float(row["batch"]) < 129]
    errors = [abs(ratio(key, "unseen_gpu") - 1) for key in keys]
    assert int(told[1]) == len(keys)
    assert float(told[2]) == pytest.approx(100 * middle(errors), abs=0.6)


def test_the_plan_says_it_of_all_workloads_and_of_the_one_in_detail() -> None:
    app = _open(example_plan().with_workload("W2", input_tokens=1_000.0, batch=64.0))
    text = _text(app)
    assert (
        "1 of 6 workloads is measured or near a measurement; 3 are extrapolated (Customer support chatbot, Developer "
        "code assistant and 1 more); 2 rest on an entered share of peak" in text
    )
    assert ":blue-badge[Measured]" in text
    app.selectbox(key="detail").select("W1").run()
    assert ":orange-badge[Extrapolated] :gray[:small[the model's size is not published; " in _text(app)


def test_a_plan_of_measured_workloads_names_nothing_extrapolated() -> None:
    workload = Workload(id="W1", name="Ours", model="llama3.3-70b", batch=64.0)
    found = results.of(Plan(workloads=(workload,)))
    said = nearness_said(near_all(found, 2026), {"W1": "Ours"}).replace("\u00a0", " ")
    assert said == "1 of 1 workload is measured or near a measurement"


def test_a_name_in_the_summary_is_no_markup() -> None:
    plan = Plan(workloads=(Workload(id="W1", name="*x* :red[y]", hardware="MI300X"),))
    written = [block.value for block in _open(plan).markdown if "extrapolated" in block.value]
    assert written
    assert not [text for text in written if "*x* :red[y]" in text]


@pytest.mark.parametrize("page", ["pages/whatif/page.py", "pages/shift/page.py"])
def test_pages_that_move_work_say_how_near_a_measurement_it_is(page: str) -> None:
    text = _text(_open(example_plan(), page))
    every = "None of 6 workloads is measured or near a measurement"
    assert (every if "whatif" in page else ":orange-badge[Extrapolated] :gray[:small[prompts measured end at ") in text


def test_alternatives_count_how_near_a_measurement_they_are_and_mark_what_is_extrapolated() -> None:
    app = _open(example_plan().but(case=CASE.but(batch=64.0), compared_hardware=("H100-SXM", "MI300X")), ESTIMATE)
    app.session_state["c:tab"] = "Models and accelerators"
    app.session_state["table:Models by accelerators"] = True
    text = _text(app.run())
    assert not app.exception
    counted = r"Of (\d+) figures (\d+) are measured, (\d+) near a measurement "
    told = re.search(counted + r"\(half of such estimates within [0-9.]+ % to [0-9.]+ %\)", text)
    assert told is not None
    shown, measured, near_one = (int(count) for count in told.groups())
    left = re.search(r"(\d+) extrapolated \(† in the table\)", text)
    assert left is not None
    assert shown == measured + near_one + int(left[1])
    table = next(one.value for one in app.table if "Model" in one.value.columns)
    assert table.to_string().count("†") == int(left[1])
    never = next(name for name in table.columns if "MI300X" in name)
    assert [cell for cell in table[never] if cell != "–" and not cell.endswith(" †")] == []
