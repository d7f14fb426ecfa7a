"""One bought and one own workload from catalog values to kilograms, beside the engine: equations only, central case."""

import numpy as np
import pytest

from core import catalog, results
from core.plan import Workload
from tests import naive
from tests.engine.rows import FIT
from tests.results.plans import plan

CATALOG = catalog.load()
BOUGHT = Workload(
    id="bought", hosting="api", model="llama3.3-70b", region="FR", requests_per_day=50_000, input_tokens=2_000,
    output_tokens=250, cached_share=0.25, operating_days=220, growth_low_pct=10, growth_central_pct=30,
    growth_high_pct=50, growth_decay_pct=5, price_input_usd_per_m_tokens=1, price_output_usd_per_m_tokens=3,
    price_cached_usd_per_m_tokens=0.2, contract_share="2026=0.5", contract_g_per_kwh=20,
)  # fmt: skip
OWN = Workload(
    id="own", hosting="own", model="mixtral-8x7b", hardware="A100-80-SXM", region="DE", requests_per_day=400_000,
    input_tokens=1_200, output_tokens=350, peak_to_mean=3, operating_days=365, installed_accelerators=16,
    price_purchase_usd=20_000, price_electricity_usd_per_kwh=0.2, price_operations_usd_per_h=0.3,
)  # fmt: skip
TUNED = Workload(
    id="tuned", kind="fine_tuning", hosting="cloud", model="llama3.1-8b", hardware="H100-SXM", region="SE",
    tokens_per_run_m=300, epochs=2, runs_per_year=3, overhead_factor=1.5, price_hire_usd_per_h=3,
)  # fmt: skip


def of_model(model):
    return {
        "params_total": model.params_total_b * 1e9, "params_active": model.params_active_b * 1e9,
        "experts": model.experts, "experts_per_token": model.experts_per_token, "layers": model.layers,
        "d_model": model.d_model, "heads": model.heads, "head_dim": model.head_dim, "kv_heads": model.kv_heads,
        "kv_byte_per_token": model.kv_bytes_per_token, "kv_window_tokens": model.kv_window_tokens,
        "kv_global_share": model.kv_global_share, "recurrent_state_byte": model.recurrent_state_byte,
        "latent_cache": model.attention == "MLA",
    }  # fmt: skip


def of_hardware(hardware):
    return {
        "peak_flop_per_s": hardware.peak_tflops["bf16"] * 1e12,
        "peak16_flop_per_s": hardware.peak_tflops["bf16"] * 1e12,
        "bandwidth_byte_per_s": hardware.bandwidth_gb_s * 1e9, "memory_byte": hardware.memory_gb * 1e9,
        "tdp_w": hardware.tdp_w, "idle_w": hardware.idle_w, "link_byte_per_s": hardware.link_gb_s * 1e9,
        "gddr": hardware.gddr, "accelerators_per_server": hardware.accelerators_per_server,
        "host_w": hardware.host_w or CATALOG.assumptions["host_w"].central,
    }  # fmt: skip


def assumption(name):
    return CATALOG.assumptions[name].central


def served(workload, hardware, factor, shared):
    """Inference of one year by the slow twin."""
    return naive.inference(
        of_model(CATALOG.models[workload.model])
        | of_hardware(hardware)
        | {
            "weight_byte": 2, "expert_4bit": 0, "fp8_compute": 0, "fp8_block": 0, "measured": 1, "engine": 0,
            "parallel": 0, "accelerators": 0, "batch": 0,
            "batch_cap": assumption("api_batch" if shared else "batch_cap"),
            "room_batch": assumption("room_batch"),
            "memory_reserve_share": assumption("memory_reserve_share"),
            "requests": workload.requests_per_day * workload.operating_days * factor,
            "input_tokens": workload.input_tokens, "output_tokens": workload.output_tokens,
            "cached_share": workload.cached_share, "drafted_tokens": 0, "draft_accepted_share": 0,
            "draft_size_share": 0, "kernel_time_factor": 1, "power_factor": 1,
            "service_h": workload.operating_days * 24,
            "peak_to_mean": workload.peak_to_mean, "shared": shared,
            "provider_utilization": assumption("provider_utilization"),
            "installed": workload.installed_accelerators or 0, "busy_share": 0, "held_h": 8760, "error_z": 0,
            "error_on": 0,
        },
        FIT,
    )  # fmt: skip


def site(workload, hardware, pue, wue, hosting):
    region = CATALOG.regions[workload.region]
    found = {
        "pue": pue, "wue_l_per_kwh": wue, "intensity_location_g_per_kwh": region.carbon_g_per_kwh,
        "contract_g_per_kwh": workload.contract_g_per_kwh or 0,
        "procurement_share": workload.contract_share[0][1] if workload.contract_share else 0,
        "residual_g_per_kwh": region.carbon_g_per_kwh, "water_source_l_per_kwh": region.water_l_per_kwh,
        "embodied_kg": hardware.embodied_kg + assumption("embodied_server_share_kg"),
        "lifetime_years": assumption("lifetime_years"),
        "hired_utilization": assumption("provider_utilization") if hosting == 2 else 1,
        "hosting": hosting, "carbon_price_usd_per_t": 50,
        "price_hire_usd_per_h": workload.price_hire_usd_per_h,
        "price_electricity_usd_per_kwh": workload.price_electricity_usd_per_kwh,
        "price_purchase_usd": workload.price_purchase_usd, "operations_usd_per_h": workload.price_operations_usd_per_h,
        "price_input_usd_per_m_tokens": workload.price_input_usd_per_m_tokens,
        "price_cached_usd_per_m_tokens": workload.price_cached_usd_per_m_tokens,
        "price_output_usd_per_m_tokens": workload.price_output_usd_per_m_tokens,
    }  # fmt: skip
    return {name: np.nan if value is None else value for name, value in found.items()}


def tokens(workload, factor):
    requests = workload.requests_per_day * workload.operating_days * factor
    return {
        "input_tokens_year": requests * workload.input_tokens,
        "cached_tokens_year": requests * workload.input_tokens * workload.cached_share,
        "output_tokens_year": requests * workload.output_tokens,
    }


def agrees(workload, year, activity, footprint):
    """Every figure that the slow twin knows, to nine digits."""
    found = results.of(plan(workload, carbon_price_usd_per_t=50, last_year=2028), 8)
    for name, value in (activity | footprint).items():
        np.testing.assert_allclose(found.values[name][0, year, 0], value, rtol=1e-9, atol=1e-6, err_msg=name)


@pytest.mark.parametrize(("year", "factor"), [(0, 1), (1, 1.3), (2, 1.3 * 1.25)])
def test_a_bought_workload_is_what_its_equations_say(year, factor):
    hardware = CATALOG.hardware["H100-SXM"]
    activity = served(BOUGHT, hardware, factor, shared=1)
    row = activity | site(BOUGHT, hardware, assumption("pue_api"), assumption("wue_api"), 3)
    agrees(BOUGHT, year, activity, naive.footprint(row | tokens(BOUGHT, factor)))


def test_an_own_workload_is_what_its_equations_say():
    hardware = CATALOG.hardware["A100-80-SXM"]
    activity = served(OWN, hardware, 1, shared=0)
    row = activity | site(OWN, hardware, assumption("pue_own"), assumption("wue_own"), 0) | tokens(OWN, 1)
    agrees(OWN, 0, activity, naive.footprint(row))


def test_a_training_workload_is_what_its_equations_say():
    hardware = CATALOG.hardware["H100-SXM"]
    model = CATALOG.models[TUNED.model]
    activity = naive.training(
        {
            "params_active": model.params_active_b * 1e9, "train_tokens": 600e6,
            "sequence_tokens": assumption("training_sequence_tokens"), "runs": 3,
            "overhead_factor": 1.5, "flop": 0, "mfu": 0, "peak16_flop_per_s": hardware.peak_tflops["bf16"] * 1e12,
            "tdp_w": hardware.tdp_w,
            "system_w": FIT["training_system_W_per_chip"].get(hardware.id, {"value": 0})["value"],
            "utilization": assumption("training_utilization"), "kernel_time_factor": 1, "power_factor": 1,
            "peak_factor": 1, "mfu_factor": 1,
            "installed": 0, "idle_w": hardware.idle_w, "hours_z": 0, "energy_z": 0,
            "error_on": 0,
        },
        FIT,
    )  # fmt: skip
    row = activity | site(TUNED, hardware, assumption("pue_cloud"), assumption("wue_cloud"), 2)
    row |= {"input_tokens_year": 2.7e9, "cached_tokens_year": 0, "output_tokens_year": 0}
    agrees(TUNED, 0, activity, naive.footprint(row))
