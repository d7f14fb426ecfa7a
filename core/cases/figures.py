"""The engine's own figure of a case: the workloads it opens, on the one road from plan to figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import nan
from types import MappingProxyType

import numpy as np

from core.cases.formulas import forward_flop_per_token
from core.results import Results
from core.results.draws import Floats
from core.units import G_PER_KG, PARAMS_PER_B


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the first or of all workloads: its base unit, and how many workloads it needs; 0 for any number.

    One that `compares` takes the results of every year with and without the case's levers, since some take energy once;
    any other is of the first year. One that is not `fitted` follows from dimensions and grids alone: what the fit to
    measurements says is not in it.
    """

    unit: str
    workloads: int
    of: Callable[..., Floats]
    compares: bool = False
    fitted: bool = True


def model_params_total(found: Results) -> Floats:
    """Parameters of the first workload's model, as the catalog has them."""
    model = found.catalog.models[found.workloads[0].model]
    return np.full(found.values["requests"].shape[-1], model.params_total_b * PARAMS_PER_B)


def model_flop_per_token(found: Results) -> Floats:
    """Arithmetic of a token, answering, from the active parameters of the first workload's model [FLOP per token]."""
    model = found.catalog.models[found.workloads[0].model]
    flop_per_token = forward_flop_per_token((model.params_active_b or nan) * PARAMS_PER_B)
    return np.full(found.values["requests"].shape[-1], flop_per_token)


def model_weights_byte(found: Results) -> Floats:
    """Memory for the weights of the first workload's model [byte]."""
    return _year(found, "memory_weights_byte", 0)


def output_j_per_token(found: Results) -> Floats:
    """Energy of the accelerators at work per output token of the first workload [J per token]."""
    return _year(found, "energy_accelerator_j_per_output_token", 0)


def accelerator_power_w(found: Results) -> Floats:
    """Power of an accelerator at work in the first workload [W]."""
    return _year(found, "power_accelerator_w", 0)


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


def year_g_per_kwh(found: Results) -> Floats:
    """Carbon of the electricity, location-based, over the energy at the meter, all workloads [g/kWh]."""
    return _all(found, "carbon_location_kg") * G_PER_KG / _all(found, "energy_facility_kwh")


def first_share(found: Results) -> Floats:
    """Energy of the accelerators at work in the first workload as a share of that of all, in a year."""
    return _year(found, "energy_accelerator_kwh", 0) / _all(found, "energy_accelerator_kwh")


def rest_share(found: Results) -> Floats:
    """Energy at the meter of all workloads but the last over that of the last, in a year."""
    last = _year(found, "energy_facility_kwh", -1)
    return (_all(found, "energy_facility_kwh") - last) / last


def throughput_ratio(found: Results) -> Floats:
    """Output tokens a second of one copy of the first workload over those of the second."""
    return _over(found, "batch") / _over(found, "step_time_s")


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


def later_location_ratio(found: Results, usual: Results) -> Floats:
    """Carbon of the electricity, location-based: the last year under the levers over the first without them."""
    later: Floats = found.values["carbon_location_kg"][:, -1].sum(axis=0)
    return later / _all(usual, "carbon_location_kg")


def levers_kept_share(found: Results, usual: Results) -> Floats:
    """Energy at the meter under the levers as a share of that without them, all workloads and years."""
    return _whole(found, "energy_facility_kwh") / _whole(usual, "energy_facility_kwh")


def levers_saved_share(found: Results, usual: Results) -> Floats:
    """Energy at the meter that the levers save as a share of that without them, all workloads and years."""
    return 1 - levers_kept_share(found, usual)


def levers_installed_kept_share(found: Results, usual: Results) -> Floats:
    """Accelerators that must stand there under the levers as a share of those without them, all workloads and years."""
    return _whole(found, "accelerators_installed") / _whole(usual, "accelerators_installed")


def levers_location_ratio(found: Results, usual: Results) -> Floats:
    """Carbon of the electricity, location-based, without the levers over that under them, all workloads and years."""
    return _whole(usual, "carbon_location_kg") / _whole(found, "carbon_location_kg")


def levers_location_saved_share(found: Results, usual: Results) -> Floats:
    """Carbon of the electricity, location-based, that the levers save as a share of that without, all years."""
    return 1 - 1 / levers_location_ratio(found, usual)


def _year(found: Results, name: str, place: int) -> Floats:
    draws: Floats = found.values[name][place, 0]
    return draws


def _all(found: Results, name: str) -> Floats:
    total: Floats = found.values[name][:, 0].sum(axis=0)
    return total


def _whole(found: Results, name: str) -> Floats:
    total: Floats = found.values[name].sum(axis=(0, 1))
    return total


def _over(found: Results, name: str) -> Floats:
    return _year(found, name, 0) / _year(found, name, 1)


FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        "model_params_total": Figure("params_total", 1, model_params_total, fitted=False),
        "model_flop_per_token": Figure("flop_per_token", 1, model_flop_per_token, fitted=False),
        "model_weights_byte": Figure("byte", 1, model_weights_byte, fitted=False),
        "output_j_per_token": Figure("j_per_token", 1, output_j_per_token),
        "accelerator_power_w": Figure("w", 1, accelerator_power_w),
        "request_accelerator_kwh": Figure("kwh", 1, request_accelerator_kwh),
        "request_facility_kwh": Figure("kwh", 1, request_facility_kwh),
        "year_accelerator_kwh": Figure("kwh", 0, year_accelerator_kwh),
        "year_facility_kwh": Figure("kwh", 0, year_facility_kwh),
        "year_flop": Figure("flop", 0, year_flop, fitted=False),
        "year_location_kg": Figure("kg", 0, year_location_kg),
        "year_g_per_kwh": Figure("g_per_kwh", 0, year_g_per_kwh, fitted=False),
        "first_share": Figure("share", 0, first_share),
        "rest_share": Figure("share", 0, rest_share),
        "throughput_ratio": Figure("ratio", 2, throughput_ratio),
        "token_ratio": Figure("ratio", 2, token_ratio),
        "request_ratio": Figure("ratio", 2, request_ratio),
        "facility_ratio": Figure("ratio", 2, facility_ratio),
        "location_ratio": Figure("ratio", 2, location_ratio),
        "later_location_ratio": Figure("ratio", 0, later_location_ratio, compares=True),
        "levers_kept_share": Figure("share", 0, levers_kept_share, compares=True),
        "levers_saved_share": Figure("share", 0, levers_saved_share, compares=True),
        "levers_installed_kept_share": Figure("share", 0, levers_installed_kept_share, compares=True),
        "levers_location_ratio": Figure("ratio", 0, levers_location_ratio, compares=True),
        "levers_location_saved_share": Figure("share", 0, levers_location_saved_share, compares=True),
    }
)
