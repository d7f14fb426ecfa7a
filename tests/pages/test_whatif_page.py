"""The What-if page without a browser: switches, values, presets, conflicts, and figures that are the engine's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import catalog as facts
from core import link, results, words
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results import effects, interval, raised, why
from core.results.lever_warnings import lever_warnings
from core.results.overlap import overlap_kg
from core.ui import lever_words
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
TWO = (Lever(id="ptq_w4a16"), Lever(id="concise_output", value=0.5))


def _open(*levers: Lever) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    if levers:
        app.query_params["s"] = link.encode(example_plan().but(levers=levers))
    return open_at(app, "what-if")


def _plan(app: AppTest) -> Plan:
    found: Plan = app.session_state["glidepath"].plan
    return found


def _said(app: AppTest) -> str:
    return "\n".join(one.value for one in app.markdown)


def test_it_opens_as_business_as_usual_with_a_dozen_levers_at_most() -> None:
    app = _open()
    assert not app.exception
    assert "No lever in use: this is business as usual." in _said(app)
    assert len([box for box in app.checkbox if str(box.key).startswith("lever:")]) == 12


def test_a_switched_lever_is_in_the_plan_and_undo_takes_it_out() -> None:
    app = _open()
    app.checkbox(key="lever:ptq_fp8").check().run()
    assert _plan(app).levers == (Lever(id="ptq_fp8"),)
    app.button(key="undo").click().run()
    assert _plan(app).levers == ()
    assert not app.checkbox(key="lever:ptq_fp8").value


def test_a_moved_value_is_in_the_plan_and_a_wrong_one_keeps_the_last_good_one() -> None:
    app = _open(*TWO)
    app.number_input(key="lever:concise_output:value").set_value(0.6).run()
    assert _plan(app).levers[1] == Lever(id="concise_output", value=0.6)
    app.number_input(key="lever:concise_output:value").set_value(4.0).run()
    assert _plan(app).levers[1] == Lever(id="concise_output", value=0.6)
    told = app.warning[0].value.replace("\\", "")
    assert "value of 'Shorter answers' is 4; it must lie in [0.1, 1] share. The plan stays as it was." in told


def test_the_saving_is_that_of_the_engine_draw_by_draw() -> None:
    app = _open(*TWO)
    found, usual = (results.of(plan) for plan in (example_plan().but(levers=TWO), example_plan()))
    when = found.place(2030)
    after, before = (one.total(one.carbon_kg())[when] for one in (found, usual))
    low, _, high = interval(after - before)
    scale = words.mass_scale(float(usual.total(usual.carbon_kg())[:, 0].max()))
    told = words.change(float(before[0]), float(after[0]), low, high, scale)
    assert words.capital(told.text) in _said(app)
    assert f"{(after[1:] < before[1:]).mean() * 100:.0f} of 100" in _said(app) or "every simulation" in _said(app)


def test_each_lever_says_what_it_does_alone() -> None:
    app = _open(*TWO)
    plan = example_plan().but(levers=TWO)
    for lever in TWO:
        effect = effects.effect_alone(plan, lever)
        assert lever_words.change_of(effect, words.mass_scale(effect.before_kg)).text in _said(app)


def test_the_overlap_is_said_with_its_amount() -> None:
    app = _open(*TWO)
    split = effects.shares(example_plan().but(levers=TWO))
    scale = words.mass_scale(split.before_kg)
    low, mid, high = overlap_kg(example_plan().but(levers=TWO))
    middle, ends = words.with_range(mid, low, high, scale)
    assert mid == pytest.approx(split.overlap_kg)
    assert f"**{middle}** (80\u00a0% range {ends}) counted twice" in _said(app)
    assert "counted twice by such a sum" in _said(app)


@pytest.mark.parametrize("name", facts.load().lever_presets)
def test_a_preset_is_a_plan_that_opens_from_its_link(name: str) -> None:
    app = _open()
    app.button_group(key="preset").set_value(name).run()
    assert not app.exception
    assert {lever.id for lever in _plan(app).levers} <= set(facts.load().lever_presets[name])
    assert len(_plan(app).levers) >= 2
    assert link.decode(link.encode(_plan(app))).plan == _plan(app)
    app.button_group(key="preset").set_value("As today").run()
    assert _plan(app).levers == ()


def test_levers_that_exclude_each_other_are_told_with_the_rule() -> None:
    app = _open(Lever(id="ptq_fp8"), Lever(id="ptq_w4a16"))
    assert any("one number format" in box.value for box in app.warning)


def test_a_link_whose_lever_changes_to_what_the_catalog_lacks_opens_and_says_so() -> None:
    app = _open(Lever(id="smaller_model", choice="no such thing"))
    assert not app.exception
    assert app.selectbox(key="lever:smaller_model:choice").value == "no such thing"
    assert "no model of the catalog has that id" in _said(app) + "".join(one.value for one in app.warning)


def test_a_plan_of_no_emissions_at_all_has_a_chart() -> None:
    idle = example_plan().workloads[1].but(requests_per_day=0.0, installed_accelerators=None)
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = link.encode(Plan(workloads=(idle,), levers=TWO))
    app.run()
    assert results.of(_plan(app)).total(results.of(_plan(app)).carbon_kg()).max() == 0
    assert not app.switch_page("pages/whatif/page.py").run().exception


def test_every_other_lever_stands_under_more_with_what_it_lacks() -> None:
    app = _open()
    app.session_state["more_levers"] = True
    app.run()
    keys = {str(box.key).split(":")[1] for box in app.checkbox if str(box.key).startswith("lever:")}
    assert keys == set(facts.load().levers)
    assert "it lacks the carbon of a building" in _said(app)


def test_what_stands_outside_the_totals_is_said_beside_the_answer() -> None:
    moved = Lever(id="on_device", choice="Apple-M1-Pro", share=0.5, workloads=("W4",))
    app = _open(Lever(id="offsets", value=250.0), moved)
    assert not app.exception
    said = _said(app).replace("\u2060", "").replace("\xa0", " ")
    assert "Credits, outside every total: 250 t in 2030, for the whole plan." in said
    assert "On users' devices, outside your boundary and every total:" in said
    assert "what leaves the total runs on users' devices, told below the answer" in said
    assert "On a line of its own: no total moves" in said


def test_the_evidence_of_a_lever_is_a_click_away() -> None:
    said = lever_words.evidence(Lever(id="ptq_fp8"))
    assert "56 % more energy at batch 8" in said
    assert "measured by others, verified" in said


def test_an_empty_plan_offers_a_way_on() -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = link.encode(Plan(name="Empty"))
    open_at(app, "what-if")
    assert not app.exception
    assert app.header[0].value == "No workload yet"


def test_a_second_use_of_a_lever_has_its_own_row_and_can_be_taken_out() -> None:
    app = _open(Lever(id="concise_output.2", value=0.5, workloads=(example_plan().workloads[0].id,)))
    assert not app.checkbox(key="lever:concise_output").value
    assert app.number_input(key="lever:concise_output.2:value").value == 0.5
    app.checkbox(key="lever:concise_output").check().run()
    assert [lever.id for lever in _plan(app).levers] == ["concise_output.2", "concise_output"]
    app.checkbox(key="lever:concise_output.2").uncheck().run()
    assert [lever.id for lever in _plan(app).levers] == ["concise_output"]


def test_a_lever_is_used_again_for_the_workloads_it_does_not_name() -> None:
    first, *others = (w.id for w in example_plan().workloads)
    app = _open(Lever(id="concise_output", workloads=(first,)))
    app.session_state["lever:concise_output:more"] = True
    app.run()
    app.button(key="lever:concise_output:again").click().run()
    assert _plan(app).levers[1] == Lever(id="concise_output.2", workloads=tuple(others))


def test_the_slider_and_the_field_move_the_same_value() -> None:
    app = _open(*TWO)
    app.slider(key="lever:concise_output:slide").set_value(0.6).run()
    assert _plan(app).levers[1].value == 0.6
    assert app.number_input(key="lever:concise_output:value").value == 0.6


def test_the_order_of_the_rows_stays_while_levers_are_switched() -> None:
    app = _open()
    before = [str(box.key) for box in app.checkbox if str(box.key).startswith("lever:")]
    app.checkbox(key=before[3]).check().run()
    app.checkbox(key=before[0]).check().run()
    assert [str(box.key) for box in app.checkbox if str(box.key).startswith("lever:")] == before


def test_a_preset_is_marked_until_a_lever_of_it_is_moved() -> None:
    app = _open()
    assert app.button_group(key="preset").value == "As today"
    app.button_group(key="preset").set_value("Start small").run()
    assert app.button_group(key="preset").value == "Start small"
    app.checkbox(key="lever:concise_output").uncheck().run()
    assert app.button_group(key="preset").value is None


def test_a_lever_that_adds_says_which_term_of_which_workload() -> None:
    app = _open(Lever(id="layer_prune"))
    found = raised.why(example_plan(), Lever(id="layer_prune"))
    assert found is not None
    assert found.part == "work"
    assert words.markdown_safe(lever_words.because(found)) in _said(app)


def test_an_unknown_choice_of_a_lever_is_told_and_leaves_the_figures() -> None:
    app = _open(Lever(id="geo_shift", choice="atlantis"))
    assert not app.exception
    assert any("no grid, cloud region or site of the catalog has that id" in box.value for box in app.warning)
    assert app.header[0].value.startswith("78")


def test_the_terms_of_a_workload_stand_beside_those_as_usual() -> None:
    app = _open(*TWO)
    key = example_plan().workloads[1].id
    app.selectbox(key="detail_whatif").select(key).run()
    shown = next(one.value for one in app.table if "As usual" in one.value.columns)
    plan = example_plan().but(levers=TWO)
    rows = {row.label: row for row in why.terms(key, 2030, results.of(plan), results.of(example_plan()))}
    assert list(shown["Quantity"]) == list(rows)
    weights = rows["Memory for weights"]
    assert weights.before is not None
    assert weights.after[1] < weights.before[1]
    place = list(shown["Quantity"]).index("Memory for weights")
    assert shown["As usual"].iloc[place] != shown["This plan"].iloc[place]
    assert "Quality, 4-bit weights" in _said(app)


def test_a_fine_tuning_with_qlora_says_that_it_needs_fewer_accelerators() -> None:
    app = _open(Lever(id="qlora"))
    app.selectbox(key="detail_whatif").select("W5").run()
    assert "1 instead of 24 suffice to hold the run" in _said(app)
    shown = next(one.value for one in app.table if "As usual" in one.value.columns)
    place = list(shown["Quantity"]).index("Fewest accelerators that hold it")
    assert (shown["As usual"].iloc[place], shown["This plan"].iloc[place]) == ("24", "1")


@pytest.mark.parametrize(
    "change",
    [{"business_unit": "Engineering"}, {"tag": "bought"}, {"method": "market"}, {"hardware_view": "purchase_year"}],
    ids=str,
)
def test_filters_method_and_view_reach_every_figure(change: dict[str, str]) -> None:
    plan = example_plan().but(levers=TWO, **change)
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = link.encode(plan)
    open_at(app, "what-if")
    assert not app.exception
    split, found = effects.shares(plan), results.of(plan)
    total = found.total(found.carbon_kg())[found.place(2030), 0]
    assert split.after_kg == pytest.approx(total, rel=1e-9)


def _with_regions(region: str, count: int) -> Plan:
    plan = example_plan()
    return plan.but(
        workloads=tuple(w.but(region=region) if at < count else w for at, w in enumerate(plan.workloads)), levers=TWO
    )


@pytest.mark.parametrize(("count", "headline"), [(1, "At least "), (6, "No figure")])
def test_workloads_without_a_figure_are_named_and_never_a_number(count: int, headline: str) -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = link.encode(_with_regions("nowhere", count))
    open_at(app, "what-if")
    assert not app.exception
    assert app.header[0].value.startswith(headline)
    told = [box.value for box in app.warning if "is left out: " in box.value]
    assert len(told) == count
    assert all("neither a grid nor a cloud region" in one for one in told)


def test_a_lever_that_leaves_a_workload_without_a_figure_says_so_and_shares_nothing_out() -> None:
    app = _open(Lever(id="newer_gpu", choice="Groq-LPU-v1"))
    assert not app.exception
    assert "No comparison: under its levers a workload has no figure" in _said(app)
    assert "What each lever contributes is not told" in _said(app)
    assert any("is left out: under its levers" in box.value for box in app.warning)


def test_where_a_lever_in_use_is_known_to_fail_is_told_on_the_page() -> None:
    app = _open()
    app.button_group(key="preset").set_value("Serve smarter").run()
    known = lever_warnings(_plan(app))
    assert known
    told = "\n".join(box.value for box in app.warning)
    assert all(words.markdown_safe(sentence) in told for sentence in known)
