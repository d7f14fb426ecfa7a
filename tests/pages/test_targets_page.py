"""The Targets page without a browser: it asks first, then says what `track` says, in the exact words of the rules."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import link, words
from core.catalog.targets import facts
from core.exports.verdict import ANSWERS, OWN_LINE, PATHWAY, RANGE_OF, chance_said, in_100, seen
from core.imports import inventory
from core.plan import Actual, InventoryRow, Plan
from core.plan.example import example_plan
from core.plan.example_target import example_target, with_example_target
from core.plan.lever import Lever
from core.results import interval
from core.table import write_inventory
from core.targets import warnings
from core.targets.actuals import beside_plan
from core.targets.checklist import HELD
from core.targets.closing import Need, closing
from core.targets.gate_list import gate_list
from core.targets.judged import judged
from core.targets.lens import electricity_growth_pct
from core.targets.pathway import OVERSHOOT_LABEL
from core.targets.tracked import ALL_SCOPES
from core.targets.warned import warned
from core.targets.wedges import wedges
from core.ui.shown import scale_for
from core.ui.target import said as in_words
from core.ui.target_close import how_sure
from core.ui.target_inventory import SHOWN
from core.ui.target_picture import gap_told, often
from core.ui.target_points import points
from core.ui.target_tabs import TABS
from core.ui.target_wedges import moved
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
EXAMPLE = with_example_target(example_plan()).but(points="256")
LEVERS = EXAMPLE.but(levers=(Lever(id="concise_output", value=0.5), Lever(id="renewable_mb")))
OWN = next(w.id for w in EXAMPLE.workloads if w.hosting == "own")
MEASURED = EXAMPLE.with_actuals([Actual(id="A1", workload=OWN, year=2026, carbon_location_kg=5_000.0, source="meter")])
CODE = re.compile(r"\b[A-Z]+[A-Z0-9]*_[A-Z0-9_]+\b")
COMPANY = EXAMPLE.with_target(mode="company")


def _open(plan: Plan, tab: str = "") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    if plan != example_plan():
        app.query_params["s"] = link.encode(plan)
    app.session_state["inventory_form"] = True
    if tab:
        app.session_state["target:tab"] = TABS[tab][0]
    app = open_at(app, "targets")
    assert not app.exception
    return app


@lru_cache(maxsize=1)
def _reading() -> AppTest:
    """One tab for all that is only read."""
    return _open(EXAMPLE)


def _shown(plan: Plan, tab: str = "inventory") -> AppTest:
    """A plan on the page of the tab that nobody types into."""
    app = _reading()
    app.session_state["glidepath"].plan = plan
    app.session_state["target:tab"] = TABS[tab][0]
    app = app.run()
    assert not app.exception
    return app


def _said(app: AppTest) -> str:
    """All text on the page, without what only keeps words together or keeps a sign from being markup."""
    every = [*app.subheader, *app.markdown, *app.warning, *app.info, *app.header]
    text = "\n".join(str(one.value) for one in every)
    for mark in ("\u2060", "\\"):
        text = text.replace(mark, "")
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _plain(text: str) -> str:
    """A cell without what only keeps words together or keeps a sign from being markup."""
    for mark in ("\u2060", "\\"):
        text = text.replace(mark, "")
    return text.replace("\u00a0", " ")


def _plan(app: AppTest) -> Plan:
    found: Plan = app.session_state["glidepath"].plan
    return found


def test_a_blank_target_is_asked_for_and_shows_no_number() -> None:
    app = _open(example_plan())
    assert app.header[0].value == ANSWERS["asked"]
    said = _said(app)
    for question in judged(example_plan()).questions:
        assert question in said
    assert "CO₂e above" not in said
    assert not app.get("vega_lite_chart")
    assert warnings.PORTFOLIO in said


def test_the_example_is_filled_in_by_a_press_and_undone_by_another() -> None:
    app = _open(example_plan())
    app.button(key="target:example").click().run()
    assert _plan(app).but(points="256") == EXAMPLE
    assert "Example values" in _said(app)
    app.button(key="undo").click().run()
    assert _plan(app) == example_plan()
    assert app.header[0].value == ANSWERS["asked"]


def test_the_headline_is_what_lies_above_the_lines_in_the_target_year_with_its_range() -> None:
    found = judged(EXAMPLE)
    last = found.milestone(ALL_SCOPES, 2031)
    assert last is not None
    assert last.gap_kg > 0
    scale = scale_for("kg", [float(line.usual.on("location")[:, 0].max()) for line in found.lines])
    answer, phrase = words.headline(
        last.over_kg,
        last.over_p10_kg,
        last.over_p90_kg,
        scale,
        "CO₂e",
        "above the pathway in 2031",
    )
    app = _shown(EXAMPLE)
    assert app.header[0].value == f"{answer}, :gray[{phrase}]"
    said = _said(app)
    assert f"Off track from {found.first_off_year}" in said
    assert f"the pathway allows {words.quantity(last.allowed_kg, scale, 2)}.".replace("\u00a0", " ") in said
    assert chance_said(last.met_share, len(found.lines)) in said
    assert PATHWAY in said
    assert "SBTi-aligned" not in said


def test_a_plan_below_its_pathway_is_on_track_and_says_so() -> None:
    small = EXAMPLE.but(workloads=tuple(w.but(requests_per_day=1.0, installed_accelerators=None, busy_share=None)
                                        for w in EXAMPLE.workloads if w.hosting == "api"))  # fmt: skip
    app = _shown(small)
    assert "below the pathway in" in app.header[0].value.replace("\u00a0", " ")
    assert "On track in" in _said(app)


def test_the_milestones_are_those_of_the_track_and_the_overshoot_is_labelled_as_ours() -> None:
    app = _shown(EXAMPLE)
    table = next(one.value for one in app.table if "Probability of meeting" in one.value.columns)
    assert list(table["Year"]) == [str(year) for year in range(2026, 2032)]
    assert list(table["Probability of meeting"]) == [often(one.met_share) for one in judged(EXAMPLE).all_scopes]
    for told, one in zip(table["Against it, t"], judged(EXAMPLE).all_scopes, strict=True):
        assert told.endswith("above" if one.over_kg > 0 else "below")
    said = _said(app)
    assert words.capital(OVERSHOOT_LABEL) in said


def test_the_gates_say_criterion_verdict_and_rule_and_never_pass_what_is_not_said() -> None:
    app = _shown(EXAMPLE)
    table = next(one.value for one in app.table if "Verdict" in one.value.columns)
    gates = gate_list(EXAMPLE)
    assert list(table["Gate"]) == [gate.title for gate in gates]
    words_of = {"pass": "Pass", "held": "By construction", "fail": "Fail", "unknown": "Unknown"}
    whys = dict(zip(table["Gate"], table["Why"], strict=True))
    assert whys["No credits taken off"] == HELD["No credits taken off"]
    held = [title for title, verdict in zip(table["Gate"], table["Verdict"], strict=True) if "construction" in verdict]
    assert held == list(HELD)
    for verdict, criterion, rule, gate in zip(table["Verdict"], table["Criterion"], table["Rule"], gates, strict=True):
        assert words_of[gate.state] in verdict
        assert _plain(criterion) == gate.criterion()
        assert f"(methods?methods_tab=Tables&table=target_rules&row={gate.rule.id})" in rule
    assert "from 40 % it needs a target" in " ".join(table["Why"]).replace("\u00a0", " ")
    assert not CODE.search(" ".join(table["Why"]).replace("\\", ""))


@pytest.mark.parametrize(
    ("changes", "code", "rule"),
    [
        ({"target_year": 2029}, "TARGET_TOO_SOON", "allows 2031 to 2036 (criterion C13)"),
        ({"target_year": 2040}, "TARGET_TOO_LATE", "allows 2031 to 2036 (criterion C13)"),
        ({"base_year": 2014}, "BASE_YEAR_BEFORE_2015", "must not be before 2015 (criterion C13)"),
        ({"submission_year": 2028, "target_year": 2033}, "MRY_TOO_OLD", "needs 2026 or later (criterion C14)"),
        ({"base_year": 2026}, "MRY_BEFORE_BASE_YEAR", "must not be before the base year, 2026 (criterion C14)"),
        ({"method": "intensity", "activity_growth_pct": 20}, "INTENSITY_NOT_ALLOWED_S12", "for scope 3 alone"),
    ],
)
def test_what_a_rule_refuses_has_no_number_and_names_the_rule(changes: dict[str, object], code: str, rule: str) -> None:
    app = _shown(EXAMPLE.with_target(**changes))
    told = "\n".join(one.value for one in app.warning).replace("\\", "").replace("\u2060", "")
    assert rule in told
    assert not CODE.search(told)
    assert not [one for one in app.table if "Probability of meeting" in one.value.columns]
    for figure in ("the pathway allows", " of 100 simulations", "What must be true to close the gap"):
        assert figure not in _said(app)
    if code == "INTENSITY_NOT_ALLOWED_S12":  # scope 3 keeps its figures
        assert app.header[0].value == "No target figure of scope 1+2: a rule refuses it"
    else:
        assert app.header[0].value == ANSWERS["refused"]
        assert not app.get("vega_lite_chart")
        assert "of the pathway" not in _said(app)


def _rows(year: int, **t: float) -> tuple[InventoryRow, ...]:
    """Rows of the portfolio by scope."""
    more = {"1": {}, "2": {"method": "location"}, "3": {"category": 1}}
    return tuple(InventoryRow(id=f"{year}{name}", covers="portfolio", year=year, scope=name[1], emissions_t=amount,
                              source="Test", **more[name[1]]) for name, amount in t.items())  # fmt: skip


GROWN = (*_rows(2025, s1=1.0, s2=2.0, s3=1.0), *_rows(2026, s1=20.0, s2=15.0, s3=12.0))
SMALL_THIRD = EXAMPLE.but(inventory=tuple(
    row.but(emissions_t=1.0) if (row.covers, row.scope) == ("company", "3") else row for row in EXAMPLE.inventory
))  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "codes"),
    [
        (
            EXAMPLE.but(inventory=GROWN).with_target(recent_year=2026),
            "FLOOR_BOUND GROWTH_MRY_OVER_BASE BASE_YEAR_NOT_REPRESENTATIVE WEIGHTS_FROM_MRY",
        ),
        (EXAMPLE.with_target(target_year=2030), "TARGET_2030_R7_EXEMPT"),
        (EXAMPLE.with_target(net_zero_year=2025), "MRY_NOT_BEFORE_NZY"),
        (
            EXAMPLE.with_target(method="intensity", activity_growth_pct=20),
            "ABS_EMISSIONS_RISE POST2020_RATCHET_UNCONFIRMED_IN_V5.3.1 INTENSITY_NOT_ALLOWED_S12",
        ),
        (SMALL_THIRD, "SCOPE3_TARGET_NOT_REQUIRED"),
        (EXAMPLE.with_target(method="v2_preview", scope2_basis="market"), "V2_LOCATION_BASED_ONLY"),
        (EXAMPLE.with_target(credits_t=30, avoided_t=5), "OFFSETS_NOT_COUNTED AVOIDED_NOT_COUNTED"),
    ],
)
def test_what_a_plan_raises_stands_on_the_page_in_words_without_its_code(plan: Plan, codes: str) -> None:
    app, found = _shown(plan), seen(plan).found
    table = next(one.value for one in app.table if "Verdict" in one.value.columns)
    told = f"{_said(app)} {' '.join(one.value for one in app.warning)} {' '.join(table['Why'])}"
    raised = [*found.findings, *(one for line in found.lines for one in line.outcome.findings)]
    raised += [one for gate in gate_list(plan) for one in gate.findings]
    by_code = {one.code: in_words(one) for one in raised}
    assert [code for code in codes.split(" ") if _plain(by_code[code]) not in _plain(told)] == []
    assert not CODE.search(_plain(told))


def test_a_fast_growing_portfolio_is_told_word_for_word_why_it_misses_while_its_intensity_falls() -> None:
    """Growth, intensity and demand, in the words of the rules and with the figures of this plan."""
    grown = EXAMPLE.but(inventory=GROWN).with_target(recent_year=2026).with_workload(
        OWN, installed_accelerators=None, growth_central_pct=150.0, growth_high_pct=200.0
    )  # fmt: skip
    told = "\n".join(str(one.value) for one in _shown(grown).markdown)
    for sentence in (
        r"- Your portfolio is [\d.]+ times larger than in the base year\. The target is [\d.]+ % below today\.\n",
        r"- Intensity falls [\d.]+ % but absolute emissions rise [\d,.]+ %\. This does not meet an absolute target\.\n",
        r"- Electricity grows [\d.]+ % a year \(over 20 %\)\. Under CNZS V2\.0 C12\.4 a Category A company must set a "
        r"scope 2 emissions target\.\n",
    ):
        assert re.search(sentence, told), sentence
    said = {one.about: one.sentence for one in warned(grown)}
    assert all(f"- {said[about]}" in told for about in ("growth", "intensity", "demand", "double counting"))


def test_a_base_of_nothing_has_no_figure_and_the_scope_is_named() -> None:
    rows = [row.but(emissions_t=0.0) if row.scope == "3" else row for row in EXAMPLE.inventory]
    app = _open(EXAMPLE.but(inventory=tuple(rows)))
    assert app.header[0].value == "No target figure of scope 3: a rule refuses it"
    assert (
        "Scope 3: Base-year total is 0; it must be above 0 t: the rate is a share of it (no criterion: arithmetic)"
        in _said(app)
    )
    table = next(one.value for one in app.table if "Verdict" in one.value.columns)
    (base,) = [row for row in table.to_dict("records") if row["Gate"] == "Base-year emissions above 0"]
    assert "Fail" in base["Verdict"]
    assert base["Criterion"] == "none, arithmetic"
    assert "row=arithmetic), assumption" in base["Rule"]


def test_missing_scope_3_is_incomplete_and_never_met() -> None:
    rows = tuple(row.id for row in COMPANY.inventory if (row.covers, row.scope) == ("company", "3"))
    app = _shown(COMPANY.without_inventory(*rows))
    assert app.header[0].value == ANSWERS["incomplete"]
    said = _said(app)
    assert "Inventory: how many tonnes was scope 3 of the whole company in 2025?" in said
    assert "On track" not in said
    assert "Scope 3 is missing: the inventory is incomplete" in said


def test_a_company_is_no_portfolio_and_carries_no_banner() -> None:
    app = _shown(COMPANY)
    assert "pathway in 2031" in app.header[0].value.replace("\u00a0", " ")
    said = _said(app)
    assert "scope 1+2 and 3 of whole company" in said
    assert warnings.PORTFOLIO not in said
    assert RANGE_OF in said
    assert RANGE_OF not in _said(_shown(EXAMPLE))


def test_the_chart_tells_the_gap_with_the_digits_of_the_headline() -> None:
    """A company's range is narrow: three digits, in the headline, beside the chart and on it."""
    view = seen(COMPANY)
    last = view.last
    assert last is not None
    told = gap_told(view, last)
    assert told == words.quantity(last.gap_kg, view.scale, 3)
    said = _said(_shown(COMPANY))
    assert f"the plan is {told} above the pathway".replace("\u00a0", " ").replace("\u202f", " ") in said


def test_a_plan_on_track_that_was_above_on_the_way_is_told_no_more_than_that_its_target_year_has_no_gap() -> None:
    levers = (Lever(id="concise_output"), Lever(id="geo_shift", choice="FR"))
    said = _said(_shown(EXAMPLE.but(levers=levers, grid_path="percent", grid_change_pct=-4.0)))
    assert "On track in 2031." in said
    assert "Above it on the way, from 2030." in said
    assert "There is no gap in 2031." in said
    assert "stays under" not in said
    assert "does not meet an absolute target" not in said


def test_the_exact_sentences_stand_beside_the_target() -> None:
    without = _shown(EXAMPLE).header[0].value
    app = _shown(EXAMPLE.with_target(credits_t=30.0))
    told = [line.removeprefix("- ") for one in app.markdown for line in str(one.value).splitlines()]
    assert (
        "Carbon credits (30 t) are shown for information. They do not reduce the emissions compared with the target."
        in told
    )
    assert warnings.DOUBLE_COUNTING in told
    assert any(line.startswith("Your portfolio is ") and "times larger than in the base year." in line for line in told)
    assert any(
        line.startswith("Intensity falls ") and line.endswith("This does not meet an absolute target.") for line in told
    )
    assert app.header[0].value == without  # credits change no figure


def test_second_hand_parameters_are_told_beside_every_figure_that_uses_them() -> None:
    said = _said(_shown(EXAMPLE))
    assert "method in force since 14 April 2026, parameters second-hand" in said  # under the headline
    assert said.count(f"{PATHWAY}, parameters second-hand.") == 2  # under the milestones and what would close the gap
    own = _said(_shown(EXAMPLE.with_target(method="own_rate", own_rate_pct=12.0)))
    assert "parameters second-hand" not in own


def test_legacy_and_own_methods_say_what_they_are() -> None:
    legacy = _shown(EXAMPLE.with_target(method="superseded"))
    assert f"- {warnings.VALIDATED_BEFORE}" in "\n".join(str(one.value) for one in legacy.markdown)
    assert "method before 14 April 2026, legacy" in _said(legacy)
    own = _said(_shown(EXAMPLE.with_target(method="own_rate", own_rate_pct=12.0)))
    assert OWN_LINE in own
    assert PATHWAY not in own


CRITERIA_V2 = {
    "Base year the most recent": "C4.1-C4.3", "A target for each of scopes 1 and 2": "C10.1 C12.1",
    "Ambition location-based": "C9.4", "All of scopes 1 and 2 covered": "C10.1 C12.1", "A target for scope 3": "C9.1",
    "No fast growth of electricity": "C12.4",
}  # fmt: skip


def test_the_preview_of_v2_has_rules_with_their_numbers_and_no_tonnes() -> None:
    """Numbers and criteria as the table of rules has them, on the page and in its tab."""
    rules = facts().rules
    fast = EXAMPLE.with_target(excluded_pct=2.0, company_category="A", base_year=2024).with_workload(
        OWN, installed_accelerators=None, growth_central_pct=150.0, growth_high_pct=200.0
    )
    older = [row.but(id=f"{row.id}b", year=2024) for row in EXAMPLE.inventory]
    preview = fast.with_target(method="v2_preview").but(inventory=(*EXAMPLE.inventory, *older))
    app = _shown(preview, "v2")
    assert app.header[0].value == ANSWERS["preview"]
    assert "above the pathway" not in _said(app)
    assert not [one for one in app.table if "Probability of meeting" in one.value.columns]
    growth_pct, most_pct = electricity_growth_pct(preview, 2031), rules["demand_growth_pct"].amount
    assert (most_pct, rules["demand_growth_pct"].status) == (20.0, "verified")
    expected = {
        "Base year the most recent": ("base_year_v2", "Base year is 2024; V2.0 wants the most recent year, 2025"),
        "A target for each of scopes 1 and 2": ("coverage_s12", "scope is 1+2; V2.0 wants a target for each scope"),
        "Ambition location-based": ("scope2_basis", "Nothing stands against it."),
        "All of scopes 1 and 2 covered": ("coverage_s12", "2 % of scopes 1 and 2 are left out; V2.0 allows none"),
        "A target for scope 3": ("scope3_required", "Category A companies always need a target for scope 3 (C9.1)"),
        "No fast growth of electricity": (
            "demand_growth_v2",
            f"Electricity grows {growth_pct:.3g} % a year (over {most_pct:g} %): Category A must set a scope 2 target",
        ),
    }
    for table in (one.value for one in app.table if "Verdict" in one.value.columns):
        rows = {row["Gate"]: row for row in table.to_dict("records")}
        assert list(rows) == list(expected)
        for title, (rule, why) in expected.items():
            assert why.lower() in _plain(rows[title]["Why"]).lower(), title
            assert _plain(rows[title]["Criterion"]) == CRITERIA_V2[title]
            assert f"row={rule}), {rules[rule].status}" in rows[title]["Rule"]
    assert sum("Verdict" in one.value.columns for one in app.table) == 2  # the checklist, and the tab


def test_wedges_state_their_order_and_hatch_contracts() -> None:
    said = _said(_shown(LEVERS))
    assert "Levers come in the order in which they act" in said
    assert "Hatched: a contract, which changes market-based figures alone." in said
    assert "No lever in use" in _said(_shown(EXAMPLE))


def test_a_wedge_is_told_with_the_range_of_its_cut() -> None:
    app, view = _shown(LEVERS), seen(LEVERS)
    for wedge in wedges(LEVERS):
        low, central, high = interval(wedge.drawn_on("location")[5])
        told = moved(view, wedge.drawn_on("location")[5])
        assert f"{wedge.name} {told}".replace("\u00a0", " ").replace("\u2060", "") in _said(app)
        assert ("(" in told) == (low < high)
        assert (central < 0) == told.startswith("−")


def test_what_closes_the_gap_says_its_range_and_how_often_it_would_be_met() -> None:
    said, needs = _said(_shown(EXAMPLE)), closing(EXAMPLE)
    assert needs is not None
    for need in needs.needs:
        told = how_sure(need).replace("\u00a0", " ").replace("\u2060", "")
        assert told in said
        assert f"in {in_100(need.met_share)} simulations." in told
    demand = needs.needs[0]
    assert demand.factor is not None
    assert f"80 % range {signed(demand.high_factor)} to {signed(demand.low_factor)}; a cut of" in said
    assert "to be met in nine of ten simulations it takes the far end of its 80 % range" in said


def test_a_need_without_a_note_of_its_own_leaves_no_empty_line() -> None:
    assert "\n:gray[:small[]]" not in _said(_shown(EXAMPLE))


def signed(factor: float) -> str:
    return words.signed_percent(factor - 1.0).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("low", "factor", "high", "met", "told"),
    [
        (0.2, 0.5, 0.7, 0.4, "80 % range −30 % to −80 %; a cut of 50 % meets it in 40 of 100 simulations."),
        (
            -0.1,
            0.5,
            1.0,
            0.0,
            "80 % range no cut to more than all of it; a cut of 50 % meets it in fewer than 1 of 100",
        ),
        (-0.9, None, -0.2, 0.05, "With none of it at all, met in 5 of 100 simulations."),
        (float("nan"), 0.5, float("nan"), 0.0, ""),
    ],
)
def test_the_range_of_a_cut_in_words(low: float, factor: float | None, high: float, met: float, told: str) -> None:
    need = Need("Demand", factor, 0.0, 1.0, 1.0, "t", "", low, high, met)
    assert how_sure(need).replace("\u00a0", " ").startswith(told)


def test_an_overshoot_without_a_range_has_no_empty_brackets() -> None:
    still = EXAMPLE.but(workloads=(EXAMPLE.workloads[0].but(requests_per_day=0.0),))
    over = next(line.overshoot for line in judged(still).lines if line.overshoot is not None)
    assert over.p10_kg == over.p90_kg
    said = _said(_shown(still))
    assert "the sum of the pathway; within it in over 99 % of simulations." in said
    assert "(80 % range )" not in said


def test_the_switch_in_the_bar_says_how_the_target_counts_scope_2() -> None:
    app = _open(EXAMPLE)
    app.button_group(key="t:scope2_basis").set_value("market").run()
    assert _plan(app).target.scope2_basis == "market"
    assert "scope 2 market-based" in _said(app)


def test_a_scope_can_be_looked_at_alone() -> None:
    app = _open(EXAMPLE)
    app.button_group(key="target:scope").set_value("3").run()
    table = next(one.value for one in app.table if "Probability of meeting" in one.value.columns)
    line = judged(EXAMPLE).line("3")
    assert line is not None
    assert list(table["Probability of meeting"]) == [often(one.met_share) for one in line.milestones]


def test_a_year_typed_goes_to_the_plan_and_a_wrong_one_is_refused_in_a_sentence() -> None:
    app = _open(EXAMPLE)
    app.text_input(key="t:target_year").set_value("2033").run()
    assert _plan(app).target == example_target().but(target_year=2033)
    app.text_input(key="t:target_year").set_value("33").run()
    assert _plan(app).target.target_year == 2033
    assert "Target year is 33; it must lie in [1990, 2100]" in app.warning[0].value.replace("\\", "").replace(
        "\u00a0", " "
    )


def test_a_row_of_the_inventory_is_added_by_the_form_and_a_wrong_one_is_told() -> None:
    app = _open(EXAMPLE)
    app.text_input(key="inventory:new:emissions_t").set_value("12").run()
    app.button(key="inventory:new:save").click().run()
    assert "Nothing was saved." in app.warning[0].value
    assert len(_plan(app).inventory) == len(EXAMPLE.inventory)
    app.text_input(key="inventory:new:category").set_value("4").run()
    app.text_input(key="inventory:new:source").set_value("Annual report").run()
    app.button(key="inventory:new:save").click().run()
    new = _plan(app).inventory[-1]
    assert (new.covers, new.year, new.scope, new.category, new.emissions_t) == ("portfolio", 2025, "3", 4, 12.0)
    app.button(key="undo").click().run()
    assert _plan(app) == EXAMPLE


def test_an_inventory_of_more_rows_than_are_written_out_scrolls_with_every_value() -> None:
    """One row more than fits; signs of markup in it are text, and a figure typed there is the plan's."""
    first, *_ = EXAMPLE.inventory
    more = tuple(first.but(id=f"M{k}", year=1990 + k, scope="3", category=5, method="", emissions_t=1234.5 + k,
                           note="*a* :red[b]") for k in range(SHOWN + 1 - len(EXAMPLE.inventory)))  # fmt: skip
    plan = EXAMPLE.but(inventory=(*EXAMPLE.inventory, *more))
    app = _shown(plan)
    table = next(one.value for one in app.dataframe if "Covers" in one.value.columns)
    assert not [one for one in app.table if "Covers" in one.value.columns]
    assert (len(table), len(plan.inventory)) == (SHOWN + 1, SHOWN + 1)
    typed = {row.emissions_t: cell for row, cell in zip(plan.inventory, table["t CO₂e"], strict=True)}
    assert (typed[0.0], typed[15.2], typed[820.0], typed[16_800.0]) == ("0", "15.2", "820", "16\u202f800")
    assert list(table["Year"])[-len(more) :] == [str(1990 + k) for k in range(len(more))]
    assert set(list(table["Note"])[-len(more) :]) == {"*a* :red[b]"}
    fewer = _shown(plan.without_inventory(plan.inventory[-1].id))
    written = next(one.value for one in fewer.table if "Covers" in one.value.columns)
    assert len(written) == SHOWN
    assert not [one for one in fewer.dataframe if "Covers" in one.value.columns]


def _give(app: AppTest, raw: bytes) -> AppTest:
    uploader = next(one for one in app.file_uploader if one.key == "inventory-upload")
    return uploader.set_value([("mine.csv", raw, "text/csv")]).run()


def test_an_inventory_file_brings_its_good_rows_and_tells_each_wrong_one_by_its_line() -> None:
    raw = (
        "year,scope,category,method,emissions_t,covers,source\n"
        "2025,1,,,12,company,Report\n2025,3,16,,5,company,Report\n2025,2,,market,-3,company,Report\n"
    )
    app = _give(_open(example_plan()), raw.encode())
    row = _plan(app).inventory[0]
    assert (row.scope, row.emissions_t, row.source, len(_plan(app).inventory)) == ("1", 12.0, "Report", 1)
    told = app.warning[0].value.replace("\\", "").replace("\u2060", "")
    assert "mine.csv, line 3, column category: category is 16; it must lie in [1, 15]" in told
    assert "mine.csv, line 4, column emissions_t: emissions_t is -3" in told
    assert "1 row of mine.csv taken, 2 told as wrong." in _said(app)


def test_a_file_that_is_no_inventory_is_refused_whole() -> None:
    app = _give(_open(EXAMPLE), b"a,b\n1,2\n")
    assert "Nothing was taken." in app.warning[0].value
    assert _plan(app) == EXAMPLE


def test_the_rows_as_csv_are_read_back_as_the_same_rows() -> None:
    found = inventory.read("own.csv", write_inventory(EXAMPLE.inventory).encode())
    assert found.problems == ()
    assert [row.line for row in found.rows] == [row.line for row in EXAMPLE.inventory]
    assert [row.emissions_t for row in found.rows] == [row.emissions_t for row in EXAMPLE.inventory]


@pytest.mark.parametrize(
    ("tab", "told"),
    [
        ("actuals", "Measured beside planned"),
        ("later", "Later years"),
        ("disclosure", "The file re-adds to"),
        ("v2", "Final since 11 June 2026"),
        ("notes", "method appendix itself was not opened"),
    ],
)
def test_each_tab_says_what_it_is_for(tab: str, told: str) -> None:
    assert told in _said(_shown(EXAMPLE, tab))


def test_what_was_measured_stands_in_the_plans_place_as_a_cross() -> None:
    planned = beside_plan(MEASURED)[0].compared[0].planned[0]
    view = seen(MEASURED)
    line = judged(MEASURED).line("1+2")
    assert line is not None
    plan_kg = line.plan.on("location")[:, 0]
    crosses = [one for one in points(view, "1+2", plan_kg) if one["kind"] == "actual"]
    assert [one["year"] for one in crosses] == [2026]
    assert crosses[0]["value"] == pytest.approx((plan_kg[0] - planned + 5_000.0) / view.scale.divisor)
    assert [one for one in points(view, "3", plan_kg) if one["kind"] == "actual"] == []
    assert "crosses: the plan with what was measured in its place" in _said(_shown(MEASURED))


def test_what_was_measured_in_a_landlords_hall_moves_scope_3() -> None:
    leased = MEASURED.with_workload(OWN, hosting="colocation", it_control="landlord").with_target(scopes12="apart")
    crosses = {scope: [one for one in points(seen(leased), scope, np.zeros(len(leased.years())))
                       if one["kind"] == "actual"] for scope in ("2", "3")}  # fmt: skip
    assert crosses["2"] == []
    assert [one["year"] for one in crosses["3"]] == [2026]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"base_year": 2026}, "Most recent year is 2025; it must not be before the base year, 2026 (criterion C14)"),
        ({"submission_year": 2029, "target_year": 2035}, "Most recent year is 2025; a submission in 2029 needs 2027"),
    ],
)
def test_a_refusal_names_no_column_of_the_command(asked: dict[str, int], said: str) -> None:
    app = _open(EXAMPLE.with_target(**asked))
    assert said in _said(app)
    assert not app.get("vega_lite_chart")


def test_a_plan_that_ends_too_soon_says_why_it_is_incomplete() -> None:
    app = _open(EXAMPLE.but(last_year=2026, headline_year=None))
    assert app.header[0].value == ANSWERS["incomplete"]
    assert "The plan ends in 2026, before the target year, 2031: nothing is known of the target year itself." in _said(
        app
    )


def test_a_plan_of_nothing_takes_the_unit_of_its_pathway() -> None:
    idle = EXAMPLE.but(workloads=(EXAMPLE.workloads[0].but(requests_per_day=0.0),))
    assert seen(idle).scale.label == "t"


def test_gates_that_fail_say_why_in_words() -> None:
    strict = EXAMPLE.with_target(
        excluded_pct=6.0, coverage_near_pct=60.0, coverage_long_pct=80.0, long_reduction_pct=80.0,
        long_target_year=2055, renewable_pct=50.0, renewable_year=2026, base_change_pct=7.0,
    )  # fmt: skip
    table = next(one.value for one in _shown(strict).table if "Verdict" in one.value.columns)
    failed = {title: why for title, verdict, why in zip(table["Gate"], table["Verdict"], table["Why"], strict=True)
              if "Fail" in verdict}  # fmt: skip
    codes = {
        "Scopes 1 and 2 covered": "EXCLUSION_TOO_LARGE", "Scope 3 covered, near term": "S3_COVERAGE_LOW",
        "Scope 3 covered, long term": "S3_COVERAGE_LOW", "Renewable electricity": "RE_BELOW_THRESHOLD",
        "Long-term target": "LT_REDUCTION_LOW LT_YEAR_AFTER_2050", "Base year still holds": "RECALC_REQUIRED",
    }  # fmt: skip
    assert failed.keys() == codes.keys()
    found = {gate.title: " ".join(one.code for one in gate.findings) for gate in gate_list(strict)}
    assert {title: found[title] for title in codes} == codes
    assert not CODE.search(" ".join(failed.values()).replace("\\", ""))


def test_a_field_of_the_gates_goes_to_the_plan() -> None:
    app = _open(EXAMPLE)
    app.session_state["target_gates"] = True
    app.run().text_input(key="t:coverage_near_pct").set_value("70").run()
    assert _plan(app).target.coverage_near_pct == 70.0
    assert "5 passed" not in _said(app)
    assert "6 passed, 3 held by construction, 0 failed" in _said(app)


def test_the_long_term_line_ends_in_words_or_is_asked_for() -> None:
    assert 'No long-term line: its year and its cut are asked under "What the gates ask".' in _said(_shown(EXAMPLE))
    long = EXAMPLE.with_target(long_target_year=2050, long_reduction_pct=90.0)
    scale = seen(long).scale
    end_kg = sum(line.ask.base_kg for line in judged(long).lines if line.ask) * 0.1
    assert f"Long-term: {words.quantity(end_kg, scale, 2)} in 2050.".replace("\u00a0", " ") in _said(_shown(long))
