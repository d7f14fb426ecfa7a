"""The list of levers on the What-if page: which stand first, for which workloads, and why one cannot be used."""

from __future__ import annotations

from core import catalog as facts
from core import link, words
from core.levers import why_none
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results import effects
from core.results.overlap import overlap_kg
from tests.pages.test_whatif_page import _open, _plan, _said


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


def test_the_question_of_the_assistant_is_two_choices_and_its_link_answers_the_same() -> None:
    app = _open()
    app.selectbox(key="lever_scope").set_value("W2").run()
    app.button_group(key="preset").set_value("Efficient architecture").run()
    assert not app.exception
    plan = _plan(app)
    assert [(lever.id, lever.workloads) for lever in plan.levers] == [
        (key, ("W2",)) for key in ("moe_vs_dense", "ptq_w4a16", "newer_gpu")
    ]
    assert app.button_group(key="preset").value == "Efficient architecture"
    split, (low, mid, high) = effects.shares(plan), overlap_kg(plan)
    middle, ends = words.with_range(mid, low, high, words.mass_scale(split.before_kg))
    sentence = f"**{middle}** (80\u00a0% range {ends}) counted twice by such a sum."
    assert sentence in _said(app)
    assert sentence in _said(_open(*link.decode(link.encode(plan)).plan.levers))


def test_the_workload_chosen_is_that_of_every_lever_and_of_the_next_one() -> None:
    app = _open(Lever(id="ptq_w4a16"), Lever(id="offsets", value=1.0))
    app.selectbox(key="lever_scope").set_value("W4").run()
    assert [lever.workloads for lever in _plan(app).levers] == [("W4",), ()]
    app.checkbox(key="lever:routing").check().run()
    assert next(lever for lever in _plan(app).levers if lever.id == "routing").workloads == ("W4",)
    app.selectbox(key="lever_scope").set_value("").run()
    assert {lever.workloads for lever in _plan(app).levers} == {()}


def test_levers_for_different_workloads_are_left_as_they_are() -> None:
    app = _open(Lever(id="ptq_w4a16", workloads=("W2",)), Lever(id="concise_output", workloads=("W1",)))
    assert app.selectbox(key="lever_scope").value == "several"


def test_a_lever_that_the_workload_chosen_cannot_take_says_why() -> None:
    app = _open()
    app.selectbox(key="lever_scope").set_value("W3").run()
    assert app.checkbox(key="lever:ptq_fp8").disabled
    assert "is the provider's to do; Developer code assistant is bought as a service" in _said(app)
