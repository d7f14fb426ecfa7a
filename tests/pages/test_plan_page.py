"""The Plan page without a browser: it never breaks, says what it refuses, and shows names as they were typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.runtime.state.query_params import QueryParams
from streamlit.testing.v1 import AppTest

from core import link, table, words
from core.plan import Plan, Workload, knobs, may_be_blank
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.ui import first_actions, lever_words
from core.ui.detail import TABS, applies
from core.ui.fields import number_text
from tests.pages.typed import fill, number_field

APP = str(Path(__file__).parents[2] / "app.py")
LONG_S = 60
CHARTS = 3
HOSTILE = ("**b** *i* `c`", "$x^2$", ":red[r] :material/home:", "<script>alert(1)</script>", "[l](http://x)", "y" * 80)


def _open(plan: Plan | None = None) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=LONG_S)
    if plan is not None:
        app.query_params["s"] = link.encode(plan)
    return app.run()


def _tab(app: AppTest, group: str) -> AppTest:
    """Open a tab of the detail panel."""
    app.session_state["group"] = TABS[group]
    return app.run()


def _plan(app: AppTest) -> Plan:
    found: Plan = app.session_state["glidepath"].plan
    return found


@pytest.fixture(scope="module")
def opened() -> AppTest:
    """The example, read only."""
    return _open()


def test_the_example_opens_without_a_fault(opened: AppTest) -> None:
    assert not opened.exception
    assert len(opened.header) == 1
    assert "CO₂e a year in\u00a02030" in opened.header[0].value
    assert not opened.warning


def test_a_link_opens_its_plan() -> None:
    plan = example_plan().but(name="From a link").without("W1")
    app = _open(plan)
    assert not app.exception
    assert _plan(app) == plan


@pytest.mark.parametrize("count", [0, 1, 50])
def test_any_number_of_workloads_is_shown(count: int) -> None:
    plan = Plan(name="Many", workloads=tuple(Workload(id=f"W{n}", name=f"Use {n}") for n in range(1, count + 1)))
    app = _open(plan)
    assert not app.exception
    assert app.header[0].value == "No workload yet" if count == 0 else "CO₂e" in app.header[0].value


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_works_as_markup(name: str) -> None:
    app = _open(Plan(name=name, workloads=(Workload(id="W1", name=name, business_unit=name[:40], owner=name),)))
    assert not app.exception
    assert _plan(app).name == name
    written = [block.value for block in (*app.markdown, *app.subheader, *app.header)]
    labels = [button.label for button in app.button]
    assert not [text for text in written + labels if not name.startswith("y") and name in text]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("requests_per_day", -1.0, "Requests a day is -1; it must lie in [0, 100,000,000,000] requests"),
        ("output_tokens", 0.0, "Output length is 0; it must lie in [1, 1,000,000] tokens"),
        ("cached_share", 1.5, "Cached input is 1.5; it must lie in [0, 1]"),
        ("operating_days", 400.0, "Operating days is 400; it must lie in [1, 366] days"),
        ("pue", 0.5, "Facility overhead is 0.5; it must lie in [1, 3] kWh/kWh"),
        ("first_year", 2026.5, "First year is 2026.5; it must be a whole year in [2015, 2060]"),
    ],
)
def test_a_number_beyond_its_limits_leaves_the_plan_as_it_was(name: str, value: float, said: str) -> None:
    app = _open()
    _tab(app, knobs(Workload)[name].group)
    before = _plan(app)
    fill(number_field(app, f"w:W2:{name}"), value).run()
    assert not app.exception
    assert _plan(app) == before
    assert said in app.warning[0].value.replace("\\", "").replace("\u2060", "")
    shown = getattr(before.workload("W2"), name)
    assert number_field(app, f"w:W2:{name}").value == (number_text(shown) if may_be_blank(Workload, name) else shown)


def test_the_last_good_value_comes_back_and_the_next_good_one_is_taken() -> None:
    app = _tab(_open(), "place")
    number_field(app, "w:W2:pue").set_value("9").run()
    number_field(app, "w:W2:pue").set_value("1,2").run()
    assert not app.warning
    workload = _plan(app).workload("W2")
    assert workload is not None
    assert workload.pue == 1.2
    assert number_field(app, "w:W2:pue").value == "1.2"


def test_a_number_that_may_be_blank_is_emptied_and_undo_fills_it_again() -> None:
    app = _tab(_open(), "place")
    before = app.header[0].value
    for text in ("1.9", "1.9o", "", " "):
        number_field(app, "w:W2:pue").set_value(text).run()
        if text == "1.9o":
            said = "Facility overhead is '1.9o', not a number; it must lie in [1, 3] kWh/kWh. The plan stays as it was."
            assert said in app.warning[0].value.replace("\\", "").replace("\u2060", "")
            assert number_field(app, "w:W2:pue").value == "1.9"
    assert not app.warning
    assert _plan(app) == example_plan()
    assert app.header[0].value == before
    app.button(key="undo").click().run()
    assert number_field(app, "w:W2:pue").value == "1.9"


def test_a_change_moves_the_headline_and_undo_brings_it_back() -> None:
    app = _open()
    before = app.header[0].value
    app.number_input(key="w:W2:requests_per_day").set_value(90_000.0).run()
    assert app.header[0].value != before
    app.button(key="undo").click().run()
    assert app.header[0].value == before
    app.button(key="redo").click().run()
    assert app.header[0].value != before


@pytest.mark.parametrize(("seen", "taken"), [(False, False), (True, True)])
def test_what_a_field_held_before_an_undo_the_browser_has_not_seen_is_nobodys_typing(seen: bool, taken: bool) -> None:
    app = _open()
    app.number_input(key="w:W2:requests_per_day").set_value(90_000.0).run()
    before = str(app.text_input(key="seen").value)
    app.button(key="undo").click().run()
    if not seen:  # a message that was on its way when the answer to Undo was
        app.text_input(key="seen").set_value(before)
    app.number_input(key="w:W2:requests_per_day").set_value(90_000.0).run()
    asked = _plan(app).workload("W2")
    assert asked is not None
    assert asked.requests_per_day == (90_000.0 if taken else 10_500.0)
    assert app.number_input(key="w:W2:requests_per_day").value == asked.requests_per_day


def test_a_value_on_its_way_to_the_browser_is_followed_by_the_one_that_took_its_place() -> None:
    """Redo's value was not seen when Reset was clicked: the field holds Reset's, but Redo's is still to come."""
    app = _open()
    app.number_input(key="w:W2:requests_per_day").set_value(90_000.0).run()
    app.button(key="undo").click().run()
    seen = str(app.text_input(key="seen").value)
    app.button(key="redo").click().run()
    app.text_input(key="seen").set_value(seen)
    app.number_input(key="w:W2:requests_per_day").set_value(10_500.0)
    app.button(key="reset").click().run()
    assert _plan(app) == example_plan()
    assert app.number_input(key="w:W2:requests_per_day").proto.set_value
    assert app.number_input(key="w:W2:requests_per_day").value == 10_500.0


def test_reset_clears_an_address_that_was_still_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    app, sent, send = _open(), list[dict[str, str]](), QueryParams._send_query_param_msg
    monkeypatch.setattr(QueryParams, "_send_query_param_msg", lambda told: (sent.append(dict(told)), send(told)))
    app.number_input(key="w:W2:requests_per_day").set_value(90_000.0).run()
    assert [list(told) for told in sent] == [["s"]]
    del app.query_params["s"]  # the browser had not taken it in when Reset was pressed
    app.button(key="reset").click().run()
    assert sent[1:] == [{}]


@pytest.mark.parametrize("key", [w.id for w in example_plan().workloads])
def test_every_field_that_acts_is_shown_with_help(key: str) -> None:
    app = _open()
    app.selectbox(key="detail").select(key).run()
    assert not app.exception
    workload = example_plan().workload(key)
    assert workload is not None
    shown: dict[str, str] = {}
    for group in TABS:
        _tab(app, group)
        widgets = (*app.number_input, *app.selectbox, *app.text_input)
        mine = [widget for widget in widgets if widget.key and widget.key.startswith(f"w:{key}:")]
        shown |= {str(widget.key).split(":")[-1]: str(widget.help or "") for widget in mine}
    assert set(shown) == {name for name, knob in knobs(Workload).items() if knob.group and applies(workload, name)}
    assert all(shown.values())


def test_every_chart_has_a_sentence_and_a_table(opened: AppTest) -> None:
    charts = opened.get("vega_lite_chart") or opened.get("arrow_vega_lite_chart")
    assert len(charts) == CHARTS
    assert len([panel for panel in opened.expander if panel.label == "The same as a table"]) == CHARTS
    assert any("the largest part in" in block.value for block in opened.markdown)


def test_replace_with_mine_starts_empty() -> None:
    app = _open()
    app.button(key="mine").click().run()
    assert not app.exception
    assert app.header[0].value == "No workload yet"
    app.button(key="first").click().run()
    assert [w.name for w in _plan(app).workloads] == ["My first workload"]


def _said(app: AppTest, words_of_it: str) -> list[str]:
    """Sentences of the page that hold some words, with plain spaces."""
    plain = str.maketrans({"\u00a0": " ", "\u202f": ","})
    return [text for element in app.markdown if words_of_it in (text := element.value.translate(plain))]


def test_a_measured_busy_share_keeps_step_with_the_requests_and_says_so_beside_itself_alone() -> None:
    app = _open()
    app.number_input(key="w:W2:requests_per_day").set_value(1_050.0).run()
    assert _plan(app).workload("W2").busy_share == 0.02  # type: ignore[union-attr]
    sentence = "20 % was measured at 10,500 requests a day; at 1,050 requests a day it is 2.0 %."
    assert _said(app, "was measured at") == [f"- Busy share, first year: {sentence}"]  # in the effect table
    assert not app.info  # a notice above the grid would move it while somebody types
    _tab(app, "servers")
    assert f":gray[:small[{sentence}]]" in _said(app, "was measured at")
    again = link.decode(link.encode(_plan(app))).plan
    assert again.workload("W2").busy_share == 0.02  # type: ignore[union-attr]
    assert table.read_plan(table.write_plan(again)).plan == _plan(app)
    app.button(key="undo").click().run()
    assert _plan(app) == example_plan()
    assert _said(app, "was measured at") == []


def test_a_busy_share_beyond_the_whole_is_worked_out_and_comes_back_with_the_requests() -> None:
    app = _open()
    app.number_input(key="w:W2:requests_per_day").set_value(60_000.0).run()
    assert _plan(app).workload("W2").busy_share is None  # type: ignore[union-attr]
    assert "it would be 114 %, above 100 %: it is worked out from the load." in _said(app, "was measured at")[0]
    app.number_input(key="w:W2:requests_per_day").set_value(10_500.0).run()
    assert _plan(app) == example_plan()


def test_a_busy_share_typed_is_measured_under_the_load_of_that_moment() -> None:
    app = _open()
    app.number_input(key="w:W2:requests_per_day").set_value(1_050.0).run()
    _tab(app, "servers").text_input(key="w:W2:busy_share").set_value("0.3").run()
    assert _said(app, "was measured at") == []
    _tab(app, "use").number_input(key="w:W2:requests_per_day").set_value(2_100.0).run()
    assert _plan(app).workload("W2").busy_share == 0.6  # type: ignore[union-attr]
    assert _said(app, "30 % was measured at 1,050 requests a day; at 2,100 requests a day it is 60 %.")


def test_what_the_seats_cap_is_said_beside_the_field_and_among_the_reasons() -> None:
    app = _open()
    assert _said(app, "no more are counted") == []
    app.number_input(key="w:W2:requests_per_day").set_value(300_000.0).run()
    sentence = (
        "Requests a day are 300,000; 5,000 seats of at most 40 requests each make 200,000 requests a day, "
        "and no more are counted."
    )
    assert _said(app, "no more are counted") == [f":gray[:small[{sentence}]]", f"- {sentence}"]
    app.number_input(key="w:W2:requests_per_day").set_value(60_000.0).run()
    assert _said(app, "- With its growth, requests a day would be, in 2030, 208,100; 5,000 seats")


def test_a_filter_that_nothing_passes_says_so() -> None:
    app = _open(example_plan().but(tag="nobody"))
    assert not app.exception
    assert app.header[0].value == "No workload passes the filter"
    app.button(key="show_all").click().run()
    assert "CO₂e" in app.header[0].value


def test_a_training_run_on_too_few_accelerators_is_warned_of_and_keeps_its_figures() -> None:
    app = _open(example_plan().with_workload("W5", installed_accelerators=8))
    app.selectbox(key="detail").select("W5").run()
    assert not app.exception
    assert app.warning[0].value.startswith(
        "Accelerators installed is 8; training every parameter keeps 1,129 GB in all"
    )
    assert _tab(app, "servers").text_input(key="w:W5:installed_accelerators").value == "8"


def test_what_to_do_first_ranks_levers_by_what_they_save_and_tries_one() -> None:
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert not [one.key for one in app.button if str(one.key).startswith("try:")]
    app.session_state["first_actions"] = True
    app.run()
    found = first_actions.first(example_plan())
    savings = [effect.difference_kg for effect in found]
    assert len(found) == 5
    assert savings == sorted(savings)
    assert max(savings) < 0
    said = "\n".join(one.value for one in app.markdown)
    for effect in found:
        assert lever_words.change_of(effect, words.mass_scale(effect.before_kg)).text in said
    app.button(key=f"try:{found[0].lever.id}").click().run()
    assert not app.exception
    assert app.session_state["glidepath"].plan.levers == (found[0].lever,)


def test_the_effect_of_levers_on_a_workload_is_told() -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.run()
    app.session_state["glidepath"].plan = example_plan().but(levers=(Lever(id="ptq_w4a16"),))
    app.run()
    shown = next(one.value for one in app.table if "Quantity" in one.value.columns)
    assert "As opened" in shown.columns
    place = list(shown["Quantity"]).index("Memory for weights")
    assert shown["As opened"].iloc[place] != shown["This plan"].iloc[place]
