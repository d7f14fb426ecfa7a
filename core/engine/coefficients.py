"""The fitted coefficients, under the names and units of the fit's own file."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

GPUS = ("seen_gpu", "unseen_gpu")
CLASSES = ("dense", "moe", "moe_block_fp8")
BANDS = ("b1", "b2_16", "b17_128", "b129_up")


class InferenceCoefficients(NamedTuple):
    """Of one decode step, its power, and the 80 % interval of the model error."""

    eta_weight: float
    eta_weight_fp8: float
    eta_weight_hf: float
    eta_expert_16: float
    eta_expert_4bit: float
    eta_kv: float
    eta_compute: float
    eta_compute_fp8: float
    layer_us: float
    layer_fp8moe_us: float
    allreduce_us: float
    allreduce_ep_us: float
    eta_link: float
    eta_link_2024: float
    route_passes: float
    pad_tokens: float
    pad_tokens_fp8block: float
    fp8moe_prefill_us: float
    expert_reuse: float
    expert_spread: float
    step_us: float
    seq_us: float
    step_2024_ms: float
    seq_2024_us: float
    req_2024_ms: float
    tp_2024_ms: float
    hf_layer_us: float
    p_floor: float
    p_busy_dense: float
    p_busy_moe: float
    p_weight: float
    p_kv: float
    p_flop: float
    p_gddr: float
    p_knee: float
    interval_ln_80: NDArray[np.float64]  # (accelerator seen or not, model class, batch band, P10 P50 P90)


class TrainingCoefficients(NamedTuple):
    """Of the share of peak FLOP/s reached in training, its power, and the 80 % intervals."""

    ln_mfu: float
    small_on_fast: float
    u_gpu: float
    host_frac: float
    hours: NDArray[np.float64]  # P10 P50 P90 of ln(measured / predicted)
    energy_given_hours: NDArray[np.float64]


class Coefficients(NamedTuple):
    """All that was fitted."""

    inference: InferenceCoefficients
    training: TrainingCoefficients


def values(part: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, float]:
    """The `value` of each coefficient; a missing or surplus name stops the load."""
    if set(part) != set(fields):
        raise ValueError(f"coefficients that differ from the engine's: {sorted(set(part) ^ set(fields))}")
    return {name: float(part[name]["value"]) for name in fields}


def from_fit(fit: Mapping[str, Any]) -> Coefficients:
    """Coefficients from the fit's file, read as nested dicts."""
    knee = fit["inference"]["p_knee"]["value"]
    if knee != int(knee):
        raise ValueError(f"p_knee is {knee}; it must be a whole exponent")
    bands = fit["interval_ln_80"]
    interval = [[[bands[gpu][f"{kind}|{band}"] for band in BANDS] for kind in CLASSES] for gpu in GPUS]
    spans = fit["training_interval_ln_80"]
    return Coefficients(
        InferenceCoefficients(
            **values(fit["inference"], InferenceCoefficients._fields[:-1]),
            interval_ln_80=np.array(interval, dtype=np.float64),
        ),
        TrainingCoefficients(
            **values(fit["training"], TrainingCoefficients._fields[:-2]),
            hours=np.array(spans["hours"], dtype=np.float64),
            energy_given_hours=np.array(spans["energy_given_hours"], dtype=np.float64),
        ),
    )
