"""Worlds of a plan: the public figures in every draw, whatever the block, reproduced from the seed."""

import numpy as np
import pytest

from core import results
from core.decide.points import scores_of, sobol_shares
from core.decide.worlds import factors_of, worlds
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results.inventory_view import as_inventory
from core.results.sample import Sample
from core.targets.amounts import scope_kg

EXAMPLE = example_plan().but(last_year=2028)
LEVERS = (Lever(id="concise_output"), Lever(id="newer_gpu", choice="H200", start_year=2027, once_usd=1e5))
PLANS = {
    "as usual": EXAMPLE,
    "levers": EXAMPLE.but(levers=LEVERS),
    "in the year of purchase": EXAMPLE.but(levers=LEVERS, hardware_view="purchase_year", method="market"),
    "one unit, electricity": EXAMPLE.but(levers=LEVERS, boundary="operation", business_unit="AI Platform"),
}


def drawn(plan, points=8):
    names = factors_of(plan)
    return names, sobol_shares(plan.seed, len(names), points)


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_worlds_are_the_public_figures_draw_by_draw(plan):
    names, shares = drawn(plan)
    found = worlds(plan, names, shares)
    for side, one in ((found.plan, plan), (found.usual, plan.as_usual())):
        sample = Sample(names, scores_of(shares.T))
        public = results.of(one, sample)
        np.testing.assert_allclose(side.carbon_kg, public.total(public.carbon_kg()), rtol=1e-12)
        np.testing.assert_allclose(side.cost_usd, public.total(public.values["cost_usd"]), rtol=1e-12)
        for scope, kg in scope_kg(results.of(as_inventory(one), sample)).items():
            np.testing.assert_allclose(side.scopes[scope].location_kg, kg.location_kg, rtol=1e-12)
            np.testing.assert_allclose(side.scopes[scope].market_kg, kg.market_kg, rtol=1e-12)


def test_the_size_of_a_block_changes_nothing():
    plan = PLANS["levers"]
    names, shares = drawn(plan, 16)
    whole, parts = worlds(plan, names, shares), worlds(plan, names, shares, 5)
    np.testing.assert_array_equal(whole.plan.carbon_kg, parts.plan.carbon_kg)
    np.testing.assert_array_equal(whole.usual.scopes["2"].market_kg, parts.usual.scopes["2"].market_kg)
    assert whole.draws == parts.draws == 16


def test_the_seed_decides_every_digit():
    first, again, other = (sobol_shares(seed, 7, 64) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.isclose(first, other).any()


def test_points_fill_every_equal_part_of_each_factors_range_once():
    shares = sobol_shares(1, 60, 256)
    assert (np.sort(np.floor(shares * 256), axis=0) == np.arange(256)[:, None]).all()
    assert shares.min() > 0.0
    assert shares.max() < 1.0


def test_a_plan_without_levers_is_business_as_usual():
    names, shares = drawn(EXAMPLE, 4)
    found = worlds(EXAMPLE, names, shares)
    np.testing.assert_array_equal(found.plan.carbon_kg, found.usual.carbon_kg)


def test_the_factors_of_a_plan_are_those_of_its_levers_too():
    more = set(factors_of(PLANS["levers"])) - set(factors_of(EXAMPLE))
    assert more == {"idle:H200", "embodied:H200", "inference:llama3.3-70b:H200"} - set(factors_of(EXAMPLE)) | {
        name for name in more if name.startswith(("lever:", "engineering", "inference:", "price:", "params:"))
    }
    assert any(name.startswith("lever:") for name in more)
