"""What a sum of levers counts twice, with its range: from whole plans, one after another."""

import numpy as np
import pytest

from core import catalog as facts
from core import results
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results import effects
from core.results.overlap import overlap_kg

QUESTION = ("moe_vs_dense", "ptq_w4a16", "newer_gpu")  # an assistant as experts, in 4 bits, on newer accelerators


def plan_of(*keys, workloads=(), **changes):
    kinds = facts.load().levers
    return example_plan().but(
        levers=tuple(effects.usual(kinds[key]).but(workloads=workloads, **changes) for key in keys)
    )


def carbon(plan):
    found = results.of(plan)
    return found.total(found.carbon_kg())[found.place(plan.shown_year())]


@pytest.mark.parametrize("workloads", [(), ("W2",)])
def test_it_is_the_whole_less_each_alone_in_every_draw(workloads):
    plan = plan_of(*QUESTION, workloads=workloads)
    usual = carbon(plan.as_usual())
    alone = [carbon(plan.but(levers=(lever,))) - usual for lever in plan.levers]
    by_hand = carbon(plan) - usual - np.sum(alone, axis=0)
    low, mid, high = overlap_kg(plan)
    assert (low, mid, high) == pytest.approx(results.interval(by_hand), rel=1e-9)
    assert mid == pytest.approx(effects.shares(plan).overlap_kg, rel=1e-9)
    assert low < mid < high


def test_one_lever_overlaps_with_nothing():
    assert overlap_kg(plan_of("ptq_w4a16")) == (0.0, 0.0, 0.0)


def test_rebound_is_no_overlap():
    plain, grown = (plan_of("ptq_w4a16", "concise_output", elasticity=one) for one in (0.0, 0.5))
    assert overlap_kg(grown) == pytest.approx(overlap_kg(plain), rel=1e-12)
    assert effects.shares(grown).overlap_kg == pytest.approx(overlap_kg(plain)[1], rel=1e-9)


def test_levers_of_different_workloads_overlap_with_nothing():
    plan = plan_of("ptq_w4a16", workloads=("W2",))
    both = plan.but(levers=(*plan.levers, Lever(id="concise_output", workloads=("W4",))))
    assert overlap_kg(both) == (0.0, 0.0, 0.0)
