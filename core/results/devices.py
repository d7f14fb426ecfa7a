"""What runs on users' devices: outside the company's boundary but for the devices it sells, and in sight either way."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.levers import Served
from core.results import market
from core.results.draws import Floats

PART = "devices"
NAMES = ("energy_devices_kwh", "carbon_devices_kg", "energy_devices_sold_kwh", "carbon_devices_sold_kg")
# Of a device that the company sells, in its totals: use of sold products, category 11.
COUNTED = (
    "energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh", "energy_it_kwh", "energy_overhead_kwh",
    "energy_facility_kwh", "carbon_location_kg", "carbon_market_kg", "water_site_l", "water_source_l",
    "carbon_cost_location_usd", "carbon_cost_market_usd",
)  # fmt: skip
# What nobody in the company holds, makes or pays: the device is there anyway, and its user pays the power.
NOBODYS = (
    "held_h", "busy_h", "used_h", "replicas", "accelerators_installed", "accelerators_bought", "carbon_embodied_kg",
    "carbon_embodied_panels_kg", "carbon_embodied_amortised_kg", *market.NAMES, "energy_onsite_kwh", "overload",
    "cost_energy_usd",
    "cost_hardware_usd", "cost_operations_usd", "cost_hire_usd", "cost_api_usd", "cost_usd",
)  # fmt: skip


def sold_share(part: Served) -> float | None:
    """Share of the devices that the company sells, where a part of the traffic runs on devices; else None."""
    return next((change.amount for change in part.changes if change.part == PART), None)


def on_devices(values: Mapping[str, Floats], sold: float) -> dict[str, Floats]:
    """The figures of a part that runs on users' devices: its energy and carbon apart, the sold devices' in the totals.

    Users' contracts are unknown: the market-based figure takes the grid's average.
    """
    found = dict(values) | {"carbon_market_kg": values["carbon_location_kg"]}
    energy_kwh, carbon_kg = values["energy_facility_kwh"], values["carbon_location_kg"]
    found |= {name: found[name] * sold for name in COUNTED}
    found |= {name: np.zeros_like(energy_kwh) for name in NOBODYS if name in found}
    apart = (energy_kwh, carbon_kg, energy_kwh * sold, carbon_kg * sold)
    return found | dict(zip(NAMES, apart, strict=True))
