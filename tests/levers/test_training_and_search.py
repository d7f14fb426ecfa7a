"""Levers of training, of searched and of unusual models: their terms, what counts once, and where they are refused."""

import csv

import numpy as np
import pytest

from core import catalog as facts
from core import results
from core.levers import conflicts
from core.levers.rules import why_not
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own import OwnModel
from core.plan.own_catalog import catalog_of
from core.results import under_levers
from core.results.effects import effect_alone
from core.results.figures import of
from core.results.lever_warnings import lever_warnings
from core.results.once import spread_over
from core.results.training_memory import training_fit

CATALOG = facts.load()
RUN = Workload(id="W1", name="Run", kind="pre_training", hosting="own", region="DE", tokens_per_run_m=1000,
               model="llama3.1-8b")  # fmt: skip
TUNE = RUN.but(kind="fine_tuning", model="llama3.3-70b")
SERVE = Workload(id="W1", name="Serve", hosting="own", model="llama3.3-70b", hardware="H100-SXM", region="DE",
                 requests_per_day=100_000)  # fmt: skip
MOE = OwnModel(id="own:moe", name="Mine with experts", based_on="mixtral-8x7b", params_total_b=46.7,
               params_active_b=12.9, source="training", source_date="2026-01-01")  # fmt: skip
SMALL = OwnModel(id="own:small", name="Mine", based_on="llama3.1-8b", params_total_b=2.5, source="training",
                 source_date="2026-01-01")  # fmt: skip


def plan_of(workload, *levers):
    return Plan(workloads=(workload,), levers=levers, models=(MOE, SMALL))


def values(workload, *levers):
    """Central figures of the first year."""
    found = results.of(plan_of(workload, *levers), 0)
    assert not found.refused
    return {name: float(found.values[name][0, 0, 0]) for name in found.values}


def fit(workload, *levers):
    return training_fit(plan_of(workload, *levers), workload, 0)


def test_qlora_needs_one_accelerator_where_training_every_parameter_needs_three_servers():
    before, lora, after = fit(TUNE), fit(TUNE, Lever(id="lora")), fit(TUNE, Lever(id="qlora"))
    assert (before.accelerators[0], lora.accelerators[0], after.accelerators[0]) == (24, 4, 1)
    assert [one.state_byte[0] / 70.55e9 for one in (before, lora, after)] == pytest.approx([16, 2.1, 0.6])
    assert after.activation_byte[0] == before.activation_byte[0]


def test_a_frozen_model_is_named_where_it_does_not_fit():
    short = fit(TUNE.but(installed_accelerators=2), Lever(id="lora")).short
    assert short.startswith(
        "installed_accelerators is 2; training a few added parameters keeps 148 GB in all and 10 GB"
    )


def test_one_accelerator_that_cannot_hold_the_weights_runs_them_in_four_bits():
    here = TUNE.but(installed_accelerators=1)
    assert "it must be at least 2" in results.of(plan_of(here), 0).refused["W1"]
    assert values(here, Lever(id="qlora"))["used_h"] == pytest.approx(values(TUNE, Lever(id="qlora"))["used_h"])


def test_a_lever_of_a_share_of_the_runs_leaves_room_for_the_others():
    assert fit(TUNE, Lever(id="qlora", share=0.5)).accelerators[0] == fit(TUNE).accelerators[0]
    late = plan_of(TUNE, Lever(id="qlora", start_year=2034))
    assert training_fit(late.but(headline_year=2030), TUNE, 0).accelerators[0] == 24
    assert training_fit(late.but(headline_year=2035), TUNE, 0).accelerators[0] == 1


def test_sequences_at_a_time_move_memory_and_neither_arithmetic_nor_the_central_energy():
    four = Lever(id="grad_accum", value=4)
    assert fit(RUN, Lever(id="grad_accum")).activation_byte[0] == fit(RUN).activation_byte[0]
    layer = 4.0 * 8.03e9 / 32  # the gathered weights of a layer do not grow with what is in flight
    assert (fit(RUN, four).activation_byte[0] - layer) / (fit(RUN).activation_byte[0] - layer) == pytest.approx(4.0)
    before, after = values(RUN), values(RUN, four)
    assert (after["flop"], after["energy_accelerator_kwh"]) == (before["flop"], before["energy_accelerator_kwh"])


def test_gradient_accumulation_shows_no_clear_difference():
    found = effect_alone(plan_of(RUN, Lever(id="grad_accum")), Lever(id="grad_accum"))
    assert found.low_kg < 0.0 < found.high_kg
    assert found.difference_kg == 0.0


def test_eight_bit_training_doubles_the_peak_and_reaches_less_of_it():
    before, after = values(RUN), values(RUN, Lever(id="mixed_precision"))
    device = CATALOG.hardware["H100-SXM"].peak_tflops
    assert after["mfu"] / before["mfu"] == pytest.approx(0.6)
    assert after["used_h"] / before["used_h"] == pytest.approx(1 / (device["fp8"] / device["bf16"] * 0.6))
    assert (after["flop"], after["power_accelerator_w"]) == (before["flop"], before["power_accelerator_w"])


def test_an_update_trains_new_tokens_and_repeats_old_ones_in_its_share_of_the_runs():
    before = values(RUN.but(runs_per_year=4.0))
    after = values(RUN.but(runs_per_year=4.0), Lever(id="incremental", value=0.25, share=0.75))
    assert after["flop"] / before["flop"] == pytest.approx(0.25 + 0.75 * 0.25 * 1.333)
    assert after["input_tokens_year"] / before["input_tokens_year"] == pytest.approx(0.25 + 0.75 * 0.25 * 1.333)


def test_batch_and_power_tuned_together_move_tokens_time_and_power():
    here = TUNE.but(hardware="V100-SXM2", model="llama3.1-8b", precision="fp16")
    before, after = values(here), values(here, Lever(id="batch_opt_training"))
    assert after["used_h"] / before["used_h"] == pytest.approx(1.353)
    assert after["power_accelerator_w"] / before["power_accelerator_w"] == pytest.approx(0.536)
    assert after["energy_accelerator_kwh"] / before["energy_accelerator_kwh"] == pytest.approx(1.353 * 0.536)


def energy_kwh(plan):
    """At the meter, all years, central case."""
    return float(results.of(plan, 0).values["energy_facility_kwh"][0, :, 0].sum())


@pytest.mark.parametrize("share", [1.0, 0.3])
def test_a_search_counts_once_over_the_years_whatever_its_share_of_the_traffic(share, monkeypatch):
    plan = plan_of(SERVE, Lever(id="nas", share=share))
    with_search = energy_kwh(plan)
    monkeypatch.setattr(under_levers, "once", lambda *_: {})
    for kept in (under_levers.figures_under, of):
        kept.cache_clear()
    without = energy_kwh(plan)
    for kept in (under_levers.figures_under, of):
        kept.cache_clear()
    by_hand = RUN.but(model=SERVE.model, hardware=SERVE.hardware, tokens_per_run_m=46_000.0)
    one_year = plan_of(by_hand).but(last_year=2026, headline_year=2026)
    assert with_search - without == pytest.approx(energy_kwh(one_year), rel=1e-6)


def test_a_search_costs_more_than_it_saves_where_little_is_asked():
    busy, quiet = SERVE.but(requests_per_day=2_000_000), SERVE.but(requests_per_day=500)
    lever = Lever(id="nas")
    assert effect_alone(plan_of(busy, lever), lever).difference_kg < 0.0
    assert effect_alone(plan_of(quiet.but(hosting="cloud"), lever), lever).difference_kg > 0.0


def test_single_runs_are_spread_in_step_with_the_tokens_and_fall_in_the_first_year_where_none_are():
    tokens = np.array([[1.0, 0.0], [2.0, 0.0], [1.0, 0.0]])
    assert spread_over(tokens).tolist() == [[0.25, 1.0], [0.5, 0.0], [0.25, 0.0]]


def test_a_model_without_attention_keeps_the_same_memory_at_any_length():
    here = SERVE.but(model="own:small", batch=16.0, accelerators=1)
    lever = Lever(id="matmul_free")
    short, long = (values(here.but(input_tokens=n), lever)["memory_cache_byte"] for n in (500, 20_000))
    assert short == long
    kv = CATALOG.models["llama3.1-8b"].kv_bytes_per_token
    assert short == pytest.approx(16.0 * kv)
    assert values(here, lever)["memory_weights_byte"] == pytest.approx(2.5e9 * 0.3)


def test_a_token_leaves_nothing_in_the_cache_of_a_block_it_skips():
    here = SERVE.but(model="own:moe", batch=2.0, accelerators=2)
    cache = [values(here, *levers)["memory_cache_byte"] for levers in ((), (Lever(id="mode"),))]
    assert cache[1] / cache[0] == pytest.approx(0.5625)


def test_fewer_tokens_reach_the_experts_in_a_model_of_depths_and_experts():
    here = SERVE.but(model="own:moe", batch=2.0, accelerators=2)
    before, after = values(here), values(here, Lever(id="mode"))
    assert after["step_time_s"] < before["step_time_s"]
    assert after["memory_weights_byte"] == before["memory_weights_byte"]
    whole = values(here, Lever(id="mode", value=1.0))
    assert whole["step_time_s"] == pytest.approx(before["step_time_s"], rel=1e-12)


@pytest.mark.parametrize(("lever", "workload", "reason"), [
    (Lever(id="mixed_precision"), RUN.but(hardware="A100-80-SXM"),
     "8-bit training (FP8) needs arithmetic in FP8; Run runs on A100 SXM4 80 GB, which has none"),
    (Lever(id="batch_opt_training"), RUN,
     "Batch and power tuned together is measured on A40 48 GB, Tesla V100 SXM2 32 GB, Tesla P100 PCIe/SXM2 16 GB "
     "alone; Run runs on H100 SXM5 80 GB"),
    (Lever(id="nas"), SERVE.but(model="mixtral-8x7b"),
     "Architecture found by search is for dense models here; Mixtral 8x7B has experts"),
    (Lever(id="nas"), SERVE.but(hosting="api", model="gpt-5", hardware=""),
     "Architecture found by search is the provider's to do; Serve is bought as a service"),
    (Lever(id="mode"), SERVE,
     "Mixture of depths and experts needs a model trained that way, entered under Own data; Llama 3.3 70B was not"),
    (Lever(id="matmul_free"), SERVE,
     "Models without matrix products needs a model trained that way, entered under Own data; Llama 3.3 70B was not"),
    (Lever(id="incremental"), SERVE, "Update instead of retraining is for training runs; Serve is not"),
])  # fmt: skip
def test_a_lever_that_cannot_act_says_why(lever, workload, reason):
    assert why_not(CATALOG, lever, workload) == reason


def test_depths_and_experts_need_a_model_with_experts():
    mine = SERVE.but(model="own:small")
    catalog = catalog_of(plan_of(mine))
    assert why_not(catalog, Lever(id="mode"), mine) == (
        "Mixture of depths and experts is for models with experts; Mine is dense"
    )


@pytest.mark.parametrize(("levers", "workload", "rule"), [
    ((Lever(id="incremental"), Lever(id="transfer")), RUN,
     "a run starts from one model: it updates it or adapts it"),
    ((Lever(id="nas"), Lever(id="layer_prune")), SERVE, "the search has already removed what can be spared"),
    ((Lever(id="nas"), Lever(id="smaller_model", choice="llama3.1-8b")), SERVE,
     "a workload answers with one model; a share of traffic for another is “Easy requests to a smaller model”"),
    ((Lever(id="batch_opt_training"), Lever(id="power_cap_training")), RUN.but(hardware="A40"),
     "batch and power limit are chosen together, and the limit with them"),
])  # fmt: skip
def test_levers_that_contradict_each_other_are_refused_with_the_rule(levers, workload, rule):
    (said,) = conflicts(CATALOG, plan_of(workload, *levers))
    assert said.endswith(f"exclude each other on {workload.name}: {rule}. Neither acts there.")


@pytest.mark.parametrize(("lever", "workload", "words"), [
    (Lever(id="incremental"), RUN.but(model="llama3.3-70b"),
     "published up to 10 billion parameters, and Llama 3.3 70B has 70.5: whether the effect holds at that size is not "
     "known"),
    (Lever(id="batch_opt_training"), RUN.but(hardware="A40"),
     "published up to 0.11 billion parameters, and Llama 3.1 8B has 8.03: whether the effect holds at that size is not "
     "known"),
    (Lever(id="grad_accum"), RUN,
     "it changes memory and the number of steps, not the arithmetic: it saves only where accelerators can go, and the "
     "fewest shown already count on one sequence at a time"),
    (Lever(id="grad_ckpt"), RUN,
     "the fewest accelerators shown count on it with or without this lever, which adds its arithmetic"),
    (Lever(id="mode"), SERVE.but(model="own:moe"),
     "no model trained this way is published, nor the energy of one: take the figure as a scenario"),
])  # fmt: skip
def test_a_lever_beyond_its_evidence_says_so(lever, workload, words):
    name = CATALOG.levers[lever.key].name
    assert lever_warnings(plan_of(workload, lever)) == [f"“{name}” on {workload.name}: {words}."]


def test_a_search_in_a_small_model_is_beyond_what_was_published():
    said = lever_warnings(plan_of(SERVE.but(model="llama3.1-8b"), Lever(id="nas")))
    assert said[0] == (
        "“Architecture found by search” on Serve: published from 70 to 405 billion parameters, and Llama 3.1 8B has "
        "8.03: whether the effect holds at that size is not known."
    )


def test_a_search_says_what_it_takes_once():
    by_hand = RUN.but(model=SERVE.model, hardware=SERVE.hardware, tokens_per_run_m=46_000.0)
    mwh = energy_kwh(plan_of(by_hand).but(last_year=2026, headline_year=2026)) / 1000
    assert lever_warnings(plan_of(SERVE, Lever(id="nas"))) == [
        f"“Architecture found by search” on Serve: the search and the training after it take {mwh:,.0f} MWh at the "
        "meter once, counted over the tokens answered until 2035."
    ]


def test_an_update_of_a_small_model_has_nothing_to_warn_of():
    assert lever_warnings(plan_of(RUN, Lever(id="incremental"))) == []


def test_published_runs_in_eight_bit_took_the_share_of_the_hours_for_sixteen_that_the_lever_says():
    """Read anew from the file of runs left out of the fit; the lever's own caveat names both ends."""
    path = facts.FOLDER / "validation" / "training_held_out.csv"
    with path.open(encoding="utf-8", newline="") as file:
        runs = [row for row in csv.DictReader(file) if row["format"] == "8 bit"]
    shares = [float(row["measured_h"]) / float(row["in_sample_h"]) for row in runs]
    assert len(runs) == 3
    assert {row["kind"] for row in runs} == {"mixture of experts"}
    said = CATALOG.levers["mixed_precision"].caveat
    assert f"took {min(shares):.2f} to {max(shares):.2f} of the hours" in said
