"""The engine's own figure of a case: the workloads it opens, on the one road from plan to figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core.results import Results
from core.results.draws import Floats
from core.units import PARAMS_PER_B


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the first or of all workloads: its base unit, and how many workloads it needs; 0 for any number."""

    unit: str
    workloads: int
    of: Callable[[Results], Floats]


def model_params_total(found: Results) -> Floats:
    """Parameters of the first workload's model, as the catalog has them."""
    model = found.catalog.models[found.workloads[0].model]
    return np.full(found.values["requests"].shape[-1], model.params_total_b * PARAMS_PER_B)


def model_weights_byte(found: Results) -> Floats:
    """Memory for the weights of the first workload's model [byte]."""
    return _year(found, "memory_weights_byte", 0)


def output_j_per_token(found: Results) -> Floats:
    """Energy of the accelerators at work per output token of the first workload [J per token]."""
    return _year(found, "energy_accelerator_j_per_output_token", 0)


def request_accelerator_kwh(found: Results) -> Floats:
    """Energy of the accelerators at work for one request of the first workload [kWh]."""
    return _year(found, "energy_accelerator_kwh", 0) / _year(found, "requests", 0)


def request_facility_kwh(found: Results) -> Floats:
    """Energy at the meter for one request of the first workload [kWh]."""
    return _year(found, "energy_facility_kwh", 0) / _year(found, "requests", 0)


def year_accelerator_kwh(found: Results) -> Floats:
    """Energy of the accelerators at work, all workloads, in a year of one run each [kWh]."""
    return _all(found, "energy_accelerator_kwh")


def year_facility_kwh(found: Results) -> Floats:
    """Energy at the meter, all workloads, in a year of one run each [kWh]."""
    return _all(found, "energy_facility_kwh")


def year_flop(found: Results) -> Floats:
    """Arithmetic of training, all workloads, in a year of one run each [FLOP]."""
    return _all(found, "flop")


def year_location_kg(found: Results) -> Floats:
    """Carbon of the electricity, location-based, all workloads, in a year of one run each [kgCO2e]."""
    return _all(found, "carbon_location_kg")


def token_ratio(found: Results) -> Floats:
    """Energy of an output token of the first workload over that of the second."""
    return _over(found, "energy_accelerator_j_per_output_token")


def request_ratio(found: Results) -> Floats:
    """Energy of the accelerators at work for a request of the first workload over that of the second."""
    return _over(found, "energy_accelerator_kwh") / _over(found, "requests")


def facility_ratio(found: Results) -> Floats:
    """Energy at the meter of the first workload over that of the second, in a year."""
    return _over(found, "energy_facility_kwh")


def location_ratio(found: Results) -> Floats:
    """Carbon of the electricity, location-based, of the first workload over that of the second, in a year."""
    return _over(found, "carbon_location_kg")


def _year(found: Results, name: str, place: int) -> Floats:
    draws: Floats = found.values[name][place, 0]
    return draws


def _all(found: Results, name: str) -> Floats:
    total: Floats = found.values[name][:, 0].sum(axis=0)
    return total


def _over(found: Results, name: str) -> Floats:
    return _year(found, name, 0) / _year(found, name, 1)


FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        "model_params_total": Figure("params_total", 1, model_params_total),
        "model_weights_byte": Figure("byte", 1, model_weights_byte),
        "output_j_per_token": Figure("j_per_token", 1, output_j_per_token),
        "request_accelerator_kwh": Figure("kwh", 1, request_accelerator_kwh),
        "request_facility_kwh": Figure("kwh", 1, request_facility_kwh),
        "year_accelerator_kwh": Figure("kwh", 0, year_accelerator_kwh),
        "year_facility_kwh": Figure("kwh", 0, year_facility_kwh),
        "year_flop": Figure("flop", 0, year_flop),
        "year_location_kg": Figure("kg", 0, year_location_kg),
        "token_ratio": Figure("ratio", 2, token_ratio),
        "request_ratio": Figure("ratio", 2, request_ratio),
        "facility_ratio": Figure("ratio", 2, facility_ratio),
        "location_ratio": Figure("ratio", 2, location_ratio),
    }
)
