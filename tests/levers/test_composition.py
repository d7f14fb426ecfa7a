"""Laws of composition: order of clicks, levers at nothing, shares, years, conflicts, and how a change is shared out."""

import re
from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import catalog as facts
from core import results
from core.levers import conflicts, served
from core.levers.rules import acting, why_not
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results import effects
from tests.strategies import levers

CATALOG = facts.load()
OWN = Workload(id="W1", hosting="own", model="llama3.3-70b", hardware="H100-SXM", region="DE", growth_central_pct=20.0,
               growth_high_pct=50.0)  # fmt: skip
BOUGHT = Workload(id="W2", name="Bought", hosting="api", model="gpt-5", region="SE")
PLAN = Plan(workloads=(OWN, BOUGHT))
TOTALS = ("energy_facility_kwh", "carbon_location_kg", "carbon_embodied_kg", "water_site_l", "held_h")


def totals(plan, draws=0):
    found = results.of(plan, draws)
    return {name: found.values[name].sum(axis=0) for name in TOTALS}


def assert_same(one, other, **tolerance):
    for name in TOTALS:
        np.testing.assert_allclose(one[name], other[name], **({"rtol": 1e-12} | tolerance))


@settings(max_examples=25, deadline=None)
@given(st.lists(levers(), min_size=2, max_size=5, unique_by=lambda lever: lever.id), st.randoms())
def test_the_order_of_clicks_changes_nothing(chosen, random):
    shuffled = list(chosen)
    random.shuffle(shuffled)
    one, other = (totals(PLAN.but(levers=tuple(order))) for order in (chosen, shuffled))
    for name in TOTALS:
        assert np.array_equal(one[name], other[name], equal_nan=True)


@settings(max_examples=25, deadline=None)
@given(st.lists(levers(), max_size=4, unique_by=lambda lever: lever.id))
def test_levers_at_a_share_of_nothing_change_nothing(chosen):
    assert_same(totals(PLAN.but(levers=tuple(one.but(share=0.0) for one in chosen))), totals(PLAN), rtol=0)


IDENTITIES = [
    Lever(id="concise_output", value=1.0),
    Lever(id="prompt_trim", value=1.0),
    Lever(id="semantic_cache", value=0.0),
    Lever(id="layer_prune", value=0.0),
    Lever(id="prefix_cache", value=0.0),
    Lever(id="renewable_mb", value=0.0),
    Lever(id="onsite_re", value=0.0),
    Lever(id="newer_gpu", choice="H100-SXM"),
    Lever(id="smaller_model", choice="llama3.3-70b", workloads=("W1",)),
    Lever(id="geo_shift", choice="DE", workloads=("W1",)),
]


@pytest.mark.parametrize("lever", IDENTITIES, ids=lambda lever: lever.id)
def test_a_lever_that_is_not_moved_changes_nothing(lever):
    assert_same(totals(PLAN.but(levers=(lever,)), 32), totals(PLAN, 32))


def test_a_share_of_the_whole_is_the_lever_itself():
    lever = Lever(id="smaller_model", choice="llama3.1-8b")
    assert_same(totals(PLAN.but(levers=(lever.but(share=1.0),)), 32), totals(PLAN.but(levers=(lever,)), 32), rtol=0)


def test_shares_of_a_bought_service_mix_in_proportion():
    lever = Lever(id="smaller_model", choice="llama3.1-8b", workloads=("W2",))
    plan = Plan(workloads=(BOUGHT,))
    none, some, whole = (totals(plan.but(levers=(lever.but(share=share),))) for share in (0.0, 0.3, 1.0))
    for name in TOTALS:
        np.testing.assert_allclose(some[name], 0.7 * none[name] + 0.3 * whole[name], rtol=1e-12)


def test_shares_overlap_so_that_two_halves_reach_one_half():
    halves = (
        Lever(id="smaller_model", choice="llama3.1-8b", share=0.5),
        Lever(id="ptq_w4a16", share=0.5),
    )
    parts = served(CATALOG, PLAN, OWN, acting(CATALOG, PLAN.but(levers=halves), OWN))
    assert [(part.share, part.workload.model, part.workload.precision) for part in parts] == [
        (0.5, "llama3.1-8b", "int4"),
        (0.5, "llama3.3-70b", "bf16"),
    ]


def test_a_lever_acts_from_its_first_year_on():
    lever = Lever(id="smaller_model", choice="llama3.1-8b", start_year=2030)
    usual, now = totals(PLAN, 16), totals(PLAN.but(levers=(lever,)), 16)
    at_once = totals(PLAN.but(levers=(lever.but(start_year=None),)), 16)
    for name in TOTALS:
        np.testing.assert_array_equal(now[name][:4], usual[name][:4])
        np.testing.assert_array_equal(now[name][4:], at_once[name][4:])


def test_hardware_that_a_lever_brings_is_bought_when_it_comes():
    plan = Plan(workloads=(OWN,), hardware_view="purchase_year")
    lever = Lever(id="newer_gpu", choice="B200", start_year=2029)
    usual, now = (results.of(p, 0).values["accelerators_bought"][0, :, 0] for p in (plan, plan.but(levers=(lever,))))
    np.testing.assert_array_equal(now[:3], usual[:3])
    assert now[3] == results.of(plan.but(levers=(lever,)), 0).values["accelerators_installed"][0, 3, 0]


def test_over_whole_lives_what_is_bought_and_what_is_spread_make_the_same_sum():
    steady = OWN.but(growth_central_pct=0.0, growth_high_pct=0.0, lifetime_years=5.0)
    lever = (Lever(id="newer_gpu", choice="B200"),)
    plan = Plan(workloads=(steady,), levers=lever)
    spread, bought = (
        results.of(plan.but(hardware_view=view), 0).values["carbon_embodied_kg"][0, :, 0].sum()
        for view in ("amortised", "purchase_year")
    )
    assert bought == pytest.approx(spread, rel=1e-12)


def test_certificates_move_neither_energy_nor_location_based_carbon():
    plan = PLAN.but(levers=(Lever(id="renewable_mb", value=1.0),))
    before, after = results.of(PLAN), results.of(plan)
    np.testing.assert_array_equal(after.values["energy_facility_kwh"], before.values["energy_facility_kwh"])
    np.testing.assert_array_equal(after.values["carbon_location_kg"], before.values["carbon_location_kg"])
    assert (after.values["carbon_market_kg"][0, :, 0] < before.values["carbon_market_kg"][0, :, 0]).all()


def test_two_levers_of_one_group_exclude_each_other_by_name_and_neither_acts():
    plan = PLAN.but(levers=(Lever(id="ptq_fp8"), Lever(id="ptq_w4a16")))
    assert conflicts(CATALOG, plan) == [
        "“8-bit weights and arithmetic (FP8)” and “4-bit weights (AWQ, GPTQ)” exclude each other on New workload: "
        "a model's weights have one number format. Neither acts there."
    ]
    assert_same(totals(plan), totals(PLAN), rtol=0)


@pytest.mark.parametrize(
    ("lever", "workload", "reason"),
    [
        (Lever(id="ptq_fp8"), BOUGHT,
         "8-bit weights and arithmetic (FP8) is the provider's to do; Bought is bought as a service"),
        (Lever(id="pue"), BOUGHT, "Less site overhead needs servers of one's own; Bought runs on a provider's"),
        (Lever(id="onsite_re"), BOUGHT,
         "Solar power of one's own needs servers of one's own; Bought runs on a provider's"),
        (Lever(id="onsite_re"), OWN.but(hosting="cloud"),
         "Solar power of one's own needs servers of one's own; New workload runs on a provider's"),
        (Lever(id="onsite_re"), OWN.but(region="WORLD"),
         "Solar power of one's own needs a place of known latitude; New workload is in Region unknown: world "
         "average"),
        (Lever(id="lora"), OWN, "LoRA is for fine-tuning; New workload is not"),
        (Lever(id="smaller_model", choice="no-model"), OWN,
         "choice of 'Smaller or specialised model' is 'no-model'; no model of the catalog has that id"),
        (Lever(id="smaller_model", choice="gpt-5"), OWN,
         "GPT-5 / 5.1 is sold as a service only; New workload runs its own weights"),
        (Lever(id="moe_vs_dense", choice="llama3.1-8b"), OWN, "Llama 3.1 8B is no mixture of experts"),
        (Lever(id="layer_prune", value=0.3), OWN,
         "value of 'Layers removed' is 0.3; for other models scores collapse beyond 0.2"),
        (Lever(id="layer_prune", value=0.5), OWN.but(model="mistral-7b"),
         "value of 'Layers removed' is 0.5; for mistral-7b scores collapse beyond 0.35"),
        (Lever(id="mod"), OWN,
         "Mixture of depths needs a model trained that way, entered under Own data; Llama 3.3 70B was not"),
        (Lever(id="power_cap_inference"), OWN, "Lower clock or power limit, answering is measured on A100 PCIe 80 GB, "
                                               "A100 PCIe 40 GB alone; New workload runs on H100 SXM5 80 GB"),
        (Lever(id="sparsity_2_4"), OWN.but(hardware="MI300X"),
         "2 of 4 weights kept needs NVIDIA's Ampere or newer; New workload runs on Instinct MI300X 192 GB"),
        (Lever(id="sparsity_2_4"), OWN.but(precision="fp8"),
         "2 of 4 weights kept is for 16-bit weights; those of New workload are fp8"),
    ],
)  # fmt: skip
def test_a_lever_that_cannot_act_says_which_requirement_fails(lever, workload, reason):
    assert why_not(CATALOG, lever, workload) == reason


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"id": "no_lever"}, "id is 'no_lever'; no lever of the catalog has it"),
    ({"id": "power_oversub"}, "More servers on the same supply cannot be used in this version; it lacks the carbon of "
                              "a building by the power it supplies"),
    ({"id": "concise_output", "value": 1.5}, "value of 'Shorter answers' is 1.5; it must lie in [0.1, 1] share"),
    ({"id": "ptq_fp8", "value": 1.0}, "value of '8-bit weights and arithmetic (FP8)' is 1; this lever takes no value"),
    ({"id": "newer_gpu"}, "choice of 'Newer accelerators' is blank; name the hardware to change to"),
    ({"id": "ptq_fp8", "choice": "B200"},
     "choice of '8-bit weights and arithmetic (FP8)' is 'B200'; this lever takes none"),
    ({"id": "concise_output", "share": 1.2}, "share is 1.2; it must lie in [0, 1] share"),
])  # fmt: skip
def test_a_wrong_lever_is_refused_in_a_sentence(fields, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Lever(**fields)


def test_a_longer_life_and_newer_hardware_exclude_each_other_with_the_rule():
    plan = PLAN.but(levers=(Lever(id="lifetime", value=8.0), Lever(id="newer_gpu", choice="B200")))
    assert conflicts(CATALOG, plan) == [
        "“Longer life of the hardware” and “Newer accelerators” exclude each other on New workload: "
        "hardware that stays longer is not replaced. Neither acts there."
    ]
    assert_same(totals(plan), totals(PLAN), rtol=0)


FOUR = (
    Lever(id="moe_vs_dense", choice="gpt-oss-120b"),
    Lever(id="ptq_w4a16", workloads=("W1",)),
    Lever(id="newer_gpu", choice="B200"),
    Lever(id="concise_output", value=0.6),
)


def carbon_kg(plan):
    found = results.of(plan, 0)
    return float(found.total(found.carbon_kg())[found.place(plan.shown_year()), 0])


@pytest.mark.parametrize(
    ("workload", "lever", "reason"),
    [
        (
            OWN.but(output_tokens=1.0),
            Lever(id="concise_output"),
            "under its levers, output_tokens is 0.7; it must lie in [1, 1,000,000] tokens",
        ),
        (
            OWN.but(seats=1.0, requests_per_seat_day=5.0),
            Lever(id="semantic_cache", value=0.5),
            "under its levers, seats is 0.5; it must lie in [1, 1,000,000,000] people",
        ),
    ],
)
def test_a_lever_that_moves_a_field_out_of_its_bounds_leaves_that_workload_out_with_the_reason(workload, lever, reason):
    found = results.of(PLAN.but(workloads=(workload, BOUGHT), levers=(lever.but(workloads=("W1",)),)), 0)
    assert found.refused == {"W1": reason}
    assert_same(totals(PLAN.but(workloads=(BOUGHT,))), {n: found.values[n].sum(axis=0) for n in TOTALS})


def test_shares_of_the_change_are_the_mean_over_all_orders_and_re_add_to_it():
    plan = PLAN.but(levers=FOUR)
    split = effects.shares(plan)
    slow = dict.fromkeys((one.id for one in FOUR), 0.0)
    for order in permutations(FOUR):
        for count, lever in enumerate(order):
            step = carbon_kg(PLAN.but(levers=order[: count + 1])) - carbon_kg(PLAN.but(levers=order[:count]))
            slow[lever.id] += step / factorial(len(FOUR))
    assert split.shapley_kg == pytest.approx(slow, rel=1e-9)
    assert sum(split.shapley_kg.values()) == pytest.approx(carbon_kg(plan) - carbon_kg(PLAN), rel=1e-12)
    assert split.overlap_kg == pytest.approx(
        carbon_kg(plan) - carbon_kg(PLAN) - sum(carbon_kg(PLAN.but(levers=(one,))) - carbon_kg(PLAN) for one in FOUR)
    )


def test_sampled_orders_re_add_to_the_whole_and_come_near_the_exact_shares(monkeypatch):
    plan = PLAN.but(levers=FOUR)
    exact = effects.shares(plan)
    monkeypatch.setattr(effects, "MOST_EXACT", 1)
    sampled = effects.shares.__wrapped__(plan)
    assert (exact.exact, sampled.exact) == (True, False)
    assert sum(sampled.shapley_kg.values()) == pytest.approx(sum(exact.shapley_kg.values()), rel=1e-12)
    near_kg = 0.25 * max(abs(value) for value in exact.shapley_kg.values())
    assert sampled.shapley_kg == pytest.approx(exact.shapley_kg, abs=near_kg)


def test_what_a_lever_does_alone_is_the_plan_with_it_less_the_plan_without():
    plan = example_plan().but(levers=FOUR)
    alone = effects.effect_alone(plan, FOUR[0])
    found, usual = (results.of(p) for p in (plan.but(levers=FOUR[:1]), plan.as_usual()))
    when = found.place(plan.shown_year())
    after, before = (one.total(one.carbon_kg())[when] for one in (found, usual))
    np.testing.assert_allclose([alone.before_kg, alone.after_kg], [before[0], after[0]], rtol=1e-12)
    low, _, high = results.interval(after - before)
    assert (alone.low_kg, alone.high_kg) == pytest.approx((low, high), rel=1e-9)
