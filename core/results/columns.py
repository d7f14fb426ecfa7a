"""The road from workloads to engine columns: every field of a column, by year and draw.

A field is a number, or an array that broadcasts to (years, 1 + draws). Nothing here computes a footprint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist
from typing import Any, TypeVar

import numpy as np

from core.catalog import Catalog, FleetShare, Hardware, Model
from core.plan import Plan, Workload
from core.results.arithmetic import arithmetic_of, peak16_tflops
from core.results.demand import ceiling_requests_per_day, demand_factor, requests_per_year, runs_in
from core.results.drawing import Drawing, Fields
from core.results.draws import Floats, spread
from core.results.projection import later_machines
from core.results.site import assumed
from core.units import (
    BYTES_PER_GB,
    FLOP_PER_TFLOP,
    H_PER_DAY,
    H_PER_YEAR,
    PARAMS_PER_B,
    TOKENS_PER_M,
)

Columns = TypeVar("Columns", bound=tuple[Any, ...])

SERVING = {"vllm": 0.0, "vllm-2024": 1.0, "transformers": 2.0}
PARALLEL = {"tp": 0.0, "ep": 1.0, "pp": 2.0}
AS_FITTED: Fields = {"kernel_time_factor": 1.0, "power_factor": 1.0}  # what levers alone change
SIXTEEN_BIT_TRAINING: Fields = {"peak_factor": 1.0, "mfu_factor": 1.0}
NO_DRAFTING: Fields = {"drafted_tokens": 0.0, "draft_accepted_share": 0.0, "draft_size_share": 0.0}
HOSTING = {"own": 0.0, "colocation": 1.0, "cloud": 2.0, "api": 3.0}


def stack(kind: type[Columns], rows: Sequence[Fields], years: int, draws: int) -> Columns:
    """Columns of n = rows x years x (1 + draws) rows, workload slowest, draw fastest."""
    names: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
    block = np.empty((len(names), len(rows), years, 1 + draws))
    for column, name in zip(block, names, strict=True):
        for place, fields in enumerate(rows):
            column[place] = fields[name]
    return kind(*block.reshape(len(names), -1))


def candidates(catalog: Catalog, workload: Workload) -> list[FleetShare]:
    """What a bought service may run on: of the provider's accelerators, those that compute in the number format."""
    shares = [
        s for s in catalog.provider_fleet if arithmetic_of(catalog, workload.precision, catalog.hardware[s.hardware_id])
    ]
    return shares or list(catalog.provider_fleet)


def fleet(catalog: Catalog, workload: Workload, drawing: Drawing) -> tuple[list[Hardware], Floats]:
    """The accelerators a workload may run on, and which of them each draw takes.

    A named accelerator is certain. A bought service hides its own: draws fall on the catalog's candidates by weight,
    and the central case takes the heaviest.
    """
    if workload.hardware:
        return [catalog.hardware[workload.hardware]], np.zeros(1 + drawing.draws)
    shares = candidates(catalog, workload)
    edges = np.cumsum([share.weight for share in shares])
    ends = [NormalDist().inv_cdf(edge / edges[-1]) for edge in edges[:-1]]
    central = int(np.argmax([share.weight for share in shares]))
    z = drawing.z("api:hardware")
    picked = np.where(z == 0.0, central, np.searchsorted(ends, z))
    return [catalog.hardware[share.hardware_id] for share in shares], picked.astype(float)


def take_by_draw(hardware: Sequence[Hardware], picked: Floats, value: Any) -> float | Floats:
    """A figure of the device that each draw takes; one number where there is one device."""
    table = np.array([float(value(h)) for h in hardware])
    return float(table[0]) if len(table) == 1 else table[picked.astype(int)]


def model_fields(model: Model, drawing: Drawing) -> Fields:
    """The model's columns. Undisclosed models draw their size; total and active parameters move together."""
    active_b = float(model.params_active_b or 0.0)
    low_b, high_b = model.params_active_low_b or active_b, model.params_active_high_b or active_b
    factor = spread(low_b / active_b, 1.0, high_b / active_b, drawing.z(f"params:{model.id}"))
    return {
        "params_total": model.params_total_b * PARAMS_PER_B * factor,
        "params_active": active_b * PARAMS_PER_B * factor,
        "experts": float(model.experts or 0),
        "experts_per_token": float(model.experts_per_token or 0),
        "layers": float(model.layers or 0),
        "d_model": float(model.d_model or 0),
        "heads": float(model.heads or 0),
        "head_dim": float(model.head_dim or 0),
        "kv_heads": float(model.kv_heads or 1),
        "kv_byte_per_token": float(model.kv_bytes_per_token or 0),
        "kv_window_tokens": float(model.kv_window_tokens or 0),
        "kv_global_share": float(model.kv_global_share if model.kv_global_share is not None else 1),
        "recurrent_state_byte": float(model.recurrent_state_byte or 0),
        "latent_cache": float(model.latent_cache),
    }


def by_device(hardware: Sequence[Hardware], picked: Floats, values: Callable[[Hardware], Floats]) -> Floats:
    """Draws of a quantity that each device has its own range for."""
    return np.asarray(sum(np.where(picked == place, values(h), 0.0) for place, h in enumerate(hardware)))


def idle_w(hardware: Sequence[Hardware], picked: Floats, drawing: Drawing) -> Floats:
    """Idle power of the accelerator [W], over the range of its readings."""
    return by_device(
        hardware, picked, lambda h: spread(h.idle_low_w, h.idle_w, h.idle_high_w, drawing.z(f"idle:{h.id}"))
    )


def hardware_fields(
    catalog: Catalog, workload: Workload, hardware: Sequence[Hardware], picked: Floats, drawing: Drawing
) -> Fields:
    """The accelerator's columns in the workload's number format."""

    def take(value: Any) -> float | Floats:
        return take_by_draw(hardware, picked, value)

    def arithmetic(h: Hardware) -> Any:
        return arithmetic_of(catalog, workload.precision, h)

    first = arithmetic(hardware[0])
    return {
        "weight_byte": first.weight_byte,
        "expert_4bit": float(first.four_bit),
        "fp8_compute": float(first.eight_bit),
        "peak_flop_per_s": take(lambda h: arithmetic(h).peak_tflops * FLOP_PER_TFLOP),
        "peak16_flop_per_s": take(lambda h: arithmetic(h).peak16_tflops * FLOP_PER_TFLOP),
        "bandwidth_byte_per_s": take(lambda h: h.bandwidth_gb_s * BYTES_PER_GB),
        "memory_byte": take(lambda h: h.memory_gb * BYTES_PER_GB),
        "tdp_w": take(lambda h: h.tdp_w),
        "idle_w": idle_w(hardware, picked, drawing),
        "link_byte_per_s": take(lambda h: max(h.link_gb_s, 1.0) * BYTES_PER_GB),
        "gddr": take(lambda h: h.gddr),
        "accelerators_per_server": take(lambda h: h.accelerators_per_server),
        "measured": take(lambda h: h.id in catalog.measured_hardware),
    } | AS_FITTED


def inference_fields(catalog: Catalog, plan: Plan, workload: Workload, model: Model, drawing: Drawing) -> Fields:
    """Every column of one serving workload."""
    hardware, picked = fleet(catalog, workload, drawing)
    shared = workload.hosting == "api"
    facts = catalog.assumptions
    cap: float | Floats = facts["batch_cap"].central
    if shared:
        cap = drawing.of(assumed(facts["api_batch"], "api:batch"))
    service_h = workload.operating_days * H_PER_DAY
    requests = requests_per_year(plan, workload, drawing.draws)
    named = workload.hardware or "api"
    return in_later_years(
        later_machines(catalog, plan, workload),
        model_fields(model, drawing)
        | hardware_fields(catalog, workload, hardware, picked, drawing)
        | {
            "fp8_block": float(model.fp8_block and workload.precision == "fp8"),
            "engine": SERVING[workload.serving],
            "parallel": PARALLEL[workload.parallel],
            "accelerators": float(workload.accelerators or 0),
            "batch": workload.batch or 0.0,
            "batch_cap": cap,
            "room_batch": facts["room_batch"].central,
            "memory_reserve_share": facts["memory_reserve_share"].central,
            "requests": requests,
            "input_tokens": workload.input_tokens,
            "output_tokens": workload.output_tokens,
            "cached_share": workload.cached_share,
            **NO_DRAFTING,
            "separate": 0.0,
            "service_h": min(service_h, H_PER_YEAR),
            "peak_to_mean": workload.peak_to_mean,
            "shared": float(shared),
            "provider_utilization": drawing.share_of(assumed(facts["provider_utilization"], "api:utilization")),
            "installed": float(workload.installed_accelerators or 0) * runs_in(plan, workload),
            "busy_share": busy_share(workload, requests),
            "held_h": min(service_h, H_PER_YEAR) if hired_by_the_day(workload) else H_PER_YEAR,
            "host_w": host_w(catalog, workload, hardware, picked, drawing),
            "error_z": drawing.z(f"inference:{model.id}:{named}"),
            "error_on": drawing.on(f"inference:{model.id}:{named}"),
        },
    )


def in_later_years(factors: Mapping[str, Floats], fields: Fields) -> Fields:
    """Columns as they stand in each year, where quicker software or newer accelerators move them."""
    return fields | {name: fields[name] * factor for name, factor in factors.items() if name in fields}


def hired_by_the_day(workload: Workload) -> bool:
    """Whether its accelerators are held on operating days only: hired ones, as many as the load needs."""
    return workload.hosting == "cloud" and workload.installed_accelerators is None


def busy_share(workload: Workload, requests: Floats) -> Floats:
    """The measured busy share, in step with the requests served since it was measured; the whole year at most.

    At that point a copy answers more requests at a time, and the engine adds copies where that does not suffice.
    """
    return np.minimum((workload.busy_share or 0.0) * since_measured(workload, requests), 1.0)


def since_measured(workload: Workload, requests: Floats) -> Floats:
    """Requests over those of the workload's first year, when its busy share was measured."""
    first = min(workload.requests_per_day, ceiling_requests_per_day(workload)) * workload.operating_days
    return requests / first if first > 0 else np.zeros_like(requests)


def host_w(
    catalog: Catalog, workload: Workload, hardware: Sequence[Hardware], picked: Floats, drawing: Drawing
) -> float | Floats:
    """Power of the rest of the server per accelerator [W]: the site's, else the device's with its range."""
    premises = catalog.premises.get(workload.region)
    if premises and premises.host_w is not None:
        return premises.host_w
    fact = catalog.assumptions["host_w"]
    central = take_by_draw(hardware, picked, lambda h: fact.central if h.host_w is None else h.host_w)
    factor = spread(fact.low / fact.central, 1.0, fact.high / fact.central, drawing.z("host"))
    return np.asarray(central * factor)


def training_device(catalog: Catalog, workload: Workload) -> Hardware:
    """The accelerator a training run takes; where none is named, a provider's first."""
    return catalog.hardware[workload.hardware or catalog.provider_fleet[0].hardware_id]


def training_fields(catalog: Catalog, plan: Plan, workload: Workload, model: Model, drawing: Drawing) -> Fields:
    """Every column of one training workload."""
    hardware = training_device(catalog, workload)
    own_system_w = catalog.coefficients["training_system_W_per_chip"].get(hardware.id, {"value": 0.0})["value"]
    exact = workload.mfu is not None
    runs = workload.runs_per_year * demand_factor(plan, workload, drawing.draws)
    installed = np.where(runs > 0, float(workload.installed_accelerators or 0), 0.0)
    params = model_fields(model, drawing)["params_active"]
    fields: Fields = {
        "params_active": params,
        "train_tokens": workload.tokens_per_run_m * TOKENS_PER_M * workload.epochs,
        "sequence_tokens": sequence_tokens(catalog, drawing),
        "runs": runs,
        "overhead_factor": workload.overhead_factor,
        "flop": 0.0,
        "mfu": workload.mfu or 0.0,
        "peak16_flop_per_s": (peak16_tflops(hardware) or np.nan) * FLOP_PER_TFLOP,
        "tdp_w": hardware.tdp_w,
        "system_w": float(own_system_w),
        **AS_FITTED,
        **SIXTEEN_BIT_TRAINING,
        "utilization": drawing.share_of(assumed(catalog.assumptions["training_utilization"], "training:utilization")),
        "installed": installed,
        "idle_w": idle_w([hardware], np.zeros(1 + drawing.draws), drawing),
        "hours_z": np.zeros(1 + drawing.draws) if exact else drawing.z("training:hours"),
        "energy_z": drawing.z("training:energy"),
        "error_on": drawing.on("training:energy", *(() if exact else ("training:hours",))),
    }
    return in_later_years(later_machines(catalog, plan, workload), fields)


def sequence_tokens(catalog: Catalog, drawing: Drawing) -> Floats:
    """Length of a training sequence, drawn once for the plan: arithmetic and memory take the same."""
    return drawing.of(assumed(catalog.assumptions["training_sequence_tokens"], "training:sequence"))
