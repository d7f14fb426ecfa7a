"""Many sets of levers at once: each as if it were the plan's own, whatever its shares, years, meters and places."""

import numpy as np
import pytest

from core.levers import acting
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own import OwnSite
from core.plan.own_catalog import catalog_of
from core.results import effects
from core.results.figures import NOT_IN_FIGURES
from core.results.lever_columns import Moves
from core.results.lever_sets import each_alone, every, none_and_all
from core.results.set_figures import one_by_one, set_figures
from tests.results.plans import API, CLOUD, OWN, TRAIN
from tests.results.test_calibration import STEADY, metered

NAMES = (
    "carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg", "carbon_devices_sold_kg", "cost_usd",
    "cost_energy_usd", "cost_hardware_usd", "cost_operations_usd", "cost_hire_usd", "cost_api_usd",
    "request_time_s", "energy_facility_kwh",
)  # fmt: skip
HALL = OwnSite(
    id="own:hall", name="Hall", region="FR", host_w=90.0, pue=1.3, source="entered", source_date="2026-01-01"
)
GROWING = OWN.but(growth_central_pct=20.0, growth_high_pct=50.0, peak_to_mean=3.0, contract_share=((2026, 0.2),))
SERVING = (
    Lever(id="concise_output", value=0.6, share=0.7, elasticity=0.8),
    Lever(id="semantic_cache", value=0.3, start_year=2028),
    Lever(id="moe_vs_dense", choice="gpt-oss-120b", share=0.6),
    Lever(id="routing", choice="llama3.1-8b", share=0.3, start_year=2027, elasticity=0.3),
    Lever(id="ptq_w4a16"),
    Lever(id="kv_fp8"),
    Lever(id="batch_size", value=64.0),
)
AROUND = (
    Lever(id="newer_gpu", choice="B200"),
    Lever(id="utilisation"),
    Lever(id="pue", value=1.1, share=0.5),
    Lever(id="geo_shift", choice="SE", start_year=2029),
    Lever(id="cfe_247", value=0.8),
    Lever(id="prefix_cache"),
    Lever(id="spec_decode"),
)
IN_TRAINING = (
    Lever(id="lora"),
    Lever(id="grad_ckpt", value=0.2, share=0.5),
    Lever(id="newer_gpu", choice="B200", share=0.4),
    Lever(id="geo_shift", choice="FR", start_year=2028),
)
LATER = {
    "grid_path": "oecm-2022-1.5c", "efficiency_drift_pct": 7.0, "refresh_every_years": 2, "refresh_gain_pct": 40.0,
    "rebound_elasticity": 0.6,
}  # fmt: skip
CASES = {
    "serving": (GROWING, SERVING, {}),
    "around it": (GROWING, AROUND, {}),
    "a fixed fleet": (OWN.but(installed_accelerators=16, batch=8.0, accelerators=4), AROUND[:5], {}),
    "a site of one's own": (OWN, (AROUND[0], Lever(id="geo_shift", choice="own:hall"), SERVING[4]), {"sites": (HALL,)}),
    "a power limit known on one accelerator": (
        OWN.but(hardware="A100-80-PCIe", model="llama3.1-8b"), (Lever(id="power_cap_inference"), *SERVING[:2]), {},
    ),
    "a bought service": (API, (*SERVING[:4], AROUND[3]), {}),
    "hired": (CLOUD, (*SERVING[:2], Lever(id="newer_gpu", choice="A100-40-PCIe", share=0.5), *SERVING[4:]), {}),
    "a measured busy share": (
        OWN.but(busy_share=0.3, installed_accelerators=8, seats=900.0, requests_per_seat_day=20.0), SERVING, {},
    ),
    "a busy share and another machine": (OWN.but(busy_share=0.2, growth_high_pct=9.0), AROUND, {}),
    "a move, panels and machines that only read": (
        GROWING,
        (
            Lever(id="consolidation", choice="B200", share=0.5), Lever(id="onsite_re", value=2.0, start_year=2028),
            Lever(id="disagg", share=0.7), SERVING[0],
        ),
        {},
    ),
    "users' devices": (
        GROWING,
        (Lever(id="smaller_model", choice="qwen2.5-1.5b"), Lever(id="on_device", choice="Apple-M1-Pro", share=0.4)),
        {},
    ),
    "training": (TRAIN, IN_TRAINING, {}),
    "training in another format": (
        TRAIN, (Lever(id="incremental", share=0.6), Lever(id="mixed_precision"), *IN_TRAINING[1:3]), {},
    ),
    "a search": (GROWING, (Lever(id="nas", share=0.4, start_year=2028), *SERVING[:2], SERVING[4]), {}),
    "work that waits, on machines whose busy share a lever clears": (
        CLOUD.but(busy_share=0.6, deferrable_h=12.0, deferrable_share=0.5, hardware="L40S"),
        (Lever(id="temporal_shift", share=0.5), SERVING[4], Lever(id="geo_shift", choice="SE")), {},
    ),
    "a search that comes after the plan's years": (GROWING, (Lever(id="nas", start_year=2040), SERVING[0]), {}),
    "too little memory under some": (
        OWN.but(model="llama3.1-8b", hardware="H100-SXM", accelerators=1, precision="fp8"),
        (Lever(id="smaller_model", choice="llama3.3-70b"), *SERVING[4:6]), {},
    ),
    "too little memory as usual": (
        OWN.but(accelerators=4, batch=512.0, input_tokens=4_000.0),
        (*SERVING[:2], Lever(id="prompt_trim", value=0.5), Lever(id="kv_fp8")), {},
    ),
    "no room for one request as usual": (
        OWN.but(accelerators=2, input_tokens=200_000.0), (SERVING[1], Lever(id="rag_vs_longctx"), SERVING[5]), {},
    ),
    "later years": (GROWING, SERVING, LATER),
    "later years of a measured busy share": (
        OWN.but(busy_share=0.3, installed_accelerators=8, seats=900.0, requests_per_seat_day=20.0), AROUND[:5], LATER,
    ),
    "later years of training": (TRAIN, IN_TRAINING, LATER),
    "no figure as usual": (OWN.but(model="no such model"), (Lever(id="smaller_model", choice="llama3.1-8b"),), {}),
    "out of bounds under one": (OWN.but(output_tokens=1.2), SERVING[:2], {}),
}  # fmt: skip


OF_ONES_OWN = {"price_purchase_usd": 30_000.0, "price_electricity_usd_per_kwh": 0.2, "price_operations_usd_per_h": 0.3}
PRICES = {
    "own": OF_ONES_OWN,
    "colocation": OF_ONES_OWN,
    "api": {
        "price_input_usd_per_m_tokens": 1.0, "price_cached_usd_per_m_tokens": 0.1, "price_output_usd_per_m_tokens": 4.0,
    },
    "cloud": {},  # the catalog's
}  # fmt: skip


def priced(workload):
    """The workload with every price that its hosting asks for."""
    return workload.but(**PRICES[workload.hosting])


def some(count):
    """None of the levers, all of them, and a seeded eight of the sets between."""
    between = np.random.default_rng(8).permutation((1 << count) - 2)[:8] + 1
    return np.concatenate([none_and_all(count), between])


def both_ways(workload, levers, fields, sets=some, draws=0, calibrated=None):
    workload = priced(workload)
    plan = Plan(workloads=(workload,), levers=levers, last_year=2031, **fields)
    mine = acting(catalog_of(plan), plan, workload)
    assert mine
    view = plan.model_copy(update=NOT_IN_FIGURES)
    asked = sets(len(mine))
    return (way(view, workload, mine, asked, NAMES, draws, calibrated) for way in (set_figures, one_by_one))


def assert_same(quick, slow):
    np.testing.assert_array_equal(quick.known, slow.known)
    for name in NAMES:
        np.testing.assert_allclose(quick.values[name], slow.values[name], rtol=1e-12, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("booked", ["amortised", "purchase_year"])
def test_every_set_is_what_the_plan_with_those_levers_alone_would_be(case, booked):
    workload, levers, fields = CASES[case]
    assert_same(*both_ways(workload, levers, fields | {"hardware_view": booked}, draws=3))


def test_all_sets_of_seven_levers_are_what_each_is_by_itself():
    assert_same(*both_ways(*CASES["serving"], every))


def test_a_meter_acts_under_every_set_as_it_does_under_one():
    said = metered(metered_kwh=4_000.0)
    quick, slow = both_ways(STEADY, SERVING[:5], LATER, each_alone, 2, said)
    plain, _ = both_ways(STEADY, SERVING[:5], LATER, each_alone, 2)
    assert_same(quick, slow)
    assert not np.allclose(quick.values["carbon_location_kg"], plain.values["carbon_location_kg"])


def test_machines_of_a_workload_that_starts_later_are_as_old_under_a_lever_as_without():
    later = OWN.but(first_year=2028, purchase_year=2026)
    quick, slow = both_ways(later, (Lever(id="pue", value=1.1),), {"hardware_view": "purchase_year"})
    for found in (quick, slow):
        usual, under = found.values["carbon_embodied_kg"][:, :, 0]
        np.testing.assert_array_equal(usual, under)
        assert usual[4] > 0 == usual[5]  # two years old when it starts, renewed in its fourth


def test_levers_outside_the_kernel_need_no_row_of_their_own_there():
    plan = Plan(workloads=(GROWING,))
    catalog = catalog_of(plan)
    levers = (Lever(id="concise_output"), Lever(id="pue"), Lever(id="geo_shift", choice="SE"), Lever(id="cfe_247"))
    assert Moves(catalog, plan, GROWING, levers).kernel == 0b0001
    with_host = plan.but(sites=(HALL,))
    assert Moves(catalog_of(with_host), with_host, GROWING, levers).kernel == 0b0101


def test_the_order_of_what_each_lever_does_alone_is_that_of_the_plans_with_it_alone():
    plan = Plan(workloads=(GROWING, API, TRAIN), **LATER)
    by_id = {effect.lever.id: effect for effect in effects.ranked(plan)}
    for key in ("concise_output", "smaller_model", "newer_gpu", "geo_shift", "lora", "utilisation"):
        slow = effects.effect_alone(plan, by_id[key].lever)
        assert by_id[key].difference_kg == pytest.approx(slow.difference_kg, rel=1e-9)
        assert by_id[key].before_kg == pytest.approx(slow.before_kg, rel=1e-12)


def test_more_levers_than_are_shared_out_exactly_re_add_to_the_whole():
    plan = Plan(workloads=(Workload(id="W1", hosting="own", model="llama3.3-70b", hardware="H100-SXM", region="DE"),))
    plan = plan.but(levers=tuple({lever.id: lever for lever in (*SERVING, *AROUND)}.values()))
    split = effects.shares(plan)
    assert not split.exact
    assert sum(split.shapley_kg.values()) + split.rebound_kg == pytest.approx(
        split.after_kg - split.before_kg, rel=1e-12
    )
