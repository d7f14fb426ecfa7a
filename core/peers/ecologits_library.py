"""EcoLogits' figures for one request, worked out by its own library, which is loaded when it is first asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any, NamedTuple

from core.units import G_PER_KG, H_PER_YEAR, J_PER_KWH, S_PER_H, W_PER_KW

PACKAGE = "ecologits"
WORLD_ZONE = "WOR"


class Span(NamedTuple):
    """A quantity as EcoLogits gives it: both ends, equal where it gives one figure."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The mean of the ends, which is the figure that EcoLogits prints."""
        return (self.low + self.high) / 2.0

    @property
    def wide(self) -> bool:
        """Whether it is a range."""
        return self.low != self.high


@dataclass(frozen=True, slots=True)
class Mix:
    """The electricity of a country as EcoLogits has it."""

    zone: str
    intensity_location_g_per_kwh: float
    water_source_l_per_kwh: float


@dataclass(frozen=True, slots=True)
class Listed:
    """A service of its list: sizes [billion], speed where it knows one, and the site of its provider."""

    provider: str
    name: str
    params_active_b: Span
    params_total_b: Span
    output_tokens_per_s: float | None
    first_token_s: float | None


@dataclass(frozen=True, slots=True)
class Site:
    """What it takes for a provider's site: its electricity zone, PUE and WUE."""

    zone: str
    pue: Span
    wue_l_per_kwh: Span


@dataclass(frozen=True, slots=True)
class Fixed:
    """What it takes the same for every request: requests at a time, number format, machine, life."""

    batch: float
    weight_bits: float
    memory_gb: float
    accelerators_per_server: float
    host_w: float
    embodied_kg: float
    lifetime_years: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as EcoLogits takes it. It has no place for input tokens."""

    params_active_b: Span
    params_total_b: Span
    output_tokens: float
    zone: str
    pue: Span
    wue_l_per_kwh: Span
    output_tokens_per_s: float | None = None
    first_token_s: float | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """EcoLogits' figures for one request, from the chip to the making of the hardware."""

    energy_facility_kwh: Span
    carbon_location_kg: Span
    carbon_embodied_kg: Span
    carbon_kg: Span
    water_l: Span
    primary_energy_mj: Span
    minerals_kg: Span
    accelerators: Span
    request_time_s: Span


def missing() -> str:
    """Why there is no second opinion at all, in a sentence; empty where the library is installed."""
    try:
        import ecologits.impacts.llm
        import ecologits.tracers.utils  # noqa: F401
    except ImportError:
        return "EcoLogits is not installed here, so there is no second opinion: pip install ecologits brings it"
    return ""


@lru_cache(maxsize=1)
def edition() -> str:
    """The version of the library."""
    return version(PACKAGE)


def fixed() -> Fixed:
    """The constants of the library."""
    from ecologits.impacts import llm

    return Fixed(
        batch=float(llm.BATCH_SIZE),
        weight_bits=float(llm.MODEL_QUANTIZATION_BITS),
        memory_gb=float(llm.GPU_MEMORY),
        accelerators_per_server=float(llm.SERVER_GPUS),
        host_w=llm.SERVER_POWER * W_PER_KW / llm.SERVER_GPUS,
        embodied_kg=llm.GPU_EMBODIED_IMPACT_GWP + llm.SERVER_EMBODIED_IMPACT_GWP / llm.SERVER_GPUS,
        lifetime_years=llm.HARDWARE_LIFESPAN / S_PER_H / H_PER_YEAR,
    )


def mix_of(zone: str) -> Mix | None:
    """The electricity of a zone (ISO 3166-1 alpha-3, or WOR); None where it has none."""
    from ecologits.electricity_mix_repository import electricity_mixes

    found = electricity_mixes.find_electricity_mix(zone=zone)
    return None if found is None else Mix(zone, found.gwp * G_PER_KG, found.wue)


def site_of_provider(provider: str) -> Site:
    """Where it places a provider, with that site's PUE and WUE."""
    from ecologits.tracers.utils import PROVIDER_CONFIG_MAP

    found = PROVIDER_CONFIG_MAP[provider]
    return Site(found.datacenter_location, span(found.datacenter_pue), span(found.datacenter_wue))


def listed(provider: str, name: str) -> Listed | None:
    """A service of its list, by provider and name; None where it does not know it."""
    from ecologits.model_repository import models

    found = models.find_model(provider=provider, model_name=name)
    if found is None:
        return None
    sizes: Any = found.architecture.parameters
    active, total = getattr(sizes, "active", sizes), getattr(sizes, "total", sizes)
    speed = found.deployment
    tokens_per_s, first_s = (speed.tps, speed.ttft) if speed else (None, None)
    return Listed(provider, name, span(active), span(total), tokens_per_s, first_s)


def span(value: Any) -> Span:
    """Both ends of a value or range of the library, or of one of its impacts.

    >>> span(3)
    Span(low=3.0, high=3.0)
    """
    value = getattr(value, "value", value)
    return Span(float(getattr(value, "min", value)), float(getattr(value, "max", value)))


def _value(found: Span) -> Any:
    from ecologits.utils.range_value import RangeValue

    return RangeValue(min=found.low, max=found.high) if found.wide else found.low


def says(asked: Asked) -> Said:
    """Its figures for one request."""
    from ecologits.impacts.llm import compute_llm_impacts

    common = _common(asked)
    found = compute_llm_impacts(
        model_active_parameter_count=_value(asked.params_active_b),
        model_total_parameter_count=_value(asked.params_total_b),
        datacenter_pue=_value(asked.pue),
        datacenter_wue=_value(asked.wue_l_per_kwh),
        **common,
    )
    ends = [_inner(asked, end, common) for end in (0, 1)]
    return Said(
        energy_facility_kwh=span(found.energy),
        carbon_location_kg=span(found.usage.gwp),
        carbon_embodied_kg=span(found.embodied.gwp),
        carbon_kg=span(found.gwp),
        water_l=span(found.wcf),
        primary_energy_mj=span(found.pe),
        minerals_kg=span(found.adpe),
        accelerators=Span(*(float(end["gpu_required_count"]) for end in ends)),
        request_time_s=Span(*(float(end["generation_latency"]) for end in ends)),
    )


def energy_j_per_output_token(
    params_active_b: float, params_total_b: float, batch: float | None = None, accelerators: float | None = None
) -> float:
    """Energy of the accelerators for one output token [J] by its formula; what is not given is its own."""
    from ecologits.impacts.llm import (
        BATCH_SIZE,
        GPU_ENERGY_ALPHA,
        GPU_ENERGY_BETA,
        GPU_ENERGY_GAMMA,
        GPU_MEMORY,
        MODEL_QUANTIZATION_BITS,
        gpu_energy,
        gpu_required_count,
        model_required_memory,
    )

    each_kwh: Any = gpu_energy(
        model_active_parameter_count=params_active_b,
        output_token_count=1.0,
        batch_size=BATCH_SIZE if batch is None else batch,
        gpu_energy_alpha=GPU_ENERGY_ALPHA,
        gpu_energy_beta=GPU_ENERGY_BETA,
        gpu_energy_gamma=GPU_ENERGY_GAMMA,
    )
    if accelerators is None:
        needed_gb = model_required_memory(params_total_b, MODEL_QUANTIZATION_BITS)
        accelerators = gpu_required_count(needed_gb, GPU_MEMORY)
    return float(each_kwh) * accelerators * J_PER_KWH


def _common(asked: Asked) -> dict[str, Any]:
    """What both of its functions take."""
    from ecologits.electricity_mix_repository import electricity_mixes

    mix = electricity_mixes.find_electricity_mix(zone=asked.zone)
    if mix is None:
        raise ValueError(f"zone is '{asked.zone}'; EcoLogits has no electricity mix of that name")
    return {
        "output_token_count": asked.output_tokens,
        "if_electricity_mix_adpe": mix.adpe,
        "if_electricity_mix_pe": mix.pe,
        "if_electricity_mix_gwp": mix.gwp,
        "if_electricity_mix_wue": mix.wue,
        "tps": asked.output_tokens_per_s,
        "ttft": asked.first_token_s,
        "request_latency": math.inf,  # its cap by a measured time: nothing is measured here
    }


def _inner(asked: Asked, end: int, common: dict[str, Any]) -> dict[str, Any]:
    """Its steps on the way to the figures, at one end of the ranges."""
    from ecologits.impacts.llm import compute_llm_impacts_dag

    found: dict[str, Any] = compute_llm_impacts_dag(
        model_active_parameter_count=asked.params_active_b[end],
        model_total_parameter_count=asked.params_total_b[end],
        datacenter_pue=asked.pue[end],
        datacenter_wue=asked.wue_l_per_kwh[end],
        **common,
    )
    return found
