"""Sentences, gates and rules of a plan: word for word where they apply, and absent where they do not."""

import numpy as np
import pytest

from core.plan.lever import Lever
from core.targets import warnings
from core.targets.checklist import BASE_KNOWN, HELD, UNASKED
from core.targets.gate_list import gate_list
from core.targets.lens import electricity_growth_pct, growth_lens
from core.targets.regime import regime_of
from core.targets.track import track
from core.targets.warned import warned
from tests.targets.plans import PORTFOLIO, plan, rows


def said(one):
    return {found.about: found.sentence for found in warned(one)}


def test_a_portfolio_always_carries_its_banner_and_a_company_none():
    assert said(plan())["portfolio"] == (
        "SBTi sets targets for whole companies. This page applies the company-level rate to your AI portfolio as an "
        "internal yardstick. It is not a science-based target and must not be reported as one."
    )
    assert "portfolio" in said(plan((), target_year=None))
    assert "portfolio" not in said(plan(mode="company"))


def test_growth_is_told_by_hand():
    # Base 2 + 1 t; the newest inventory has 6 + 3 t, in the plan's first year: three times as much. The lines fall to:
    # scopes 1 and 2: the larger of the floor and the line from 6 t: 6 x (1 - 5 / 14) of 2 t: over the base, so the
    # floor of 4.2 % a year sets it: 2 x (1 - 6 x 0.042); scope 3 likewise 1 x (1 - 6 x 0.025).
    grown = [*rows(s2l=2.0, s3=1.0), *rows(year=2026, s2l=6.0, s3=3.0)]
    one = plan(grown, recent_year=2026)
    target_t = 2 * (1 - 6 * 0.042) + (1 - 6 * 0.025)
    assert said(one)["growth"] == (
        f"Your portfolio is 3 times larger than in the base year. The target is {(1 - target_t / 9) * 100:.3g} % "
        "below today."
    )
    assert {"GROWTH_MRY_OVER_BASE", "FLOOR_BOUND"} <= set(track(one).codes)
    assert "growth" not in said(plan(rows(s2l=1e6, s3=1e6)))


def test_a_falling_intensity_beside_rising_tonnes_is_told():
    machines = plan(rows(s3=2.0), workloads=("W4",))
    lens = growth_lens(machines)
    kg = [one.carbon_kg for one in (lens[0], lens[5])]
    per = [one.intensity_g_per_1000_tokens for one in (lens[0], lens[5])]
    assert said(machines)["intensity"] == (
        f"Intensity falls {(1 - per[1] / per[0]) * 100:.3g} % but absolute emissions rise "
        f"{(kg[1] / kg[0] - 1) * 100:.3g} %. This does not meet an absolute target."
    )
    assert "intensity" not in said(plan())  # own servers: the tonnes fall too


def test_a_plan_that_meets_its_target_is_not_told_that_it_does_not():
    met = plan(rows(s3=1e6), workloads=("W4",))
    assert track(met).standing == "on track"
    assert growth_lens(met)[5].carbon_kg > growth_lens(met)[0].carbon_kg
    assert "intensity" not in said(met)


@pytest.mark.parametrize(("rest_change_pct", "rises"), [(-5.0, False), (5.0, True)])
def test_a_company_is_told_how_its_own_tonnes_move_and_not_the_portfolios(rest_change_pct, rises):
    company = rows("company", s1=100.0, s2l=500.0, s2m=500.0, s3=900.0)
    one = plan([*company, *rows(s2l=0.0, s2m=0.0, s3=2.0)], workloads=("W4",), mode="company",
               rest_change_pct=rest_change_pct)  # fmt: skip
    assert ("intensity" in said(one)) is rises
    if rises:
        kg = [sum(line.plan.location_kg[at, 0] for line in track(one).lines) for at in (0, 5)]
        assert f"absolute emissions rise {(kg[1] / kg[0] - 1) * 100:.3g} %." in said(one)["intensity"]


def test_tonnes_that_the_page_tells_to_stay_are_not_told_to_rise():
    """The portfolio grows by a few tonnes in a company of a million."""
    company = rows("company", s1=1e5, s2l=5e5, s2m=5e5, s3=9e5)
    one = plan([*company, *rows(s2l=0.0, s2m=0.0, s3=2.0)], workloads=("W4",), mode="company")
    kg = [sum(line.plan.location_kg[at, 0] for line in track(one).lines) for at in (0, 5)]
    assert 0 < kg[1] / kg[0] - 1 < 1e-4
    assert track(one).standing == "off track"
    assert "intensity" not in said(one)


def test_credits_are_shown_in_the_sentence_of_their_tonnes():
    one = plan(credits_t=20.0, levers=(Lever(id="offsets", value=10.0),))
    assert said(one)["credits"] == (
        "Carbon credits (30 t) are shown for information. They do not reduce the emissions compared with the target."
    )
    assert "credits" not in said(plan())


def test_fast_growing_electricity_is_told_with_its_limit():
    calm = plan()
    grown = calm.with_workload("W2", installed_accelerators=None, growth_central_pct=150.0, growth_high_pct=200.0)
    growth_pct = electricity_growth_pct(grown, 2031)
    assert growth_pct > 20.0
    assert said(grown)["demand"] == (
        f"Electricity grows {growth_pct:.3g} % a year (over 20 %). Under CNZS V2.0 C12.4 a Category A company must set "
        "a scope 2 emissions target."
    )
    assert "demand" not in said(calm)
    v2 = {"method": "v2_preview", "scopes12": "apart", "company_category": "A"}
    assert "V2_EMISSIONS_TARGET_REQUIRED" in track(grown.with_target(**v2)).codes
    assert "V2_EMISSIONS_TARGET_REQUIRED" not in track(calm.with_target(**v2)).codes
    states = {gate.title: gate.state for gate in gate_list(grown.with_target(**v2))}
    assert states["No fast growth of electricity"] == "fail"
    assert {gate.title: gate.state for gate in gate_list(grown.with_target(method="v2_preview"))}[
        "No fast growth of electricity"
    ] == "unknown"


def test_large_numbers_are_never_told_in_powers_of_ten():
    assert "(12,346 t)" in said(plan(credits_t=12_345.678))["credits"]
    assert warnings.intensity_said(0.9, 23.104).startswith("Intensity falls 90 % but absolute emissions rise 2,310 %.")
    assert warnings.growth_said(1.0, 1500.0, 1.0).startswith("Your portfolio is 1,500 times larger")


def test_double_counting_is_told_where_something_is_bought_of_a_provider():
    sentence = "Provider training, provider scope 2 and customer category 1 can be the same tonnes."
    assert said(plan())["double counting"] == sentence
    assert "double counting" not in said(plan(workloads=("W2",)))


@pytest.mark.parametrize(
    ("target", "told"),
    [({}, False), ({"method": "superseded"}, True), ({"submission_year": 2025}, True)],
)
def test_a_target_validated_before_april_2026_is_entered_and_not_recomputed(target, told):
    sentence = "Targets validated before 14 April 2026: enter the validated percentage; it is not recomputed."
    assert (said(plan(**target)).get("validated") == sentence) is told


def test_gates_are_fed_from_the_plan_and_what_nobody_said_is_unknown():
    states = {gate.title: gate.state for gate in gate_list(plan())}
    known = {
        "Base year", BASE_KNOWN, "Age of the newest inventory", "Target year in its window", "Long-term target",
    }  # fmt: skip
    assert {title for title, state in states.items() if state == "pass"} == known
    assert {title for title, state in states.items() if state == "held"} == HELD.keys()
    assert {state for title, state in states.items() if title not in known | HELD.keys()} == {"unknown"}


def test_a_company_answers_its_gates_and_its_missing_scope_3_is_unknown():
    company = rows("company", s1=1.0, s2l=2.0, s3=7.0)
    target = {
        "mode": "company", "excluded_pct": 6.0, "coverage_near_pct": 70.0, "coverage_long_pct": 80.0,
        "renewable_pct": 90.0, "renewable_year": 2029, "base_change_pct": 5.0, "long_reduction_pct": 85.0,
    }  # fmt: skip
    states = {gate.title: gate.state for gate in gate_list(plan([*company, *rows(s2l=1.0, s3=1.0)], **target))}
    assert {title for title, state in states.items() if state == "fail"} == {
        "Scopes 1 and 2 covered", "Scope 3 covered, long term", "Long-term target", "Base year still holds",
    }  # fmt: skip
    assert {title for title, state in states.items() if state == "unknown"} == UNASKED.keys()
    missing = gate_list(plan([*company[:2], *PORTFOLIO], **target))
    assert [gate.state for gate in missing if gate.title == "Scope 3 known"] == ["unknown"]


def test_before_it_is_asked_every_gate_is_unknown():
    blank = gate_list(plan((), **dict.fromkeys(("base_year", "target_year", "recent_year", "long_reduction_pct"))))
    assert {gate.state for gate in blank} == {"unknown"}


def test_each_method_says_by_which_rules_and_since_when():
    regime = regime_of(plan(net_zero_year=2045))
    assert (regime.standard, regime.formula) == ("CNZS V1.3.1, Near-Term Criteria V5.3.1", "dLARR")
    assert regime.rule_date == "2026-04-14"
    assert regime.parameters == (
        "scope 1: 90 % by 2045, floor 4.2 % a year; scope 2: 100 % by 2040, floor 4.2 % a year; "
        "scope 3 (WB2C): 75 % by 2045, floor 2.5 % a year"
    )
    old = regime_of(plan(method="superseded"))
    assert old.parameters == ("scopes 1 and 2: 4.2 % a year; scope 3: 2.5 % a year; counted from 2020 at the latest")
    assert regime_of(plan(method="superseded", validated_reduction_pct=40.0)).parameters == "40 % by the target year"
    assert (
        regime_of(plan(method="intensity")).parameters
        == "scope 3: 7 % a year, compound, counted from 2020 at the latest"
    )
    assert regime_of(plan(method="own_rate", own_rate_pct=5.0)).parameters == "5 % a year"
    assert regime_of(plan(method="v2_preview")).parameters == ""


def test_the_long_term_line_is_not_drawn_where_nobody_said_when():
    found = track(plan(long_reduction_pct=None))
    assert not any(np.isfinite(line.long_line_kg).any() for line in found.lines)
