"""A plan's candidates and the limits of its search: bounds in words, prices that stay at home, changes by name."""

import pytest
from pydantic import ValidationError

from core.plan import Plan, Search, sentences
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.plan.limits import MOST_CANDIDATES
from core.results import of
from core.table import read_plan, write_plan

SHORTER = Lever(id="concise_output")


def refused(make):
    with pytest.raises(ValidationError) as caught:
        make()
    (sentence,) = sentences(caught.value)
    return sentence


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Search(meet_share=1.5), "meet_share is 1.5; it must lie in [0, 1] share"),
        (lambda: Search(meet_share=None), "meet_share is blank; it must lie in [0, 1] share"),
        (lambda: Search(budget_usd=-1), "budget_usd is -1; it must lie in [0, 1,000,000,000,000] USD"),
        (lambda: Search(quality_floor_pct=101), "quality_floor_pct is 101; it must lie in [0, 100] %"),
        (lambda: Search(latency_ceiling_s=-1), "latency_ceiling_s is -1; it must lie in [0, 100,000] s"),
        (lambda: Search(milestones="2031"), "milestones is '2031'; it must be one of target_year, every_year"),
        (lambda: Search(certificates=""), "certificates is ''; it must be one of allowed, excluded"),
        (lambda: Search(unpriced="free"), "unpriced is 'free'; it must be one of left_out, searched"),
        (
            lambda: Plan(candidates=(SHORTER, SHORTER)),
            "candidate 'concise_output' stands there twice; a second one is named 'concise_output.2'",
        ),
        (
            lambda: Plan(candidates=[Lever(id=f"concise_output.{n}") for n in range(MOST_CANDIDATES + 1)]),
            "the plan has 21 candidates; the limit is 20 candidates",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_is_refused_in_one_sentence(make, sentence):
    assert refused(make) == sentence


def test_a_lever_may_be_in_use_and_a_candidate():
    plan = Plan(levers=(SHORTER,), candidates=(SHORTER.but(value=0.6),))
    assert (plan.levers[0].value, plan.candidates[0].value) == (None, 0.6)


def test_a_candidate_is_put_in_place_of_its_namesake_and_taken_away_by_its_id():
    plan = Plan(candidates=(SHORTER,)).with_candidate(SHORTER.but(start_year=2028)).with_candidate(Lever(id="pue"))
    assert [(c.id, c.start_year) for c in plan.candidates] == [("concise_output", 2028), ("pue", None)]
    assert [c.id for c in plan.without_candidate("concise_output").candidates] == ["pue"]


def test_prices_of_candidates_and_the_budget_leave_the_house_only_when_asked():
    bare = Plan(candidates=(SHORTER.but(once_usd=5.0, once_days=3.0),)).with_search(budget_usd=100.0).without_prices()
    assert (bare.candidates[0].once_usd, bare.candidates[0].once_days, bare.search.budget_usd) == (None, 3.0, None)


def test_candidates_and_limits_move_no_figure():
    plan = example_plan()
    before, after = of(plan, 0), of(plan.with_candidate(SHORTER).with_search(meet_share=0.5), 0)
    for name in ("carbon_location_kg", "cost_levers_usd", "energy_facility_kwh"):
        assert before.values[name].tolist() == after.values[name].tolist()


def test_a_second_search_row_is_left_out_with_a_word():
    plan = Plan().with_search(meet_share=0.5)
    text = write_plan(plan)
    row = next(line for line in text.splitlines() if line.startswith("search,"))
    read = read_plan(text + row + "\n")
    assert read.plan == plan
    assert read.problems == ("line 4, column record: a second search row; it was left out",)
