"""Loss of quality: high ends added up by workload, the worst decides; what nobody measured is unknown, never 0."""

from math import isnan

import pytest

from core import catalog
from core.decide.candidates import searched
from core.decide.choices import quality_loss
from core.decide.pathway import pathway_of
from core.decide.search import found
from core.decide.space import space_of
from tests.decide.plans import on, searched_plan
from tests.targets.plans import rows

LEVERS = (on("W2", "kv_fp8"), on("W2", "ptq_w8a8"), on("W3", "routing", choice="llama3.1-8b"), on("W4", "ptq_w4a16"))
PLAN = searched_plan(LEVERS)


def test_losses_of_one_workload_add_up_and_the_worst_workload_decides():
    assert quality_loss(catalog.load(), PLAN, LEVERS[:2]) == (3.0 + 3.0, ())
    assert quality_loss(catalog.load(), PLAN, LEVERS[1:3]) == (5.0, ())
    loss, unmeasured = quality_loss(catalog.load(), PLAN, LEVERS)
    assert isnan(loss)
    assert unmeasured == ("ptq_w4a16",)


def test_the_loss_of_every_set_is_that_of_its_choice():
    space = space_of(searched(PLAN, 2026), pathway_of(PLAN.but(candidates=())))
    for some in range(space.found.sets):
        loss, unmeasured = quality_loss(catalog.load(), PLAN, space.found.chosen(some))
        assert space.loss_pct[some] == (float("inf") if unmeasured else pytest.approx(loss))


def test_a_floor_keeps_out_what_loses_more_and_says_how_much_would_have_to_give():
    """Only routing, which loses 5 %, brings scope 3 down far enough."""
    plan = PLAN.but(inventory=rows(s2l=90.0, s3=34.0)).with_search(meet_share=0.1)
    assert found(plan.with_search(quality_floor_pct=95.0)).best.quality_loss_pct == 5.0
    answer = found(plan.with_search(quality_floor_pct=96.0))
    assert answer.status == "none meets"
    assert [one.said for one in answer.relaxations if one.limit == "quality_floor_pct"] == [
        "Met where 95 % of the score is kept instead of 96 %"
    ]
