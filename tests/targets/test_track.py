"""A plan against its targets: a case by hand, joint draws, company mode, and what is missing or refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.disclosure import readded
from core.disclosure import rows as disclosure_rows
from core.plan.lever import Lever
from core.results.draws import interval
from core.results.figures import of
from core.results.inventory_view import as_inventory
from core.results.scopes import by_scope, categories
from core.targets import notes, warnings
from core.targets.amounts import scope_kg
from core.targets.track import track
from core.targets.track_table import rows_of
from core.targets.tracked import ALL_SCOPES
from tests.targets.plans import PORTFOLIO, plan, row, rows

SOLD = Lever(id="on_device", choice="Apple-M1-Pro", value=0.5, share=0.5)
YEARS = range(2026, 2032)  # after the base year, up to the target year


def test_a_case_by_hand():
    # Scopes 1 and 2 together, none of it scope 1: 100 % by 2040 of 100 t, 6 2/3 % a year; 6 years leave 60 t.
    # Scope 3 well below 2 C: 75 % by 2050 of 50 t, 3 % a year; 6 years leave 41 t. Long term: a tenth by 2050.
    found = track(plan())
    both, third = found.lines
    assert (both.scope, third.scope) == ("1+2", "3")
    assert [one.allowed_kg for one in both.milestones] == pytest.approx([100e3 * (1 - n / 15) for n in range(1, 7)])
    assert [one.allowed_kg for one in third.milestones] == pytest.approx([50e3 * (1 - 0.03 * n) for n in range(1, 7)])
    at = dict(zip(found.line_years, both.long_line_kg, strict=True))
    assert (at[2031], at[2050]) == pytest.approx((60e3, 10e3))
    assert at[2040] == pytest.approx(60e3 - 50e3 * 9 / 19)
    assert (both.outcome.valid, found.codes) == ("true", ())
    assert dict(zip(found.line_years, both.line_kg, strict=True))[2025] == 100e3
    assert np.isnan(both.allowed_kg[-1])  # 2032, after the target year


def test_milestones_are_the_plans_own_draws_by_scope():
    found, results = track(plan()), of(as_inventory(plan()))
    for scope, number in (("1+2", 2), ("3", 3)):
        for year in YEARS:
            kg = sum(part.location_kg for part in by_scope(results, year) if part.scope == number)
            one = found.milestone(scope, year)
            assert (one.p10_kg, one.central_kg, one.p90_kg) == pytest.approx(interval(kg))
            assert one.p50_kg == pytest.approx(np.median(kg[1:]))
            assert one.gap_kg == pytest.approx(kg[0] - one.allowed_kg)
            assert one.met_share == np.mean(kg[1:] <= one.allowed_kg)


def test_all_lines_at_once_are_met_draw_by_draw():
    found = track(plan(rows(s2l=22.0, s3=4.0)))
    both, third = found.lines
    for place, year in enumerate(YEARS):
        met = [line.plan.location_kg[place, 1:] <= line.allowed_kg[place] for line in (both, third)]
        assert found.milestone(ALL_SCOPES, year).met_share == np.mean(met[0] & met[1])
    shares = [found.milestone(scope, 2029).met_share for scope in ("1+2", "3", ALL_SCOPES)]
    assert 0.0 < shares[2] < min(shares[:2]) < 1.0


def test_a_plan_far_under_its_line_is_surely_on_track_and_one_far_over_surely_off():
    under, over = track(plan(rows(s2l=1e6, s3=1e6))), track(plan(rows(s2l=1e-3, s3=1e-3)))
    assert (under.standing, under.first_off_year) == ("on track", None)
    assert (over.standing, over.first_off_year) == ("off track", 2026)
    assert [one.met_share for one in under.all_scopes] == [1.0] * 6
    assert [one.met_share for one in over.all_scopes] == [0.0] * 6


def test_the_overshoot_is_the_sum_of_the_years_less_the_sum_of_the_line_and_is_labelled_ours():
    line = track(plan()).line("1+2")
    kg = line.plan.location_kg[:6].sum(axis=0) - sum(100e3 * (1 - n / 15) for n in range(1, 7))
    over = line.overshoot
    assert (over.p10_kg, over.central_kg, over.p90_kg) == pytest.approx(interval(kg))
    assert over.within_share == np.mean(kg[1:] <= 0.0)
    assert (over.first_year, over.last_year, over.label) == (2026, 2031, "app metric, not an SBTi criterion")


def test_scope_2_is_compared_on_the_basis_of_the_target_and_both_are_given():
    market, location = track(plan(scope2_basis="market")), track(plan())
    assert market.line("1+2").ask.base_kg == 60e3
    assert location.line("1+2").ask.base_kg == 100e3
    for found in (market, location):
        np.testing.assert_array_equal(found.line("1+2").plan.market_kg, found.scopes["2"].market_kg)
        np.testing.assert_array_equal(found.line("1+2").plan.location_kg, found.scopes["2"].location_kg)
    assert market.milestone("1+2", 2027).central_kg == market.scopes["2"].market_kg[1, 0]


def test_scopes_apart_have_a_line_each():
    found = track(plan(scopes12="apart"))
    assert [line.scope for line in found.lines] == ["2", "3"]
    assert found.line("2").outcome.rate_pct == pytest.approx(100 / 15)


def test_hardware_counts_in_its_year_of_purchase_whatever_the_plan_shows():
    one = plan()
    for view in ("amortised", "purchase_year"):
        found = track(one.but(hardware_view=view, boundary="operation"))
        kg = sum(part.location_kg[0] for part in by_scope(of(as_inventory(one)), 2026) if part.scope == 3)
        assert found.milestone("3", 2026).central_kg == pytest.approx(kg)
        assert found.view.hardware_view == "purchase_year"


def test_a_filter_takes_nothing_out_of_a_target():
    one = plan()
    assert track(one.but(tag="chat")).all_scopes == track(one).all_scopes
    assert any("filter" in note for note in track(one.but(tag="chat")).notes)


def test_the_rest_of_the_company_is_its_inventory_less_the_portfolio_and_changes_by_its_share():
    company = rows("company", s1=1000.0, s2l=500.0, s2m=400.0, s3=9000.0)
    found = track(plan([*company, *PORTFOLIO], mode="company", rest_change_pct=-5.0))
    both = found.line("1+2")
    for year in YEARS:
        rest_kg = (1000e3 + 500e3 - 100e3) * 0.95 ** (year - 2025)
        kg = found.scopes["2"].location_kg[year - 2026, 0] + rest_kg
        assert found.milestone("1+2", year).central_kg == pytest.approx(kg)
    # 1,000 t of 1,500 t are scope 1: 90 % by 2050 (3.6 % a year), and the rest 100 % by 2040 (6 2/3 %).
    assert both.outcome.rate_pct == pytest.approx(2 / 3 * 3.6 + 1 / 3 * 100 / 15)
    assert both.ask.base_kg == 1500e3


def test_a_company_without_scope_3_is_incomplete_and_never_on_track():
    company = rows("company", s1=1e6, s2l=1e6, s2m=1e6)
    found = track(plan([*company, *PORTFOLIO], mode="company", rest_change_pct=-50.0))
    assert found.standing == "incomplete"
    assert found.codes == ("SCOPE3_MISSING",)
    assert found.line("3").milestones == found.all_scopes == ()
    assert found.line("1+2").milestones[-1].gap_kg < 0.0
    assert found.questions == ("Inventory: how many tonnes was scope 3 of the whole company in 2025?",)


def test_a_portfolio_larger_than_its_company_is_asked_about():
    company = rows("company", s1=1.0, s2l=90.0, s2m=90.0, s3=9000.0)
    found = track(plan([*company, *PORTFOLIO], mode="company"))
    assert found.questions == (
        "Scope 2 in 2025, location-based: the AI portfolio has 100 t, the whole company 90 t; "
        "which of the two is right?",
    )
    assert found.line("1+2").milestones == ()
    assert found.standing == "incomplete"


def test_before_it_is_asked_it_computes_no_number():
    found = track(plan(base_year=None, recent_year=None, submission_year=None, target_year=None))
    assert (found.standing, found.lines, found.all_scopes) == ("asked", (), ())
    assert found.questions == (
        "Base year: from which year is the target measured?",
        "Most recent year: which is the newest year with an inventory?",
        "Submission: in which year, and in which half of it, would the target be handed in?",
        "Target year: by when must emissions have fallen?",
    )


def test_a_base_year_without_a_row_is_asked_about_and_one_of_the_plans_own_years_serves():
    missing = track(plan(()))
    assert missing.questions == (
        "Inventory: how many tonnes was scope 2 of the AI portfolio in 2025, location-based?",
        "Inventory: how many tonnes was scope 3 of the AI portfolio in 2025?",
    )
    assert "SCOPE3_MISSING" in missing.codes
    own = track(plan((), base_year=2026, recent_year=2026))
    assert own.line("1+2").ask.base_kg == own.scopes["2"].location_kg[0, 0]
    assert own.line("1+2").origins == ("plan", "plan")
    assert "Scope 2 in 2026 is the plan's own central figure: the inventory has no row of it." in own.notes


def test_what_no_plan_works_out_stays_as_it_is():
    found = track(plan([*PORTFOLIO, *rows(s1=7.0)]))
    assert found.milestone("1+2", 2030).central_kg == pytest.approx(found.scopes["2"].location_kg[4, 0] + 7e3)
    assert "Scope 1: 7 t of the inventory of 2025 that no plan works out stay as they are." in found.notes


def test_a_workload_without_figures_leaves_no_sum_to_be_met():
    broken = plan().with_workload("W2", model="own:nothing")
    found = track(broken)
    assert found.standing == "asked"
    assert found.lines == ()
    assert found.questions[0].startswith("W2 has no figures, so that no sum is known: model is 'own:nothing'")


REFUSED = [
    ({"base_year": 2014}, "BASE_YEAR_BEFORE_2015"),
    ({"target_year": 2037}, "TARGET_TOO_LATE"),
    ({"target_year": 2029}, "TARGET_TOO_SOON"),
    ({"base_year": 2026}, "MRY_BEFORE_BASE_YEAR"),
    ({"recent_year": 2023, "base_year": 2022}, "MRY_TOO_OLD"),
]


@pytest.mark.parametrize(("said", "code"), REFUSED, ids=[code for _, code in REFUSED])
def test_what_a_year_refuses_has_no_number_whatever_the_inventory(said, code):
    for inventory in (PORTFOLIO, ()):
        found = track(plan(inventory, **said))
        assert (found.standing, found.lines, found.all_scopes) == ("refused", (), ())
        assert code in found.codes


def test_a_base_of_nothing_and_an_intensity_for_scope_2_have_no_number():
    nothing = track(plan(rows(s2l=0.0, s3=50.0)))
    assert (nothing.standing, nothing.line("1+2").milestones, nothing.all_scopes) == ("refused", (), ())
    assert "BASE_ZERO" in nothing.codes
    intensity = track(plan(method="intensity", activity_growth_pct=30.0))
    assert (intensity.standing, intensity.line("1+2").milestones) == ("refused", ())
    assert "INTENSITY_NOT_ALLOWED_S12" in intensity.codes


def test_2030_is_allowed_outside_its_window():
    found = track(plan(target_year=2030))
    assert "TARGET_2030_R7_EXEMPT" in found.codes
    assert found.milestone("1+2", 2030).allowed_kg == pytest.approx(100e3 * (1 - 5 / 15))


def test_each_method_draws_its_own_line():
    # Superseded: 4.2 % a year from 2020 for a later base year, 11 years; validated and own: as entered; an intensity:
    # 0.93 to the power of the years since 2020, times growth since the base year.
    old = track(plan(method="superseded"))
    assert old.milestone("1+2", 2031).allowed_kg == pytest.approx(100e3 * (1 - 0.042 * 11))
    assert old.line("1+2").outcome.valid == "legacy_only"
    entered = track(plan(method="superseded", validated_reduction_pct=30.0))
    assert entered.milestone("1+2", 2028).allowed_kg == pytest.approx(100e3 * (1 - 0.30 / 2))
    own = track(plan(method="own_rate", own_rate_pct=10.0))
    assert own.milestone("3", 2030).allowed_kg == pytest.approx(50e3 * 0.5)
    assert "OWN_RATE" in own.codes
    intensity = track(plan(method="intensity", activity_growth_pct=30.0))
    allowed_kg = [one.allowed_kg for one in intensity.line("3").milestones]
    assert allowed_kg == pytest.approx([50e3 * 0.93 ** (y - 2020) * 1.3 ** (y - 2025) for y in YEARS])
    assert "ABS_EMISSIONS_RISE" in intensity.codes


def test_v2_is_a_preview_of_rules_without_tonnes():
    found = track(plan(method="v2_preview", scope2_basis="market", company_category="A", excluded_pct=1.0))
    assert (found.standing, found.all_scopes) == ("preview", ())
    assert not any(line.has_target or np.isfinite(line.line_kg).any() for line in found.lines)
    assert found.codes == (
        "V2_SCOPES_MUST_BE_SEPARATE",
        "V2_LOCATION_BASED_ONLY",
        "V2_NO_EXCLUSIONS",
        "SCOPE3_TARGET_REQUIRED",
    )


def test_credits_are_noted_and_take_nothing_off():
    with_credits, without = track(plan(credits_t=1000.0, avoided_t=5.0)), track(plan())
    assert with_credits.all_scopes == without.all_scopes
    assert with_credits.codes == ("OFFSETS_NOT_COUNTED", "AVOIDED_NOT_COUNTED")


def test_a_target_year_after_the_plan_is_not_known_to_be_met():
    found = track(plan(rows(s2l=1e6, s3=1e6), last_year=2030))
    assert (found.standing, found.milestone(ALL_SCOPES, 2031)) == ("incomplete", None)
    assert "The plan ends in 2030, before the target year, 2031: nothing is known of the target year itself." in (
        found.notes
    )


@pytest.mark.parametrize("inventory", [(), PORTFOLIO, rows(s2l=100.0, s2m=60.0)])
def test_a_portfolio_of_nothing_is_asked_about_and_never_met(inventory):
    found = track(plan(inventory, workloads=()))
    assert (found.standing, found.lines, found.all_scopes) == ("incomplete", (), ())
    assert found.questions == ("Workloads: the plan has none; what is the target of?",)


def test_a_category_that_the_plan_counts_and_its_base_has_no_row_of_is_told():
    said = (
        "Scope 3 of the inventory of 2025 has no row of category 2, which the plan counts: the plan holds more "
        "than its base does."
    )
    assert said in track(plan()).notes
    assert not [note for note in track(plan([*PORTFOLIO, row("3", 5.0, category=2)])).notes if "no row of" in note]
    assert not [note for note in track(plan(workloads=("W1",))).notes if "no row of" in note]  # bought, category 1


def test_a_plan_that_starts_after_its_target_year_knows_nothing_of_it():
    found = track(plan().but(first_year=2032, last_year=2034))
    assert (found.standing, found.all_scopes) == ("incomplete", ())
    assert "The plan starts in 2032, after the target year, 2031: nothing is known of the target year itself." in (
        found.notes
    )


@pytest.mark.parametrize("basis", ["location", "market"])
def test_a_portfolio_above_its_company_by_the_method_not_chosen_is_asked_about_and_never_below_nothing(basis):
    t = {"location": {"s2l": 1_000.0, "s2m": 6.0}, "market": {"s2l": 10.0, "s2m": 600.0}}[basis]
    found = track(plan([*rows("company", s1=10.0, s3=5_000.0, **t), *PORTFOLIO], mode="company", scope2_basis=basis))
    other, part, whole = {"location": ("market", 60, 6), "market": ("location", 100, 10)}[basis]
    said = f"Scope 2 in 2025, {other}-based: the AI portfolio has {part} t, the whole company {whole} t"
    assert found.questions == (f"{said}; which of the two is right?",)
    assert found.standing == "incomplete"


def test_a_company_whose_portfolio_is_nothing_equals_its_rest():
    company, none = rows("company", s1=10.0, s2l=20.0, s2m=20.0, s3=70.0), rows(s1=0.0, s2l=0.0, s2m=0.0, s3=0.0)
    found = track(plan([*company, *none], workloads=(), mode="company", rest_change_pct=2.0))
    for one in found.all_scopes:
        rest_kg = 100e3 * 1.02 ** (one.year - 2025)
        assert (one.p10_kg, one.central_kg, one.p90_kg) == pytest.approx((rest_kg,) * 3)
        assert one.met_share == 0.0
    assert found.standing == "off track"


TONNES = st.floats(1.0, 60.0)


@settings(max_examples=12, deadline=None)
@given(TONNES, TONNES, st.floats(1.0, 3.0), st.sampled_from(["together", "apart"]))
def test_a_higher_base_is_never_less_likely_met_and_no_lines_together_likelier_than_each(s2, s3, times, scopes12):
    low = track(plan(rows(s2l=s2, s3=s3), scopes12=scopes12))
    high = track(plan(rows(s2l=s2 * times, s3=s3 * times), scopes12=scopes12))
    for few, many in zip(low.lines, high.lines, strict=True):
        for one, other in zip(few.milestones, many.milestones, strict=True):
            assert one.met_share <= other.met_share
            assert one.p10_kg <= one.p50_kg <= one.p90_kg
        assert few.overshoot.central_kg >= many.overshoot.central_kg
        steps = np.diff([one.allowed_kg for one in few.milestones])
        np.testing.assert_allclose(steps, steps[0], rtol=1e-9)  # linear
    for place, one in enumerate(low.all_scopes):
        parts = [line.milestones[place] for line in low.lines]
        assert one.met_share <= min(part.met_share for part in parts)
        assert one.central_kg == pytest.approx(sum(part.central_kg for part in parts))
        assert one.allowed_kg == pytest.approx(sum(part.allowed_kg for part in parts))


@pytest.mark.parametrize("sold", ["left_out", "counted"])
@pytest.mark.parametrize("control", ["own", "landlord"])
def test_scopes_of_all_years_at_once_are_those_of_the_inventory_year_by_year(sold, control):
    one = plan(sold_products=sold, levers=(SOLD,), workloads=("W1", "W2", "W3", "W4", "W5"))
    one = one.with_workload("W2", hosting="colocation", it_control=control)
    results = of(as_inventory(one))
    found = scope_kg(results)
    assert {part.category for part in by_scope(results, 2030)} >= {1, 2, 11}
    for place, year in enumerate(one.years()):
        for scope, amounts in found.items():
            parts = [part for part in by_scope(results, year) if str(part.scope) == scope and part.counted]
            for ours, name in ((amounts.location_kg, "location_kg"), (amounts.market_kg, "market_kg")):
                plain = sum((getattr(part, name) for part in parts), np.zeros(257))
                np.testing.assert_allclose(ours[place], plain, rtol=1e-12)
    every = [part for year in one.years() for part in by_scope(results, year) if part.counted and part.scope == 3]
    assert categories(results) == {part.category for part in every if part.location_kg[0] > 0}


def test_factors_that_count_unlike_things_are_told():
    alike, told = rows(s2l=100.0, s3=50.0), "Scope 2 of the inventory counts direct factors, the plan life-cycle ones"
    assert not any(told in note for note in track(plan(alike)).notes)
    unlike = (alike[0].but(basis="direct"), alike[1])
    assert any(told in note for note in track(plan(unlike)).notes)
    upstream = (*alike, row("3", 9.0, category=3))
    found = track(plan(upstream))
    assert any(note.startswith("Category 3 of the inventory") for note in found.notes)
    assert "Scope 3: 9 t of the inventory of 2025 that no plan works out stay as they are." in found.notes
    assert found.milestone("3", 2030).central_kg == pytest.approx(found.scopes["3"].location_kg[4, 0] + 9e3)


def test_what_one_line_has_to_spare_helps_no_other():
    found = track(plan(rows(s2l=1e6, s3=0.01)))
    third, every = found.milestone("3", 2031), found.milestone(ALL_SCOPES, 2031)
    assert (found.standing, every.gap_kg < 0.0) == ("off track", True)
    assert every.over_kg == third.over_kg == third.gap_kg > 0.0
    kg = np.maximum(found.line("3").plan.location_kg[5] - third.allowed_kg, 0.0)
    assert (every.over_p10_kg, every.over_kg, every.over_p90_kg) == pytest.approx(interval(kg))


def test_the_disclosure_file_adds_up_to_the_scopes_of_the_target():
    one = plan(levers=(Lever(id="concise_output"), Lever(id="renewable_mb", value=0.5)), workloads=("W1", "W2", "W4"))
    found, added_kg = track(one), {}
    for part in readded(disclosure_rows(of(as_inventory(one)))):
        for method in ("location", "market"):
            key = str(part.scope), part.year, method
            added_kg[key] = added_kg.get(key, 0.0) + getattr(part, f"{method}_kg")
    for scope in ("2", "3"):
        for place, year in enumerate(one.years()):
            for method in ("location", "market"):
                kg = found.scopes[scope].on(method)[place, 0]
                assert added_kg[scope, year, method] == pytest.approx(kg, rel=1e-9)


def test_a_path_of_the_grids_is_told_to_lie_outside_every_range_on_the_page_and_in_the_file():
    flat, moved = plan(), plan().but(grid_path="percent", grid_change_pct=-5.0)
    assert notes.PATH not in track(flat).notes
    assert notes.PATH in track(moved).notes
    assert {row["note"] for row in rows_of(track(flat))} == {warnings.PORTFOLIO}
    assert {row["note"] for row in rows_of(track(moved))} == {f"{warnings.PORTFOLIO} {notes.PATH}"}
    assert {row["note"] for row in rows_of(track(moved.with_target(mode="company")))} == {notes.PATH}
