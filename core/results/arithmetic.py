"""What a number format means on an accelerator: bytes per weight, and which of its peaks does the arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from core.catalog import Catalog, Hardware, Model
from core.plan import Workload

SIXTEEN_BIT = ("bf16", "fp16")


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Bytes per weight and peak [TFLOP/s] of one number format on one accelerator."""

    weight_byte: float
    peak_tflops: float
    peak16_tflops: float
    eight_bit: bool
    four_bit: bool


def peak16_tflops(hardware: Hardware) -> float | None:
    """Dense 16-bit peak [TFLOP/s], bf16 before fp16; None when neither is known."""
    return next((hardware.peak_tflops[p] for p in SIXTEEN_BIT if p in hardware.peak_tflops), None)


def arithmetic_of(catalog: Catalog, precision: str, hardware: Hardware) -> Arithmetic | None:
    """How that format runs there; None when the accelerator cannot compute in it."""
    number_format = catalog.precisions[precision]
    sixteen = peak16_tflops(hardware)
    if sixteen is None:
        return None
    if number_format.weight_only or precision in SIXTEEN_BIT:
        peak: float | None = sixteen
    else:
        peak = hardware.peak_tflops.get(precision)
    if peak is None:
        return None
    eight_bit = precision in ("fp8", "int8")
    return Arithmetic(number_format.weight_byte, peak, sixteen, eight_bit, number_format.weight_only)


def cannot(catalog: Catalog, workload: Workload, model: Model, hardware: Hardware) -> str:
    """Why this workload has no figure, in one sentence; empty when it has."""
    if model.params_active_b is None:
        return f"model '{model.id}': its active parameters are not known, so nothing can be computed from it"
    if not model.computable:
        return f"model '{model.id}': its dimensions are not known and no open model of that size stands in"
    if arithmetic_of(catalog, workload.precision, hardware) is None:
        able = ", ".join(sorted(hardware.supports))
        return f"precision is {workload.precision}; {hardware.name} computes in {able} (4-bit weights run anywhere)"
    return too_small(catalog, workload, model, hardware)


def too_small(catalog: Catalog, workload: Workload, model: Model, hardware: Hardware) -> str:
    """Why the accelerators given cannot hold the model, in one sentence; empty when they can."""
    name = "accelerators" if workload.kind == "inference" else "installed_accelerators"
    given: int | None = getattr(workload, name)
    if given is None:
        return ""
    needed_gb = model.params_total_b * catalog.precisions[workload.precision].weight_byte
    if needed_gb <= given * hardware.memory_gb:
        return ""
    fewest = ceil(needed_gb / hardware.memory_gb)
    return (
        f"{name} is {given}; the weights of {model.name} take {needed_gb:,.0f} GB and "
        f"{hardware.name} holds {hardware.memory_gb:,.0f} GB; it must be at least {fewest}"
    )
