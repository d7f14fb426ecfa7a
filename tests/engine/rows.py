"""Rows to try the kernels on: wide strategies, a fixed random set, and the way from rows to columns."""

import json
import math
import random
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from core.engine import ActivityColumns, FootprintColumns, from_fit

FITS = [Path(__file__).parents[2] / "data/validation" / name for name in ("fit.json", "fit_training.json")]
FIT = {part: found for file in FITS for part, found in json.loads(file.read_text(encoding="utf-8")).items()}
COEFFICIENTS = from_fit(FIT)


class Draw:
    """One source of values for both hypothesis and a seeded generator."""

    def __init__(self, between, one_of):
        self.between = between
        self.one_of = one_of

    def spread(self, low, high):
        """Evenly over the orders of magnitude."""
        return 10 ** self.between(math.log10(low), math.log10(high))


def seeded(seed):
    generator = random.Random(seed)
    return Draw(generator.uniform, generator.choice)


def model(d):
    """A model whose parts go together, as any real one's do."""
    layers, width = d.one_of([4, 32, 61, 126]), d.one_of([1024, 4096, 7168, 16384])
    experts = d.one_of([0, 0, 8, 128, 256])
    per_token = d.one_of([1, 2, 8]) if experts else 0
    active = 12 * layers * width**2 * d.spread(0.5, 2)
    total = active * (d.spread(1.01, 1.2 * experts / per_token) if experts > per_token else 1)
    heads = d.one_of([8, 32, 128])
    windowed = d.one_of([True, False, False])
    return {
        "params_total": total * d.one_of([1, 1, 1, 0.98]),
        "params_active": active,
        "experts": experts,
        "experts_per_token": per_token,
        "layers": layers,
        "d_model": width,
        "heads": heads,
        "head_dim": width / heads,
        "kv_heads": d.one_of([1, 4, 8, heads]),
        "kv_byte_per_token": d.spread(1e4, 1e6),
        "kv_window_tokens": d.one_of([128, 4096]) if windowed else 0,
        "kv_global_share": d.between(0, 1) if windowed else 1,
        "recurrent_state_byte": d.one_of([0, 0, 1.5e8]),
        "latent_cache": d.one_of([0, 0, 0, 1]),
    }


def accelerator(d):
    peak16, eight_bit = d.spread(2e13, 3e15), d.one_of([0, 0, 1])
    tdp = d.between(70, 1400)
    return {
        "weight_byte": 1 if eight_bit else d.one_of([0.53125, 2, 4]),
        "expert_4bit": 0 if eight_bit else d.one_of([0, 1]),
        "fp8_compute": eight_bit,
        "fp8_block": eight_bit and d.one_of([0, 1]),
        "peak_flop_per_s": peak16 * (2 if eight_bit else 1),
        "peak16_flop_per_s": peak16,
        "bandwidth_byte_per_s": d.spread(2e11, 1e13),
        "memory_byte": d.spread(1.6e10, 3e11),
        "tdp_w": tdp,
        "idle_w": tdp * d.between(0.02, 0.3),
        "link_byte_per_s": d.spread(1e10, 2e12),
        "gddr": d.one_of([0, 0, 1]),
        "accelerators_per_server": d.one_of([1, 4, 8, 16]),
        "measured": d.one_of([0, 1]),
        "kernel_time_factor": d.one_of([1, 1, d.between(0.9, 4)]),
        "power_factor": d.one_of([1, 1, d.between(0.5, 1)]),
        "host_w": d.between(0, 600),
    }


def service(d):
    """How it serves, and the load. A 0 leaves the matter to the engine."""
    return {
        "engine": d.one_of([0, 0, 0, 1, 2]),
        "parallel": d.one_of([0, 1, 2]),
        "accelerators": d.one_of([0, 0, 1, 2, 8, 24]),
        "batch": d.one_of([0, 0, 0, 0.4, 1, 17.3, 300.7]),
        "batch_cap": d.one_of([1, 64, 256, 4096]),
        "memory_reserve_share": d.between(0, 0.3),
        "requests": d.one_of([0, 1, 1, 1, 1, 1]) * d.spread(1, 1e10),
        "input_tokens": d.spread(1, 1e5),
        "output_tokens": d.spread(1, 2e4),
        "cached_share": d.one_of([0, d.between(0, 1)]),
        "drafted_tokens": d.one_of([0, 0, 1, 3, 7]),
        "draft_accepted_share": d.one_of([d.between(0, 1), 1]),
        "draft_size_share": d.between(0, 0.1),
        "service_h": d.one_of([8760, 2000.5]),
        "peak_to_mean": d.between(1, 10),
        "shared": d.one_of([0, 0, 1]),
        "provider_utilization": d.between(0.05, 1),
        "installed": d.one_of([0, 0, 1, 7, 64, 1000]),
        "busy_share": d.one_of([0, 0, d.between(0.01, 1)]),
        "held_h": d.one_of([8760, 2000.5]),
        "error_z": d.between(-3, 3),
        "error_on": d.one_of([0, 1]),
        "room_batch": d.one_of([0, 1, 8, 100.5]),
        "separate": d.one_of([0, 0, 0, 1]),
    }


def inference_row(d):
    return model(d) | accelerator(d) | service(d)


def training_row(d):
    return {
        "params_active": d.spread(1e7, 1e12),
        "train_tokens": d.spread(1e6, 5e13),
        "sequence_tokens": d.spread(100, 1e6),
        "runs": d.between(0, 30),
        "overhead_factor": d.between(1, 3),
        "flop": d.one_of([0, 0, 1]) * d.spread(1e18, 1e26),
        "mfu": d.one_of([0, 0, 1]) * d.between(0.05, 0.7),
        "peak16_flop_per_s": d.spread(2e13, 3e15),
        "tdp_w": d.between(70, 1400),
        "system_w": d.one_of([0, 0, 378]),
        "kernel_time_factor": d.one_of([1, d.between(0.9, 2)]),
        "power_factor": d.one_of([1, d.between(0.5, 1)]),
        "peak_factor": d.one_of([1, 2]),
        "mfu_factor": d.one_of([1, d.between(0.5, 1)]),
        "utilization": d.between(0.1, 1),
        "installed": d.one_of([0, 64]),
        "idle_w": d.between(10, 200),
        "hours_z": d.between(-3, 3),
        "energy_z": d.between(-3, 3),
        "error_on": d.one_of([0, 1]),
    }


def training_memory_row(d):
    """A run from a toy to a giant, on accelerators that may be too small for it."""
    params = d.spread(1e8, 2e12)
    return {
        "params_total": params,
        "params_active": params * d.one_of([1, 1, d.between(0.03, 1)]),
        "layers": d.one_of([4, 32, 61, 126]),
        "d_model": d.one_of([1024, 4096, 7168, 16384]),
        "state_byte_per_param": d.one_of([10, 16, 18.5, 20]),
        "sequence_tokens": d.spread(500, 64_000),
        "micro_batch": d.one_of([1, 1, 1.5, 4]),
        "memory_byte": d.spread(1.6e10, 3e11),
        "memory_reserve_share": d.between(0, 0.3),
        "accelerators_per_server": d.one_of([1, 4, 8, 16, 72]),
        "installed": d.one_of([0, 0, 8, 100]),
    }


def footprint_row(d):
    inputs = d.one_of([0, 1, 1]) * d.spread(1, 1e13)
    price = [math.nan, 0, 1, 1, 1]
    return {
        "energy_accelerator_kwh": d.spread(1e-3, 1e9),
        "energy_idle_kwh": d.one_of([0, 1]) * d.spread(1e-3, 1e9),
        "energy_host_kwh": d.spread(1e-3, 1e9),
        "held_h": d.one_of([0, 1, 1]) * d.spread(1, 1e9),
        "input_tokens_year": inputs,
        "cached_tokens_year": inputs * d.one_of([0, d.between(0, 1)]),
        "output_tokens_year": d.one_of([0, 1, 1]) * d.spread(1, 1e13),
        "pue": d.between(1, 3),
        "wue_l_per_kwh": d.between(0, 5),
        "intensity_location_g_per_kwh": d.between(0, 1200),
        "contract_g_per_kwh": d.between(0, 300),
        "procurement_share": d.between(0, 1),
        "residual_g_per_kwh": d.between(0, 1200),
        "water_source_l_per_kwh": d.between(0, 20),
        "embodied_kg": d.between(0, 3000),
        "lifetime_years": d.between(1, 8),
        "hired_utilization": d.one_of([1, d.between(0.2, 1)]),
        "price_hire_usd_per_h": d.one_of(price) * d.between(0.1, 20),
        "price_electricity_usd_per_kwh": d.one_of(price) * d.between(0.01, 0.5),
        "price_purchase_usd": d.one_of(price) * d.between(100, 50000),
        "operations_usd_per_h": d.one_of(price) * d.between(0, 2),
        "price_input_usd_per_m_tokens": d.one_of(price) * d.between(0, 50),
        "price_cached_usd_per_m_tokens": d.one_of(price) * d.between(0, 50),
        "price_output_usd_per_m_tokens": d.one_of(price) * d.between(0, 50),
        "hosting": d.one_of([0, 1, 2, 3]),
        "carbon_price_usd_per_t": d.one_of(price) * d.between(0, 300),
        "panels_ratio": d.one_of([0, 0, 1]) * d.spread(0.05, 20),
        "latitude": d.between(-75, 75),
        "sunny_share": d.between(0.3, 1),
        "panel_loss_share": d.between(0, 0.5),
        "panels_g_per_kwh": d.between(0, 200),
    }


def calibration_row(d):
    energies = ("energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh", "energy_accelerator_j_per_output_token")
    factors = ("calibration_busy_factor", "calibration_idle_factor", "calibration_host_factor")
    scaled = {name: d.one_of([0, 1, 1]) * d.spread(1e-3, 1e9) for name in energies}
    return scaled | {name: d.one_of([1, d.spread(0.1, 10)]) for name in factors}


def columns(kind, rows):
    """Columns of the rows, in their order."""
    return kind(*(np.array([float(row[name]) for row in rows]) for name in kind._fields))


def footprint_columns(rows):
    return columns(ActivityColumns, rows), columns(FootprintColumns, rows)


def _strategy(make):
    @st.composite
    def build(draw):
        def between(low, high):
            return draw(st.floats(low, high, allow_nan=False))

        return make(Draw(between, lambda options: draw(st.sampled_from(options))))

    return build()


inference_rows = _strategy(inference_row)
training_rows = _strategy(training_row)
training_memory_rows = _strategy(training_memory_row)
footprint_rows = _strategy(footprint_row)
calibration_rows = _strategy(calibration_row)


def fixed_rows(make, count=300, seed=20260109):
    d = seeded(seed)
    return [make(d) for _ in range(count)]


def changed(columns_, **values):
    """The columns with some of them replaced; a number fills its column."""
    rows = len(columns_[0])
    return columns_._replace(**{name: np.broadcast_to(value, rows).astype(float) for name, value in values.items()})
