"""Each lever moves its physical term by the stated amount; no lever touches a total by itself."""

from dataclasses import replace

import numpy as np
import pytest

from core import catalog as facts
from core import results
from core.levers import moved, served
from core.levers.rules import acting
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own import OwnModel
from core.plan.own_catalog import catalog_of
from core.results.columns import inference_fields, training_fields
from core.results.drawing import Drawing
from core.results.one import figures_of
from core.results.under_levers import figures_under
from tests import naive

OWN = Workload(id="W1", hosting="own", model="llama3.3-70b", hardware="H100-SXM", region="DE", input_tokens=2000)
RUN = Workload(id="W1", kind="pre_training", hosting="own", region="DE", tokens_per_run_m=1000, model="llama3.1-8b")
TUNE = RUN.but(kind="fine_tuning")
CATALOG = facts.load()
MODEL = OwnModel(id="own:mine", name="Mine", based_on="llama3.3-70b", params_total_b=70.0, source="training",
                 source_date="2026-01-01")  # fmt: skip
MINE = OWN.but(model="own:mine")
EXPERTS = OwnModel(id="own:moe", name="Mine with experts", based_on="mixtral-8x7b", params_total_b=46.7,
                   params_active_b=12.9, source="training", source_date="2026-01-01")  # fmt: skip
EXPERT = OWN.but(model="own:moe")
# Columns that are 0 without the lever, and what they are with it.
FROM_NOTHING = {"spec_decode": 4.0, "disagg": 1.0}
# lever, workload -> column of the engine, and what it is after over before.
TERMS = {
    "concise_output": (Lever(id="concise_output", value=0.6), OWN, "output_tokens", 0.6),
    "prompt_trim": (Lever(id="prompt_trim", value=0.3), OWN, "input_tokens", 0.3),
    "rag_vs_longctx": (Lever(id="rag_vs_longctx", value=0.4), OWN, "input_tokens", 0.4),
    "semantic_cache": (Lever(id="semantic_cache", value=0.25), OWN, "requests", 0.75),
    "transfer": (Lever(id="transfer", value=0.03), RUN, "train_tokens", 0.03),
    "distill": (Lever(id="distill", choice="llama3.1-8b"), OWN, "params_active", 8.03 / 70.553706496),
    "layer_prune": (Lever(id="layer_prune", value=0.2), OWN, "layers", 0.8),
    "moe_vs_dense": (Lever(id="moe_vs_dense", choice="mixtral-8x7b"), OWN, "params_total", 46.7 / 70.553706496),
    "smaller_model": (Lever(id="smaller_model", choice="llama3.1-8b"), OWN, "layers", 32 / 80),
    "routing": (Lever(id="routing", choice="llama3.1-8b"), OWN, "layers", 32 / 80),
    "incremental": (Lever(id="incremental", value=0.3), RUN, "train_tokens", 0.3 * 1.333),
    "batch_opt_training": (Lever(id="batch_opt_training"), RUN.but(hardware="A40"), "kernel_time_factor", 1.111),
    "grad_accum": (Lever(id="grad_accum"), RUN, "kernel_time_factor", 1.0),
    "mixed_precision": (Lever(id="mixed_precision"), RUN, "peak_factor", 2.0),
    "lora": (Lever(id="lora", value=0.67), TUNE, "params_active", 0.67),
    "qlora": (Lever(id="qlora", value=1.5), TUNE, "overhead_factor", 1.5),
    "grad_ckpt": (Lever(id="grad_ckpt", value=0.33), RUN, "overhead_factor", 1.33),
    "kv_fp8": (Lever(id="kv_fp8"), OWN, "kv_byte_per_token", 0.5),
    "nf4_qlora": (Lever(id="nf4_qlora"), OWN, "weight_byte", CATALOG.precisions["nf4"].weight_byte / 2),
    "ptq_fp8": (Lever(id="ptq_fp8"), OWN, "peak_flop_per_s", 2.0),
    "ptq_w4a16": (Lever(id="ptq_w4a16"), OWN, "weight_byte", CATALOG.precisions["int4"].weight_byte / 2),
    "ptq_w8a8": (Lever(id="ptq_w8a8"), OWN, "weight_byte", 0.5),
    "bitnet": (Lever(id="bitnet"), MINE, "weight_byte", 0.3 / 2),
    "mod": (Lever(id="mod"), MINE, "params_active", 0.5625),
    "mode": (Lever(id="mode"), EXPERT, "experts_per_token", 0.5625),
    "matmul_free": (Lever(id="matmul_free"), MINE, "weight_byte", 0.3 / 2),
    "nas": (Lever(id="nas", value=0.7), OWN, "params_total", 0.7),
    "ptq_int8_bnb": (Lever(id="ptq_int8_bnb"), OWN, "kernel_time_factor", 2.8),
    "sparsity_2_4": (Lever(id="sparsity_2_4"), OWN, "weight_byte", 0.5625),
    "batch_size": (Lever(id="batch_size", value=512), OWN, "batch_cap", 2.0),
    "spec_decode": (Lever(id="spec_decode", value=4), OWN, "drafted_tokens", None),
    "disagg": (Lever(id="disagg"), OWN, "separate", None),
    "power_cap_inference": (Lever(id="power_cap_inference"), OWN.but(hardware="A100-80-PCIe"), "power_factor", 0.723),
    "power_cap_training": (Lever(id="power_cap_training"), RUN.but(hardware="A40"), "kernel_time_factor", 1.1),
    "prefix_cache": (Lever(id="prefix_cache", value=0.5), OWN.but(cached_share=0.1), "cached_share", 5.0),
    "serving_stack_upgrade": (Lever(id="serving_stack_upgrade"), OWN.but(serving="vllm-2024"), "engine", 0.0),
    "cpu_inference": (Lever(id="cpu_inference", choice="EPYC-9654-2S"), OWN, "bandwidth_byte_per_s", None),
    "newer_gpu": (Lever(id="newer_gpu", choice="B200"), OWN, "bandwidth_byte_per_s", None),
    "special_hw": (Lever(id="special_hw", choice="TPUv6e"), OWN, "bandwidth_byte_per_s", None),
    "utilisation": (Lever(id="utilisation", value=1.3), OWN.but(peak_to_mean=2.6), "peak_to_mean", 0.5),
    "parallelism_rightsize": (Lever(id="parallelism_rightsize"), OWN.but(accelerators=8), "accelerators", 0.0),
}


def bandwidth_ratio(choice):
    return CATALOG.hardware[choice].bandwidth_gb_s / CATALOG.hardware["H100-SXM"].bandwidth_gb_s


def columns(plan, workload, levers):
    """The engine's columns of the first part of a workload under levers, before the kernels see them."""
    catalog = catalog_of(plan)
    part = served(catalog, plan, workload, levers)[0]
    fields_of = inference_fields if workload.kind == "inference" else training_fields
    fields = fields_of(catalog, plan, part.workload, catalog.models[part.workload.model], Drawing(plan, 0))
    for change in part.changes:
        if change.column in fields:
            fields[change.column] = moved(change.operation, fields[change.column], change.amount, change.share)
    return {name: float(np.ravel(value)[0]) for name, value in fields.items()}


@pytest.mark.parametrize("key", TERMS)
def test_a_lever_moves_its_term_by_the_stated_amount(key):
    lever, workload, column, ratio = TERMS[key]
    plan = Plan(workloads=(workload,), levers=(lever,), models=(MODEL, EXPERTS))
    mine = acting(catalog_of(plan), plan, workload)
    assert mine == (lever,)
    before, after = columns(plan, workload, ()), columns(plan, workload, mine)
    if key in FROM_NOTHING:
        assert (before[column], after[column]) == (0.0, FROM_NOTHING[key])
        return
    wanted = bandwidth_ratio(lever.choice) if ratio is None else ratio
    assert before[column] != 0
    assert after[column] / before[column] == pytest.approx(wanted, rel=2e-3)


PLACE = {
    "pue": (Lever(id="pue", value=1.1), "energy_facility_kwh", lambda v: v["energy_it_kwh"] * 1.1),
    "lifetime": (Lever(id="lifetime", value=8), "carbon_embodied_kg", None),
    "renewable_mb": (Lever(id="renewable_mb", value=1.0), "carbon_market_kg", None),
    "cfe_247": (Lever(id="cfe_247", value=0.8), "carbon_market_kg", None),
    "onsite_re": (Lever(id="onsite_re", value=0.5), "energy_onsite_kwh", None),
    "geo_shift": (
        Lever(id="geo_shift", choice="SE"),
        "carbon_location_kg",
        lambda v: v["energy_facility_kwh"] * CATALOG.regions["SE"].carbon_g_per_kwh / 1000,
    ),
}


def values(workload, *levers):
    """Central figures of the first year."""
    plan = Plan(workloads=(workload,), levers=levers)
    found = results.of(plan, 0)
    assert not found.refused
    return {name: float(found.values[name][0, 0, 0]) for name in found.values}


@pytest.mark.parametrize("key", ["pue", "geo_shift"])
def test_a_lever_of_the_place_moves_what_follows_from_it(key):
    lever, name, expected = PLACE[key]
    after = values(OWN, lever)
    assert after[name] == pytest.approx(expected(after), rel=1e-12)


def test_a_longer_life_spreads_the_making_over_it():
    life = CATALOG.assumptions["lifetime_years"].central
    before, after = values(OWN), values(OWN, PLACE["lifetime"][0])
    assert after["carbon_embodied_kg"] == pytest.approx(before["carbon_embodied_kg"] * life / 8, rel=1e-12)


def test_certificates_change_the_market_based_figure_alone():
    before, after = values(OWN), values(OWN, PLACE["renewable_mb"][0])
    contract = CATALOG.assumptions["contract_g_per_kwh"].central
    assert after["carbon_market_kg"] == pytest.approx(after["energy_facility_kwh"] * contract / 1000, rel=1e-12)
    assert {name for name in before if before[name] != pytest.approx(after[name], nan_ok=True)} <= {
        "carbon_market_kg", "carbon_cost_market_usd", "cost_levers_usd", "energy_contract_kwh",
        "energy_no_residual_kwh",
    }  # fmt: skip


def test_hours_that_clean_power_does_not_cover_count_at_the_residual_mix():
    covered = OWN.but(contract_share=((2026, 1.0),), contract_g_per_kwh=10.0)
    after = values(covered, Lever(id="cfe_247", value=0.8))
    g_per_kwh = 0.8 * 10.0 + 0.2 * CATALOG.regions["DE"].carbon_g_per_kwh
    assert after["carbon_market_kg"] == pytest.approx(after["energy_facility_kwh"] * g_per_kwh / 1000, rel=1e-12)
    assert after["carbon_location_kg"] == values(covered)["carbon_location_kg"]


def test_panels_take_their_hours_off_the_grid_and_add_their_making():
    before, after = values(OWN), values(OWN, PLACE["onsite_re"][0])
    latitude = CATALOG.regions["DE"].latitude
    made, taken = naive.panels(
        {"panels_ratio": 0.5, "latitude": latitude, "sunny_share": 0.77, "panel_loss_share": 0.107}
    )
    kwh = before["energy_facility_kwh"]
    assert after["energy_facility_kwh"] == kwh
    assert made == taken
    assert after["energy_onsite_kwh"] == pytest.approx(kwh * taken, rel=1e-12)
    assert after["carbon_location_kg"] == pytest.approx(before["carbon_location_kg"] * (1 - taken), rel=1e-12)
    assert after["carbon_market_kg"] == pytest.approx(before["carbon_market_kg"] * (1 - taken), rel=1e-12)
    added_kg = after["carbon_embodied_kg"] - before["carbon_embodied_kg"]
    assert added_kg == pytest.approx(kwh * made * 48 / 1000, rel=1e-9)


def test_more_panels_than_the_load_takes_add_their_making_and_no_export():
    one, ten = (values(OWN, Lever(id="onsite_re", value=size)) for size in (1.0, 10.0))
    assert ten["energy_onsite_kwh"] < 4 * one["energy_onsite_kwh"]
    assert ten["carbon_embodied_panels_kg"] == pytest.approx(10 * one["carbon_embodied_panels_kg"], rel=1e-12)
    assert ten["carbon_location_kg"] > 0


def test_panels_bought_with_the_hardware_stay_in_both_views():
    lever = Lever(id="onsite_re", value=1.0)
    for levers in ((lever,), (lever, Lever(id="newer_gpu", choice="B200", start_year=2029))):
        plan = Plan(workloads=(OWN,), levers=levers, hardware_view="purchase_year")
        found = results.of(plan, 0).values
        bare = results.of(plan.but(levers=tuple(one for one in levers if one.id != "onsite_re")), 0).values
        added = found["carbon_embodied_kg"] - bare["carbon_embodied_kg"]
        np.testing.assert_allclose(added, found["carbon_embodied_panels_kg"], rtol=1e-6)


def test_a_power_limit_moves_power_and_time_as_measured_and_not_the_work():
    here = OWN.but(hardware="A40", kind="pre_training", tokens_per_run_m=1000, model="llama3.1-8b")
    before, after = values(here), values(here, Lever(id="power_cap_training"))
    assert after["used_h"] / before["used_h"] == pytest.approx(1.1, rel=1e-12)
    assert after["energy_accelerator_kwh"] / before["energy_accelerator_kwh"] == pytest.approx(0.78, abs=1e-4)
    assert after["flop"] == before["flop"]


@pytest.mark.parametrize(("batch", "saves"), [(1.0, True), (512.0, False)])
def test_drafting_saves_time_for_one_request_and_costs_energy_where_arithmetic_is_the_limit(batch, saves):
    here = OWN.but(batch=batch, accelerators=8, input_tokens=100)
    before, after = values(here), values(here, Lever(id="spec_decode", value=8))
    assert (after["step_time_s"] < before["step_time_s"]) == saves
    name = "energy_accelerator_j_per_output_token"
    assert (after[name] < before[name]) == saves


def test_an_uncertain_parameter_is_drawn_once_for_all_workloads_and_leaves_the_central_case():
    other = OWN.but(id="W2", hardware="A100-80-SXM")
    plan = Plan(workloads=(OWN, other), levers=(Lever(id="nf4_qlora"),))
    drawing = Drawing(plan, 256)
    drawn = [
        drawing.amount(change)
        for workload in plan.workloads
        for part in served(CATALOG, plan, workload, plan.levers)
        for change in part.changes
    ]
    assert len(drawn) == 2
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert drawn[0][0] == 1.25
    assert results.interval(drawn[0]) == pytest.approx((0.97, 1.25, 1.7), rel=5e-3)


def test_the_range_of_a_lever_holds_that_of_its_parameter():
    plan = Plan(workloads=(OWN.but(batch=64.0, accelerators=4),), levers=(Lever(id="ptq_int8_bnb"),))
    part = served(CATALOG, plan, plan.workloads[0], plan.levers)[0]
    wide, narrow = (
        figures_of(plan.as_usual(), part.workload, 256, changes=changes).values["request_time_s"][0]
        for changes in (part.changes, tuple(replace(c, factor="") for c in part.changes))
    )
    assert wide[0] == narrow[0]
    assert np.ptp(narrow) == 0.0
    low, middle, high = results.interval(wide)
    assert (low / middle, high / middle) == pytest.approx((2 / 2.8, 4 / 2.8), rel=0.08)


def test_reading_apart_holds_two_kinds_of_machines_and_saves_no_energy():
    here = OWN.but(input_tokens=16384, output_tokens=256, requests_per_day=20000.0)
    before, after = values(here), values(here, Lever(id="disagg"))
    assert after["replicas"] > before["replicas"]
    assert after["step_time_s"] < before["step_time_s"]
    name = "energy_accelerator_j_per_output_token"
    assert after[name] > before[name]


@pytest.mark.parametrize("together", [8.0, 16.0])
def test_two_cards_that_wait_for_each_other_take_more_energy_than_two_that_do_both(together):
    """Li et al. 2026: prompts of 16,384, answers of 256 tokens, a model of 3B on two A100 [arxiv-2601.08833]."""
    here = OWN.but(model="llama3.2-3b", hardware="A100-40-PCIe", input_tokens=16384, output_tokens=256, accelerators=1,
                   requests_per_day=100.0)  # fmt: skip
    both, apart = values(here.but(batch=together / 2)), values(here.but(batch=together), Lever(id="disagg"))
    waiting_w = both["energy_idle_kwh"] * 1000 / (both["held_h"] - both["busy_h"])
    writing_s = 256 * apart["step_time_s"]
    reading_s = together * (apart["request_time_s"] - writing_s)
    name = "energy_accelerator_j_per_output_token"
    undivided_j, divided_j = (one[name] * 256 * together for one in (both, apart))
    divided_j += waiting_w * (writing_s + reading_s)  # one card waits while the other works
    assert 1.05 < divided_j / undivided_j < 1.3


def test_every_lever_that_can_be_used_has_a_test_of_its_term():
    usable = {key for key, kind in CATALOG.levers.items() if not kind.missing}
    elsewhere = {"unstructured_sparsity", "offsets", "consolidation", "on_device", "temporal_shift"}
    assert usable == {*TERMS, *PLACE, *elsewhere}


def test_single_weights_removed_save_nothing():
    before, after = values(OWN), values(OWN, Lever(id="unstructured_sparsity", value=0.9))
    assert {name for name in before if before[name] != pytest.approx(after[name], rel=0, nan_ok=True)} == set()


def test_fewer_bytes_a_weight_need_fewer_accelerators():
    assert values(OWN)["accelerators"] == 4
    assert values(OWN, Lever(id="ptq_w4a16"))["accelerators"] == 1


def test_block_fp8_experts_at_a_small_batch_on_the_same_accelerators_do_not_save():
    moe = OWN.but(model="qwen3-235b-a22b", accelerators=8, batch=8.0, precision="bf16")
    plan = Plan(workloads=(moe.but(accelerators=None),), levers=(Lever(id="ptq_fp8"),))
    part = served(CATALOG, plan, moe, plan.levers)[0]
    one = figures_under(plan.as_usual(), part.workload.but(accelerators=8), (), 0)
    name = "energy_accelerator_j_per_output_token"
    assert one.values[name][0, 0] >= figures_under(plan.as_usual(), moe, (), 0).values[name][0, 0]
