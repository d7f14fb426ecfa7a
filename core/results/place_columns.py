"""The road from a workload's place to the footprint's columns: site, grid, contract, hardware's making, prices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.catalog import CarbonPath, Catalog, Hardware, Region
from core.plan import Plan, Workload
from core.plan.points import at
from core.results.columns import HOSTING, by_device, take_by_draw
from core.results.drawing import Drawing, Fields
from core.results.draws import Floats, spread
from core.results.prices import price_fields
from core.results.projection import grid_index, life_years
from core.results.site import Site, assumed, grid_of, lifetime_years

NO_PANELS: Fields = {"panels_ratio": 0.0, "sunny_share": 0.0, "panel_loss_share": 0.0, "panels_g_per_kwh": 0.0}


def footprint_fields(
    catalog: Catalog,
    plan: Plan,
    workload: Workload,
    site: Site,
    hardware: Sequence[Hardware],
    picked: Floats,
    drawing: Drawing,
) -> Fields:
    """Site, grid, contract, hardware's making and prices of one workload."""
    region, facts = site.region, catalog.assumptions
    location = location_g_per_kwh(catalog, region, plan, drawing)
    shares = np.array([[at(workload.contract_share, year, 0.0)] for year in plan.years()])
    water = facts["water_source_factor"]
    used = assumed(facts["provider_utilization"], "api:utilization")
    hired = drawing.share_of(used) if workload.hosting == "cloud" else 1.0
    return {
        "pue": 1.0 + overhead(site, drawing),
        "wue_l_per_kwh": drawing.of(site.wue_l_per_kwh),
        "intensity_location_g_per_kwh": location,
        "contract_g_per_kwh": contract_g_per_kwh(catalog, plan, workload, drawing),
        "procurement_share": shares,
        "residual_g_per_kwh": by_year(catalog.residual_by_year[region.id], plan)
        if region.id in catalog.residual_by_year
        else location,
        "water_source_l_per_kwh": region.water_l_per_kwh
        * spread(water.low, water.central, water.high, drawing.z(f"water:{region.id}")),
        **NO_PANELS,
        "latitude": np.nan if region.latitude is None else region.latitude,
        "embodied_kg": embodied_kg(catalog, hardware, picked, drawing),
        "lifetime_years": life_years(plan, workload, drawing.of(lifetime_years(catalog, workload, site))),
        "hired_utilization": hired,
        "hosting": HOSTING[workload.hosting],
        "carbon_price_usd_per_t": np.nan if plan.carbon_price_usd_per_t is None else plan.carbon_price_usd_per_t,
    } | price_fields(catalog, workload, site, drawing)


def by_year(path: CarbonPath, plan: Plan) -> Floats:
    """A quantity that changes over the years, shape (years, 1)."""
    return np.array([[at(path, year, np.nan)] for year in plan.years()])


def location_g_per_kwh(catalog: Catalog, region: Region, plan: Plan, drawing: Drawing) -> Floats:
    """Carbon of a grid's electricity [g/kWh]: by year as an entry of one's own has it, else as the plan's path goes."""
    drawn = drawing.of(grid_of(region))
    path = catalog.carbon_by_year.get(region.id)
    if path is None and plan.grid_path == "flat":
        return drawn
    if path is None:
        return np.array(grid_index(catalog, plan, region).by_year)[:, None] * drawn
    relative = drawn / region.carbon_g_per_kwh if region.carbon_g_per_kwh > 0 else np.ones_like(drawn)
    return by_year(path, plan) * relative


def contract_g_per_kwh(catalog: Catalog, plan: Plan, workload: Workload, drawing: Drawing) -> float | Floats:
    """Carbon of the contracted electricity [g/kWh]: the supplier's by year, else as typed, else the assumption."""
    supplier = catalog.suppliers.get(workload.supplier)
    if supplier:
        return by_year(supplier.carbon_g_per_kwh, plan)
    if workload.contract_g_per_kwh is not None:
        return workload.contract_g_per_kwh
    return drawing.of(assumed(catalog.assumptions["contract_g_per_kwh"], "contract"))


def overhead(site: Site, drawing: Drawing) -> float | Floats:
    """PUE - 1, drawn as a positive quantity so that PUE never falls below 1."""
    pue = site.pue
    if pue.central <= 1.0 or pue.low == pue.high:
        return pue.central - 1.0
    return spread(max(pue.low - 1.0, 1e-3), pue.central - 1.0, pue.high - 1.0, drawing.z(pue.key))


def embodied_kg(catalog: Catalog, hardware: Sequence[Hardware], picked: Floats, drawing: Drawing) -> Floats:
    """Making of one accelerator with its share of the server [kgCO2e]. CPU and desktop rows are whole machines."""
    device = by_device(
        hardware,
        picked,
        lambda h: spread(h.embodied_low_kg, h.embodied_kg, h.embodied_high_kg, drawing.z(f"embodied:{h.id}")),
    )
    server = drawing.of(assumed(catalog.assumptions["embodied_server_share_kg"], "embodied:server"))
    return np.asarray(device + server * take_by_draw(hardware, picked, lambda h: h.kind not in ("cpu", "laptop")))
