"""Each lever moves its physical term by the stated amount; no lever touches a total by itself."""

import numpy as np
import pytest

from core import catalog as facts
from core import results
from core.levers import moved, served
from core.levers.rules import acting
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.results.columns import inference_fields, training_fields
from core.results.drawing import Drawing
from core.results.under_levers import figures_under

OWN = Workload(id="W1", hosting="own", model="llama3.3-70b", hardware="H100-SXM", region="DE", input_tokens=2000)
RUN = Workload(id="W1", kind="pre_training", hosting="own", region="DE", tokens_per_run_m=1000, model="llama3.1-8b")
TUNE = RUN.but(kind="fine_tuning")
CATALOG = facts.load()
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
    "lora": (Lever(id="lora", value=0.67), TUNE, "params_active", 0.67),
    "qlora": (Lever(id="qlora", value=1.5), TUNE, "overhead_factor", 1.5),
    "grad_ckpt": (Lever(id="grad_ckpt", value=0.33), RUN, "overhead_factor", 1.33),
    "kv_fp8": (Lever(id="kv_fp8"), OWN, "kv_byte_per_token", 0.5),
    "nf4_qlora": (Lever(id="nf4_qlora"), OWN, "weight_byte", CATALOG.precisions["nf4"].weight_byte / 2),
    "ptq_fp8": (Lever(id="ptq_fp8"), OWN, "peak_flop_per_s", 2.0),
    "ptq_w4a16": (Lever(id="ptq_w4a16"), OWN, "weight_byte", CATALOG.precisions["int4"].weight_byte / 2),
    "ptq_w8a8": (Lever(id="ptq_w8a8"), OWN, "weight_byte", 0.5),
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
    part = served(CATALOG, plan, workload, levers)[0]
    fields_of = inference_fields if workload.kind == "inference" else training_fields
    fields = fields_of(CATALOG, plan, part.workload, CATALOG.models[part.workload.model], Drawing(plan, 0))
    for change in part.changes:
        if change.column in fields:
            fields[change.column] = moved(change.operation, fields[change.column], change.amount, change.share)
    return {name: float(np.ravel(value)[0]) for name, value in fields.items()}


@pytest.mark.parametrize("key", TERMS)
def test_a_lever_moves_its_term_by_the_stated_amount(key):
    lever, workload, column, ratio = TERMS[key]
    plan = Plan(workloads=(workload,), levers=(lever,))
    mine = acting(CATALOG, plan, workload)
    assert mine == (lever,)
    before, after = columns(plan, workload, ()), columns(plan, workload, mine)
    wanted = bandwidth_ratio(lever.choice) if ratio is None else ratio
    assert before[column] != 0
    assert after[column] / before[column] == pytest.approx(wanted, rel=2e-3)


PLACE = {
    "pue": (Lever(id="pue", value=1.1), "energy_facility_kwh", lambda v: v["energy_it_kwh"] * 1.1),
    "lifetime": (Lever(id="lifetime", value=8), "carbon_embodied_kg", None),
    "renewable_mb": (Lever(id="renewable_mb", value=1.0), "carbon_market_kg", None),
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
        "carbon_market_kg", "carbon_cost_market_usd",
    }  # fmt: skip


def test_every_lever_that_can_be_used_has_a_test_of_its_term():
    usable = {key for key, kind in CATALOG.levers.items() if not kind.missing}
    assert usable == {*TERMS, *PLACE, "unstructured_sparsity"}


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
