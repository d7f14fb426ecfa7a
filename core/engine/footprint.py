"""From the plug to the bill: facility, carbon, water and cost of one workload in one year under one draw."""

import numpy as np

from core.engine.columns import ActivityColumns, FootprintColumns, FootprintResult, empty, ready
from core.engine.jit import kernel
from core.engine.solar import own_power
from core.units import G_PER_KG, H_PER_YEAR, KG_PER_T, TOKENS_PER_M


@kernel
def energy_it_kwh(energy_accelerator_kwh: float, energy_idle_kwh: float, energy_host_kwh: float) -> float:
    """Energy at the server's plug [kWh]: accelerators at work and waiting, and their hosts."""
    return energy_accelerator_kwh + energy_idle_kwh + energy_host_kwh


@kernel
def energy_facility_kwh(energy_it_kwh: float, pue: float) -> float:
    """Energy at the site's meter [kWh]. The only place where PUE enters."""
    return energy_it_kwh * pue


@kernel
def energy_onsite_kwh(energy_facility_kwh: float, used_share: float) -> float:
    """Energy that panels on site give the load in its own hours [kWh]; the grid gives the rest."""
    return energy_facility_kwh * used_share


@kernel
def carbon_embodied_panels_kg(energy_facility_kwh: float, generated_share: float, panels_g_per_kwh: float) -> float:
    """Making of the panels [kgCO2e], by all they yield: what the load cannot take was made too."""
    return energy_facility_kwh * generated_share * panels_g_per_kwh / G_PER_KG


@kernel
def carbon_location_kg(energy_grid_kwh: float, intensity_location_g_per_kwh: float) -> float:
    """Location-based operational carbon [kgCO2e]. Takes energy of the grid at the meter, never at the plug."""
    return energy_grid_kwh * intensity_location_g_per_kwh / G_PER_KG


@kernel
def market_g_per_kwh(contract_g_per_kwh: float, procurement_share: float, residual_g_per_kwh: float) -> float:
    """Market-based factor [g/kWh]: the contract where it covers, the residual mix where not."""
    return procurement_share * contract_g_per_kwh + (1.0 - procurement_share) * residual_g_per_kwh


@kernel
def carbon_market_kg(energy_grid_kwh: float, market_factor_g_per_kwh: float) -> float:
    """Market-based operational carbon [kgCO2e], to stand beside the location-based one."""
    return energy_grid_kwh * market_factor_g_per_kwh / G_PER_KG


@kernel
def lifetimes(held_h: float, lifetime_years: float, hired_utilization: float) -> float:
    """Accelerator lifetimes that the hours held use up; hired hours carry those their provider could not hire out."""
    return held_h / (lifetime_years * H_PER_YEAR * hired_utilization)


@kernel
def carbon_embodied_kg(lifetimes: float, embodied_kg: float) -> float:
    """The hardware's making [kgCO2e], shared out by hours held."""
    return lifetimes * embodied_kg


@kernel
def water_site_l(energy_it_kwh: float, wue_l_per_kwh: float) -> float:
    """Water evaporated on site [l]: WUE is per kWh at the plug."""
    return energy_it_kwh * wue_l_per_kwh


@kernel
def water_source_l(energy_grid_kwh: float, water_source_l_per_kwh: float) -> float:
    """Water used where the electricity of the grid is made [l]."""
    return energy_grid_kwh * water_source_l_per_kwh


@kernel
def cost_usd(amount: float, price: float) -> float:
    """Amount times price [USD]. An unknown price (NaN) leaves the cost unknown, unless there is nothing to pay for."""
    return 0.0 if amount == 0.0 else amount * price


@kernel
def tokens_usd(tokens: float, price_usd_per_m_tokens: float) -> float:
    """Price of tokens [USD]."""
    return cost_usd(tokens / TOKENS_PER_M, price_usd_per_m_tokens)


@kernel
def carbon_cost_usd(carbon_kg: float, carbon_price_usd_per_t: float) -> float:
    """Internal price of carbon [USD]; a line of its own, in no other total."""
    return carbon_kg / KG_PER_T * carbon_price_usd_per_t


@kernel
def run_footprint(a: ActivityColumns, x: FootprintColumns, out: FootprintResult) -> None:
    """Fill the result, a row at a time. Costs that do not belong to the hosting are 0; unknown ones are NaN."""
    for i in range(np.uint64(x.pue.size)):
        it_kwh = energy_it_kwh(a.energy_accelerator_kwh[i], a.energy_idle_kwh[i], a.energy_host_kwh[i])
        facility_kwh = energy_facility_kwh(it_kwh, x.pue[i])
        own = own_power(x.panels_ratio[i], x.latitude[i], x.sunny_share[i], x.panel_loss_share[i])
        onsite_kwh = energy_onsite_kwh(facility_kwh, own.used_share)
        panels_kg = carbon_embodied_panels_kg(facility_kwh, own.generated_share, x.panels_g_per_kwh[i])
        grid_kwh = facility_kwh - onsite_kwh
        location_kg = carbon_location_kg(grid_kwh, x.intensity_location_g_per_kwh[i])
        factor = market_g_per_kwh(x.contract_g_per_kwh[i], x.procurement_share[i], x.residual_g_per_kwh[i])
        market_kg = carbon_market_kg(grid_kwh, factor)
        used = lifetimes(a.held_h[i], x.lifetime_years[i], x.hired_utilization[i])
        energy_usd, hardware_usd, operations_usd, hire_usd, api_usd = 0.0, 0.0, 0.0, 0.0, 0.0
        if x.hosting[i] == 3.0:
            api_usd = tokens_usd(a.input_tokens_year[i] - a.cached_tokens_year[i], x.price_input_usd_per_m_tokens[i])
            api_usd += tokens_usd(a.cached_tokens_year[i], x.price_cached_usd_per_m_tokens[i])
            api_usd += tokens_usd(a.output_tokens_year[i], x.price_output_usd_per_m_tokens[i])
        elif x.hosting[i] == 2.0:
            hire_usd = cost_usd(a.held_h[i], x.price_hire_usd_per_h[i])
        else:
            energy_usd = cost_usd(facility_kwh, x.price_electricity_usd_per_kwh[i])
            hardware_usd = cost_usd(used, x.price_purchase_usd[i])
            operations_usd = cost_usd(a.held_h[i], x.operations_usd_per_h[i])
        out.energy_it_kwh[i] = it_kwh
        out.energy_overhead_kwh[i] = facility_kwh - it_kwh
        out.energy_facility_kwh[i] = facility_kwh
        out.energy_onsite_kwh[i] = onsite_kwh
        out.carbon_location_kg[i] = location_kg
        out.carbon_market_kg[i] = market_kg
        out.carbon_embodied_kg[i] = carbon_embodied_kg(used, x.embodied_kg[i]) + panels_kg
        out.carbon_embodied_panels_kg[i] = panels_kg
        out.water_site_l[i] = water_site_l(it_kwh, x.wue_l_per_kwh[i])
        out.water_source_l[i] = water_source_l(grid_kwh, x.water_source_l_per_kwh[i])
        out.cost_energy_usd[i] = energy_usd
        out.cost_hardware_usd[i] = hardware_usd
        out.cost_operations_usd[i] = operations_usd
        out.cost_hire_usd[i] = hire_usd
        out.cost_api_usd[i] = api_usd
        out.cost_usd[i] = energy_usd + hardware_usd + operations_usd + hire_usd + api_usd
        out.carbon_cost_location_usd[i] = carbon_cost_usd(location_kg, x.carbon_price_usd_per_t[i])
        out.carbon_cost_market_usd[i] = carbon_cost_usd(market_kg, x.carbon_price_usd_per_t[i])


def footprint(activity: ActivityColumns, x: FootprintColumns) -> FootprintResult:
    """The result of every row, in the order of the rows."""
    out = empty(FootprintResult, len(x.pue))
    run_footprint(ready(activity), ready(x), out)
    return out
