"""Sums over sets are the Targets page's figures on every basis, in every year asked, and whatever stands beside."""

import numpy as np
import pytest

from core.decide.candidates import searched, with_choice
from core.decide.choices import best_choice
from core.decide.front import totals
from core.decide.pathway import first_free_year, pathway_of
from core.decide.search import found
from core.decide.space import space_of
from core.plan.lever import Lever
from core.targets.track import track
from tests.decide.plans import TWELVE, on, searched_plan
from tests.each import for_each
from tests.targets.plans import rows

LEVERS = (on("W2", "renewable_mb"), on("W4", "ptq_w4a16"), on("W2", "newer_gpu", choice="B200"))
COMPANY = (*rows(s2l=6.0, s2m=6.0, s3=34.0), *rows("company", s1=9.0, s2l=50.0, s2m=40.0, s3=300.0))
PLAN = searched_plan(LEVERS, unpriced="searched").but(last_year=2033)
CASES = {
    "location": PLAN,
    "market": PLAN.but(inventory=rows(s2m=6.0, s3=34.0)).with_target(scope2_basis="market"),
    "every year": PLAN.with_search(milestones="every_year"),
    "a company": PLAN.but(inventory=COMPANY).with_target(mode="company", rest_change_pct=-4.0),
    "scopes apart, sold products": PLAN.with_target(scopes12="apart", sold_products="counted"),
    "a lever in use": PLAN.with_lever(on("W3", "prompt_trim").but(start_year=2030)),
    "candidates from different years": PLAN.but(candidates=(LEVERS[0].but(start_year=2032), *LEVERS[1:])),
    "a lever that takes electricity and things made": PLAN.but(
        candidates=(LEVERS[0], LEVERS[1].but(once_kwh=5e4, once_kg=800.0, running_kwh_per_year=4e3, start_year=2031))
    ),
}  # fmt: skip


@for_each("name", CASES)
def test_emissions_of_every_set_are_those_of_the_targets_page(name):
    plan = CASES[name]
    pathway = pathway_of(plan.but(candidates=()))
    space = space_of(searched(plan, 2026), pathway)
    for some in range(space.found.sets):
        applied = track(with_choice(plan, space.found.chosen(some)), 0)
        years = [plan.first_year + place for place in pathway.places]
        kg = [
            [next(m.central_kg for m in line.milestones if m.year == year) for year in years] for line in applied.lines
        ]
        assert np.array(space.now_kg[:, :, some]) == pytest.approx(np.array(kg)), some


REBOUND = {
    "the plan's rebound": searched_plan(TWELVE[:5]).but(rebound_elasticity=0.5),
    "a lever's own, from another year": searched_plan(
        (TWELVE[0].but(elasticity=0.8, start_year=2029), TWELVE[1], TWELVE[3].but(start_year=2030), TWELVE[4])
    ),
}  # fmt: skip


@for_each("name", REBOUND)
def test_under_a_rebound_each_set_costs_and_emits_what_the_plan_with_it_does(name):
    """What a lever saves in the years it acts decides how demand grows: rows of all years are off by dollars."""
    plan = REBOUND[name]
    space = space_of(searched(plan, 2026), pathway_of(plan.but(candidates=())))
    (cost_usd, carbon_kg), off_usd = totals(space), 0.0
    for some in range(space.found.sets):
        whole = best_choice(space.found, space.found.chosen(some))
        assert (cost_usd[some], carbon_kg[some]) == pytest.approx((whole.cost_usd, whole.carbon_all_years_kg), abs=1e-6)
        applied = track(with_choice(plan, space.found.chosen(some)), 0)
        assert space.now_kg[:, 0, some] == pytest.approx([line.milestones[-1].central_kg for line in applied.lines])
        off_usd = max(off_usd, abs(by_rows_of_all_years(space, some) - cost_usd[some]))
    assert off_usd > 0.5


def test_what_levers_take_themselves_is_in_the_cost_and_carbon_of_the_front():
    """Making once, electricity once and every year, each from a year of its own, money once and every year."""
    made = on("W4", "prompt_trim", once_kg=900.0, once_usd=7_000.0), on("W2", "concise_output", once_kwh=5e4)
    runs = on("W3", "semantic_cache", running_kwh_per_year=4e3, running_usd_per_year=300.0)
    plan = searched_plan((made[0], made[1].but(start_year=2029), runs.but(start_year=2030)))
    space = space_of(searched(plan, 2026), pathway_of(plan.but(candidates=())))
    cost_usd, carbon_kg = totals(space)
    for some in range(space.found.sets):
        whole = best_choice(space.found, space.found.chosen(some))
        assert (cost_usd[some], carbon_kg[some]) == pytest.approx((whole.cost_usd, whole.carbon_all_years_kg), abs=1e-6)
        assert space.spent_now_usd[some] == pytest.approx(whole.spent_usd)
    taken_kg = space.at_earliest(space.takes.carbon_kg)
    assert taken_kg.min() > 200.0
    first = [lever.key for lever in space.found.levers].index("prompt_trim")
    assert taken_kg[first] == 900.0


def test_levers_that_exclude_each_other_are_in_no_set_together():
    pair = on("W2", "ptq_fp8"), on("W2", "ptq_int8_bnb")
    answer = found(searched_plan((*pair, on("W4", "prompt_trim")), meet_share=0.0))
    assert (answer.sets_searched, answer.valid) == (8, 6)
    named = {lever.key for one in answer.front for lever in one.levers}
    assert named & {"ptq_fp8", "ptq_int8_bnb"}
    assert all(len({lever.key for lever in one.levers} & {"ptq_fp8", "ptq_int8_bnb"}) < 2 for one in answer.front)


def by_rows_of_all_years(space, some):
    """The cost of a set from rows whose levers act in every year, each counted from its start: off under a rebound."""
    takes = space.at_earliest(space.takes.cost_usd)[
        [bool(some >> place & 1) for place in range(len(space.found.levers))]
    ]
    years = [space.rows.places(np.array([some & space.active(year)]))[0] for year in range(space.years)]
    return takes.sum() + sum(
        table.cost_usd[rows[place], year] for year, rows in enumerate(years) for place, table in enumerate(space.tables)
    )


def test_no_candidate_starts_in_a_year_that_the_target_counts_from():
    """Base and newest emissions are the plan's own: a lever that acts then would move what must be met."""
    plan = (
        searched_plan(TWELVE[:2]).but(inventory=()).with_target(base_year=2026, recent_year=2027, submission_year=2027)
    )
    plan = plan.but(candidates=tuple(one.but(start_year=None) for one in TWELVE[:2])).with_target(target_year=2032)
    plan = plan.but(last_year=2033)
    base = track(plan.but(candidates=()))
    assert first_free_year(base) == 2028
    assert {lever.start_year for lever in searched(plan, first_free_year(base)).levers} == {2028}
    said = "No candidate starts before 2028: the target counts from the plan's own emissions of the year before"
    assert said in found(plan).notes
    assert said not in found(PLAN).notes
    assert first_free_year(track(PLAN.but(candidates=()))) == PLAN.first_year


def test_a_rebound_leaves_an_answer_unproven_and_says_why():
    answer = found(searched_plan(TWELVE, meet_share=0.4).but(rebound_elasticity=0.2))
    assert answer.status == "found"
    assert not answer.proven
    assert answer.why_not_proven == (
        "demand under “Shorter answers” grows with what it saves in the years it acts, so that a year's cost "
        "hangs on its start"
    )


def test_a_lever_that_trains_once_leaves_an_answer_unproven_and_says_why():
    plan = searched_plan((*TWELVE, Lever(id="nas", workloads=("W2",), start_year=2027, once_days=5.0)), meet_share=0.4)
    assert found(plan).why_not_proven == (
        "the one run of “Architecture found by search” is spread over the answers after it, so that a year's cost "
        "hangs on its start"
    )
