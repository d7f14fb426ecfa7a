"""Carbon per token: by hand, location-based, consumer and provider apart, never moved by how hardware is booked."""

import numpy as np
import pytest

from core import results
from core.plan import Workload
from core.plan.lever import Lever
from core.results.sci import role_of, sci_g, score, scores_by_role
from tests.results.plans import API, OWN, TRAIN, plan


def only(found, role):
    return next(one for one in scores_by_role(found, 2026) if one.role == role)


def test_the_example_of_the_specification():
    """5,000 kg of electricity and 1,500 kg of hardware over 50 billion tokens: 0.13 g per thousand.

    The specification prints that number per million tokens, a thousand times too little; the division is right.
    """
    assert sci_g(np.array([5000.0]), np.array([1500.0]), np.array([50e9 / 1e3]))[0] == pytest.approx(0.13, rel=1e-12)


def test_a_consumers_score_by_hand():
    found = results.of(plan(OWN), 0)
    row = {name: float(found.values[name][0, 0, 0]) for name in found.values}
    requests = 20_000.0 * 365
    tokens = requests * (500.0 + 300.0)
    grams = 1000.0 * (row["carbon_location_kg"] + row["carbon_embodied_kg"])
    one = only(found, "consumer")
    assert one.per_k_tokens()[0] == pytest.approx(grams / tokens * 1000.0, rel=1e-12)
    assert one.per_request()[0] == pytest.approx(grams / requests, rel=1e-12)


def test_training_is_in_the_providers_score_alone():
    together, alone = (results.of(plan(*mine), 8) for mine in ((OWN, TRAIN), (OWN,)))
    np.testing.assert_array_equal(only(together, "consumer").per_k_tokens(), only(alone, "consumer").per_k_tokens())
    assert [(one.role, one.workloads) for one in scores_by_role(together, 2026)] == [
        ("consumer", ("own",)), ("provider", ("train",)),
    ]  # fmt: skip
    assert np.isnan(only(together, "provider").per_request()).all()


def test_the_score_of_several_is_their_carbon_over_their_tokens():
    found = results.of(plan(OWN, API), 8)
    parts = [score(found, (place,), 2026, "consumer") for place in (0, 1)]
    whole = only(found, "consumer")
    tokens = [one.tokens for one in parts]
    mean = sum(one.per_k_tokens() * n for one, n in zip(parts, tokens, strict=True)) / sum(tokens)
    np.testing.assert_allclose(whole.per_k_tokens(), mean, rtol=1e-12)


def test_neither_contracts_nor_credits_nor_the_year_of_purchase_move_a_score():
    plain = only(results.of(plan(OWN), 8), "consumer").per_k_tokens()
    contract = OWN.but(contract_share=((2026, 1.0),), contract_g_per_kwh=0.0)
    others = (
        plan(contract),
        plan(OWN, hardware_view="purchase_year"),
        plan(OWN, levers=(Lever(id="offsets", value=1000.0),)),
    )
    for other in others:
        np.testing.assert_array_equal(only(results.of(other, 8), "consumer").per_k_tokens(), plain)


def test_twice_the_traffic_of_a_bought_service_has_the_same_score():
    once, twice = (results.of(plan(API.but(requests_per_day=n)), 8) for n in (10_000.0, 20_000.0))
    np.testing.assert_allclose(only(once, "consumer").per_k_tokens(), only(twice, "consumer").per_k_tokens(), rtol=1e-9)


def test_the_role_follows_from_the_kind():
    kinds = ("inference", "fine_tuning", "pre_training")
    assert [role_of(Workload(id="W1", kind=kind)) for kind in kinds] == ["consumer", "provider", "provider"]
