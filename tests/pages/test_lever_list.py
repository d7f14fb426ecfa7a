"""The list of levers on the What-if page: which stand first, for which workloads, and why one cannot be used."""

from __future__ import annotations

from core import catalog as facts
from core.levers import why_none
from core.plan.example import example_plan
from core.plan.lever import Lever
from tests.pages.test_whatif_page import _open


def test_the_levers_of_a_preset_and_of_a_link_stand_first_and_stay_when_switched_off() -> None:
    app = _open(Lever(id="offsets", value=1.0))
    assert next(str(box.key) for box in app.checkbox if str(box.key).startswith("lever:")) == "lever:offsets"
    app.button_group(key="preset").set_value("Efficient architecture").run()
    wanted = [f"lever:{key}" for key in facts.load().lever_presets["Efficient architecture"]]
    assert [str(box.key) for box in app.checkbox if str(box.key).startswith("lever:")][:3] == wanted
    app.checkbox(key=wanted[1]).uncheck().run()
    assert [str(box.key) for box in app.checkbox if str(box.key).startswith("lever:")][:3] == wanted


def test_a_lever_that_no_workload_takes_says_why_of_the_workload_that_comes_nearest() -> None:
    plan = example_plan()
    told = why_none(facts.load(), Lever(id="power_cap_training"), plan.workloads)
    assert told == (
        "Power limit, training is measured on A40 48 GB, Tesla V100 SXM2 32 GB alone; "
        "Quarterly fine-tuning, 70B runs on H100 SXM5 80 GB"
    )
    assert not why_none(facts.load(), Lever(id="ptq_w4a16"), plan.workloads)
    assert not why_none(facts.load(), Lever(id="power_cap_training"), ())
