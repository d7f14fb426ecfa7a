"""The kernels against measurements: the rows the coefficients were fitted to, so these are in-sample errors.

Data: data/validation/ (ML.ENERGY v1-v3 and Wilkins et al. for inference; published training runs), with the fit of
fit.json. What a fit says of rows that it had not seen stands in held_out.csv and is tested in tests/fit.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from core.engine import InferenceColumns, TrainingColumns, inference, training
from tests.engine.rows import COEFFICIENTS, FIT, columns

DATA = Path(__file__).parents[2] / "data"
WEIGHT_BYTE = {"bf16": 2, "fp16": 2, "fp8": 1, "mxfp4": 0.53125}
SERVING = {"vllm": 0, "vllm-2024": 1, "transformers": 2}
PARALLEL = {"tp": 0, "ep": 1, "pp": 2}


def table(path, key="id"):
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


MODELS, HARDWARE = table("models/models.csv"), table("hardware/hardware.csv")
MEASURED = list(table("validation/inference_measurements.csv").values())
RUNS = table("validation/training_runs.csv")


def peak16_tflops(device):
    return float(device["peak_bf16_tflops"] or device["peak_fp16_tflops"])


def inference_row(row):
    """One measurement as a row of columns."""
    m, h = MODELS[row["model"]], HARDWARE[row["hardware"]]
    fp8 = row["precision"] == "fp8"
    same = ("experts", "experts_per_token", "layers", "d_model", "heads", "head_dim", "kv_window_tokens")
    return {name: float(m[name]) for name in same} | {
        "params_total": float(m["params_total_b"]) * 1e9,
        "params_active": float(m["params_active_b"]) * 1e9,
        "kv_heads": float(m["kv_heads"] or 1),
        "kv_byte_per_token": float(m["kv_bytes_per_token"]),
        "kv_global_share": float(m["kv_global_share"]),
        "recurrent_state_byte": float(m["recurrent_state_byte"] or 0),
        "latent_cache": m["attention"] == "MLA",
        "weight_byte": WEIGHT_BYTE[row["precision"]],
        "expert_4bit": row["precision"] == "mxfp4",
        "fp8_compute": fp8,
        "fp8_block": fp8 and m["fp8_block"] == "1",
        "peak_flop_per_s": (float(h["peak_fp8_tflops"]) if fp8 else peak16_tflops(h)) * 1e12,
        "peak16_flop_per_s": peak16_tflops(h) * 1e12,
        "bandwidth_byte_per_s": float(h["bandwidth_gb_s"]) * 1e9,
        "memory_byte": float(h["memory_gb"]) * 1e9,
        "tdp_w": float(h["tdp_w"]),
        "idle_w": float(h["idle_w"]),
        "link_byte_per_s": float(h["link_gb_s"]) * 1e9,
        "gddr": float(h["gddr"]),
        "accelerators_per_server": float(h["accelerators_per_server"]),
        "measured": 1,
        "kernel_time_factor": 1,
        "power_factor": 1,
        "engine": SERVING[row["serving"]],
        "parallel": PARALLEL[row["parallel"]],
        "accelerators": float(row["accelerators"]),
        "batch": float(row["batch"]),
        "batch_cap": 1e4,
        "room_batch": 1,
        "memory_reserve_share": 0.1,
        "requests": 1,
        "input_tokens": float(row["input_tokens"]),
        "output_tokens": float(row["output_tokens"]),
        "cached_share": 0,
        "drafted_tokens": 0,
        "separate": 0,
        "draft_accepted_share": 0,
        "draft_size_share": 0,
        "service_h": 8760,
        "peak_to_mean": 1,
        "shared": 1,
        "provider_utilization": 1,
        "installed": 0,
        "busy_share": 0,
        "held_h": 8760,
        "host_w": 0,
        "error_z": 0,
        "error_on": 0,
    }


def training_row(run):
    """One training run as a row of columns."""
    h = HARDWARE[run["hardware"]]
    watts = FIT["training_system_W_per_chip"]
    return {
        "params_active": float(run["params_active_b"]) * 1e9,
        "train_tokens": float(run["train_tokens_b"] or 0) * 1e9,
        "sequence_tokens": float(run["sequence_tokens"] or 0),
        "runs": 1,
        "overhead_factor": 1,
        "flop": float(run["compute_reported_flop"] or 0),
        "mfu": 0,
        "peak16_flop_per_s": peak16_tflops(h) * 1e12,
        "tdp_w": float(h["tdp_w"]),
        "system_w": watts.get(h["id"], {"value": 0})["value"],
        "kernel_time_factor": 1,
        "power_factor": 1,
        "peak_factor": 1,
        "mfu_factor": 1,
        "utilization": 1,
        "installed": 0,
        "idle_w": 0,
        "hours_z": 0,
        "energy_z": 0,
        "error_on": 0,
    }


@pytest.fixture(scope="module")
def predicted():
    return inference(columns(InferenceColumns, [inference_row(row) for row in MEASURED]), COEFFICIENTS)


def measured(name):
    return np.array([float(row[name]) for row in MEASURED])


def test_all_712_measurements_are_scored():
    assert len(MEASURED) == 712


def test_energy_per_token_is_within_a_tenth_of_half_the_measurements(predicted):
    ratio = predicted.energy_accelerator_j_per_output_token / measured("energy_accelerator_j_per_output_token")
    assert 0.070 <= np.median(abs(ratio - 1)) <= 0.085
    assert np.mean((ratio > 0.5) & (ratio < 2)) >= 0.985


def test_step_time_and_power_are_each_within_a_tenth_of_half_the_measurements(predicted):
    time = predicted.step_time_s * measured("output_tokens_per_s") / measured("batch")
    power = predicted.power_accelerator_w * measured("accelerators") / measured("power_total_w")
    assert 0.080 <= np.median(abs(time - 1)) <= 0.105
    assert 0.060 <= np.median(abs(power - 1)) <= 0.075


def test_training_hours_are_within_a_fifth_of_half_the_open_runs():
    known = [run for run in RUNS.values() if run["accelerator_hours"] and run["checked"] != "unverified"]
    rows = [(run, training_row(run)) for run in known]
    rows = [(run, row) for run, row in rows if (row["flop"] or row["train_tokens"]) and "strubell" not in run["id"]]
    result = training(columns(TrainingColumns, [row for _, row in rows]), COEFFICIENTS)
    ratio = result.used_h / np.array([float(run["accelerator_hours"]) for run, _ in rows])
    assert len(rows) == 32
    assert 0.15 <= np.median(abs(ratio - 1)) <= 0.20
    assert (
        np.mean((ratio > 0.5) & (ratio < 2)) == 31 / 32
    )  # the other is a model pruned and distilled from a larger one
