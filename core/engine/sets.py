"""Figures of many sets of levers: each part of a set's traffic gathered where it stands, in its place, and summed."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.engine.columns import ActivityColumns, Column, FootprintColumns, ready
from core.engine.footprint import (
    carbon_embodied_kg,
    carbon_embodied_panels_kg,
    carbon_location_kg,
    carbon_market_kg,
    cost_usd,
    energy_facility_kwh,
    energy_it_kwh,
    energy_onsite_kwh,
    lifetimes,
    market_g_per_kwh,
    tokens_usd,
)
from core.engine.jit import kernel
from core.engine.solar import own_power

Rows = NDArray[np.int64]
Sums = NDArray[np.float64]  # (sets, cells); a cell is a year under a draw
Fleets = NDArray[np.float64]  # (sets, devices, cells)


class SetSums(NamedTuple):
    """Figures by set and cell. One that nobody asks for has a single row, written over and over."""

    carbon_location_kg: Sums
    carbon_market_kg: Sums
    carbon_embodied_kg: Sums
    carbon_embodied_panels_kg: Sums
    carbon_devices_sold_kg: Sums
    cost_usd: Sums
    cost_energy_usd: Sums
    cost_hardware_usd: Sums
    cost_operations_usd: Sums
    cost_hire_usd: Sums
    cost_api_usd: Sums
    energy_facility_kwh: Sums
    request_time_s: Sums  # the mean over the parts


class Paid(NamedTuple):
    """What an activity costs, by what is paid for [USD]."""

    energy_usd: float
    hardware_usd: float
    operations_usd: float
    hire_usd: float
    api_usd: float


class PartColumns(NamedTuple):
    """What a part of the traffic has beside its activity, a row per part and cell."""

    hours_ratio: Column  # carbon of a kWh at the hours of its work over the yearly mean
    request_time_s: Column
    sold_share: Column  # of users' devices; below 0 where it runs on servers


class Use(NamedTuple):
    """Sets that each take a part of the traffic in a run of years: the part, its place, the cells and its share."""

    sets: Rows
    parts: Rows
    places: Rows
    first: int
    end: int
    share: float


@kernel
def run_own_power(x: FootprintColumns, generated: Column, used: Column) -> None:
    """Fill both shares of panels on site, a row at a time."""
    for i in range(np.uint64(x.pue.size)):
        own = own_power(x.panels_ratio[i], x.latitude[i], x.sunny_share[i], x.panel_loss_share[i])
        generated[i] = own.generated_share
        used[i] = own.used_share


@kernel
def paid_in_place(
    a: ActivityColumns, i: np.uint64, x: FootprintColumns, place: np.uint64, facility_kwh: float, lifetimes: float
) -> Paid:
    """What the hosting of a place charges for an activity [USD]; unknown (NaN) where a price is."""
    if x.hosting[place] == 3.0:
        fresh = a.input_tokens_year[i] - a.cached_tokens_year[i]
        api_usd = tokens_usd(fresh, x.price_input_usd_per_m_tokens[place])
        api_usd += tokens_usd(a.cached_tokens_year[i], x.price_cached_usd_per_m_tokens[place])
        api_usd += tokens_usd(a.output_tokens_year[i], x.price_output_usd_per_m_tokens[place])
        return Paid(0.0, 0.0, 0.0, 0.0, api_usd)
    if x.hosting[place] == 2.0:
        return Paid(0.0, 0.0, 0.0, cost_usd(a.held_h[i], x.price_hire_usd_per_h[place]), 0.0)
    energy_usd = cost_usd(facility_kwh, x.price_electricity_usd_per_kwh[place])
    hardware_usd = cost_usd(lifetimes, x.price_purchase_usd[place])
    return Paid(energy_usd, hardware_usd, cost_usd(a.held_h[i], x.operations_usd_per_h[place]), 0.0, 0.0)


@kernel
def run_set_sums(
    use: Use,
    cells: int,
    a: ActivityColumns,
    beside: PartColumns,
    x: FootprintColumns,
    generated: Column,
    used: Column,
    sums: SetSums,
) -> None:
    """Add a part to the figures of each of its sets. A device of a user costs the company nothing."""
    location = 1 if sums.carbon_location_kg.shape[0] > 1 else 0
    market = 1 if sums.carbon_market_kg.shape[0] > 1 else 0
    embodied = 1 if sums.carbon_embodied_kg.shape[0] > 1 else 0
    panels = 1 if sums.carbon_embodied_panels_kg.shape[0] > 1 else 0
    devices = 1 if sums.carbon_devices_sold_kg.shape[0] > 1 else 0
    bill = 1 if sums.cost_usd.shape[0] > 1 else 0
    bill_energy = 1 if sums.cost_energy_usd.shape[0] > 1 else 0
    bill_hardware = 1 if sums.cost_hardware_usd.shape[0] > 1 else 0
    bill_operations = 1 if sums.cost_operations_usd.shape[0] > 1 else 0
    bill_hire = 1 if sums.cost_hire_usd.shape[0] > 1 else 0
    bill_api = 1 if sums.cost_api_usd.shape[0] > 1 else 0
    facility = 1 if sums.energy_facility_kwh.shape[0] > 1 else 0
    request = 1 if sums.request_time_s.shape[0] > 1 else 0
    for k in range(np.uint64(use.sets.size)):
        some = use.sets[k]
        first_of_part, first_of_place = np.uint64(use.parts[k] * cells), np.uint64(use.places[k] * cells)
        for cell in range(np.uint64(use.first), np.uint64(use.end)):
            i, place = first_of_part + cell, first_of_place + cell
            it_kwh = energy_it_kwh(a.energy_accelerator_kwh[i], a.energy_idle_kwh[i], a.energy_host_kwh[i])
            facility_kwh = energy_facility_kwh(it_kwh, x.pue[place])
            grid_kwh = facility_kwh - energy_onsite_kwh(facility_kwh, used[place])
            g_per_kwh = x.intensity_location_g_per_kwh[place] * beside.hours_ratio[i]
            location_kg = carbon_location_kg(grid_kwh, g_per_kwh)
            worn = lifetimes(a.held_h[i], x.lifetime_years[place], x.hired_utilization[place])
            paid = paid_in_place(a, i, x, place, facility_kwh, worn)
            sums.request_time_s[some * request, cell] += use.share * beside.request_time_s[i]
            sold = beside.sold_share[i]
            if sold >= 0.0:
                sums.carbon_location_kg[some * location, cell] += location_kg * sold
                sums.carbon_market_kg[some * market, cell] += location_kg * sold
                sums.carbon_devices_sold_kg[some * devices, cell] += location_kg * sold
                sums.energy_facility_kwh[some * facility, cell] += facility_kwh * sold
                continue
            factor = market_g_per_kwh(
                x.contract_g_per_kwh[place], x.procurement_share[place], x.residual_g_per_kwh[place]
            )
            panels_kg = carbon_embodied_panels_kg(facility_kwh, generated[place], x.panels_g_per_kwh[place])
            sums.carbon_location_kg[some * location, cell] += location_kg
            sums.carbon_market_kg[some * market, cell] += carbon_market_kg(grid_kwh, factor)
            sums.carbon_embodied_kg[some * embodied, cell] += carbon_embodied_kg(worn, x.embodied_kg[place]) + panels_kg
            sums.carbon_embodied_panels_kg[some * panels, cell] += panels_kg
            sums.cost_usd[some * bill, cell] += (
                paid.energy_usd + paid.hardware_usd + paid.operations_usd + paid.hire_usd + paid.api_usd
            )
            sums.cost_energy_usd[some * bill_energy, cell] += paid.energy_usd
            sums.cost_hardware_usd[some * bill_hardware, cell] += paid.hardware_usd
            sums.cost_operations_usd[some * bill_operations, cell] += paid.operations_usd
            sums.cost_hire_usd[some * bill_hire, cell] += paid.hire_usd
            sums.cost_api_usd[some * bill_api, cell] += paid.api_usd
            sums.energy_facility_kwh[some * facility, cell] += facility_kwh


def set_sums(
    uses: Sequence[Use], cells: int, activity: ActivityColumns, beside: PartColumns, x: FootprintColumns, sums: SetSums
) -> None:
    """Add every use to the figures of its sets."""
    activity, beside, x = ready(activity), ready(beside), ready(x)
    generated, used = np.empty_like(x.pue), np.empty_like(x.pue)
    run_own_power(x, generated, used)
    for use in uses:
        run_set_sums(use, cells, activity, beside, x, generated, used, sums)


@kernel
def run_set_fleets(
    use: Use, cells: int, standing: Column, devices: Rows, needed: Fleets, places: Rows, firsts: Rows
) -> None:
    """Add what each set needs of each device, (sets, devices, cells); keep the place and cell where it first stands.

    `devices` is the device of each part; a place below 0 means that none stands yet.
    """
    for k in range(np.uint64(use.sets.size)):
        some, device = use.sets[k], devices[use.parts[k]]
        if places[some, device] < 0:
            places[some, device] = use.places[k]
            firsts[some, device] = use.first
        first_of_part = np.uint64(use.parts[k] * cells)
        for cell in range(np.uint64(use.first), np.uint64(use.end)):
            needed[some, device, cell] += standing[first_of_part + cell]


def set_fleets(
    uses: Sequence[Use], cells: int, standing: Column, devices: Rows, shape: tuple[int, int]
) -> tuple[Fleets, Rows, Rows]:
    """What each set needs of each device over its uses, and where and when it first stands; shape: sets, devices."""
    needed, places, firsts = np.zeros((*shape, cells)), np.full(shape, -1), np.zeros(shape, dtype=np.int64)
    for use in uses:
        run_set_fleets(use, cells, standing, devices, needed, places, firsts)
    return needed, places, firsts
