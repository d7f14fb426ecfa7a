"""The smallest change of several limits at once: as every set tried as a whole plan says, and it holds once allowed."""

from itertools import combinations

import numpy as np
import pytest

from core.decide.candidates import with_choice
from core.decide.search import found
from core.results import of
from core.results.inventory_view import as_inventory
from core.targets.judged import judged
from tests.decide.plans import FOUR, TWELVE, searched_plan
from tests.targets.plans import rows

EARLY = tuple(lever.but(start_year=2027) for lever in (*FOUR, TWELVE[6]))
PLAN = searched_plan(EARLY, meet_share=0.4)
HARD = PLAN.but(inventory=rows(s2l=0.5, s3=3.0))
CASES = {
    "money and time": (PLAN, {"budget_usd": 10_000.0, "latency_ceiling_s": 5.0}),
    "money, time and probability": (PLAN, {"budget_usd": 20_000.0, "latency_ceiling_s": 12.0, "meet_share": 0.95}),
    "time and probability": (PLAN, {"latency_ceiling_s": 14.0, "meet_share": 0.9}),
    "nothing to spend": (PLAN, {"budget_usd": 0.0, "latency_ceiling_s": 5.0}),
    "the target and time": (HARD, {"latency_ceiling_s": 5.0}),
}


def size(before, after):
    return abs(after - before) / max(before, after)


def lacking(plan, levers):
    """What one set lacks of each limit, by the plan's own evaluation: limit -> what is needed; whether it meets."""
    made, search, lacks = with_choice(plan, levers), plan.search, {}
    spent = float(of(as_inventory(made), 0).values["cost_levers_usd"][..., 0].sum())
    slow = float(np.nanmax(of(as_inventory(made), 0).values["request_time_s"][:, 5:, 0]))
    if search.budget_usd is not None and spent > search.budget_usd:
        lacks["budget_usd"] = spent
    if search.latency_ceiling_s is not None and slow > search.latency_ceiling_s:
        lacks["latency_ceiling_s"] = slow
    lines = judged(made).lines
    over = np.max([line.plan.on("location")[5] / line.allowed_kg[5] for line in lines], axis=0) - 1.0
    if over[0] > 0:
        draws = np.sort(over[1:])
        lacks["target"] = max(over[0], draws[int(np.ceil(search.meet_share * len(draws))) - 1])
    elif (share := float((over[1:] <= 0).mean())) < search.meet_share:
        lacks["meet_share"] = share
    return lacks


def total(plan, lacks):
    return sum(
        size(1.0, 1.0 + need) if limit == "target" else size(getattr(plan.search, limit), need)
        for limit, need in lacks.items()
    )


@pytest.mark.parametrize("name", CASES)
def test_no_set_tried_as_a_whole_plan_lacks_less(name):
    base, limits = CASES[name]
    plan = base.with_search(**limits)
    every = [lacking(plan, some) for count in range(len(EARLY) + 1) for some in combinations(EARLY, count)]
    some = [one for one in every if "target" not in one] or every
    least = min(total(plan, one) for one in some)
    answer = found(plan)
    assert answer.status == "none meets"
    (first, *_) = answer.relaxations
    assert len(first.changes) > 1
    assert first.size == pytest.approx(least)
    mine = {change.limit: change.needed for change in first.changes}
    assert total(plan, mine) == pytest.approx(least)
    assert mine == pytest.approx(lacking(plan, first.choice.levers))


def test_what_changes_together_holds_once_allowed_and_neither_alone_does():
    plan = PLAN.with_search(budget_usd=10_000, latency_ceiling_s=5)
    (first, *others) = found(plan).relaxations
    assert [one.limit for one in others if one.limit in ("budget_usd", "latency_ceiling_s")] == []
    assert first.said == (
        "Met with a budget of 119,500 USD instead of 10,000 USD and 17.3 s for an answer instead of 5 s, both at once"
    )
    allowed = plan.with_search(**{change.limit: change.needed for change in first.changes})
    assert found(allowed).status == "found"
    for change in first.changes:
        assert found(allowed.with_search(**{change.limit: change.now})).status == "none meets"


def test_one_limit_that_helps_alone_is_not_told_as_several():
    answer = found(PLAN.with_search(budget_usd=10_000))
    assert answer.relaxations
    assert not any(one.changes for one in answer.relaxations)
