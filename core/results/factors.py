"""What a workload's figures rest on: every factor with its value, 80 % range, status and sources."""

from __future__ import annotations

from collections.abc import Iterator

from core.catalog import Catalog, Price, Region, price_electricity, price_hour
from core.plan import Plan, Workload
from core.plan.own_catalog import catalog_of
from core.plan.points import at, to_text
from core.results.factor import Factor, assumption, ends, entered, ranged, span
from core.results.figures import of
from core.results.hour_factors import hour_factors
from core.results.lever_factors import lever_factors
from core.results.machine_factors import machine_factors
from core.results.prices import first, token_prices
from core.results.projection import grid_index
from core.results.projection_factors import grid_over_years, projection_factors
from core.results.site import Site, find_region, merged, site_of

__all__ = ["Factor", "factors"]

BASES = {
    "life_cycle_production": "life cycle, electricity produced there",
    "life_cycle_consumption": "life cycle, electricity used there",
    "direct": "stack emissions only, not comparable with life-cycle regions",
}
MARGIN = "region_carbon_range_factor"
TOKENS = ("Input price", "Cached input price", "Output price")
PEAK_TOKENS_MEASURED = 1_500


def factors(plan: Plan, workload: Workload) -> list[Factor]:
    """The factors of one workload, the model first. Empty when the catalog does not know its region or model."""
    catalog = catalog_of(plan)
    site = site_of(catalog, workload)
    if site is None or workload.model not in catalog.models:
        return []
    found = [*_model(catalog, workload), *machine_factors(catalog, workload, site), *_site(catalog, plan, site)]
    found += [*hour_factors(catalog, plan, workload), *_meter(plan, workload)]
    found += projection_factors(catalog, plan, workload)
    found += [*_contract(catalog, plan, workload), *_use(workload), *_prices(catalog, plan, workload, site)]
    return [*found, *lever_factors(catalog, plan, workload)]


def _meter(plan: Plan, workload: Workload) -> Iterator[Factor]:
    """What a meter said of the workload, where one did."""
    said = of(plan).measured.get(workload.id)
    if said is None:
        return
    name, c = "Energy, measured over estimated", said.calibration
    if said.reason:
        yield Factor(name, "not used", None, None, "", "entered", "input", said.reason)
        return
    middle = float(said.factor[0])
    note = f"{c.source}, {c.first_day} to {c.last_day}; in the metered setting it takes the place of the model's error"
    yield Factor(name, middle, middle * said.low, middle * said.high, "", "entered", "input", note)


def _model(catalog: Catalog, workload: Workload) -> Iterator[Factor]:
    model = catalog.models[workload.model]
    note = "" if model.disclosed else "not published by its maker: an estimate, drawn over its range"
    active = model.params_active_b
    low, high = span(model.params_active_low_b, model.params_active_high_b)
    shown = "unknown" if active is None else active
    yield Factor("Active parameters", shown, low, high, "billion", model.status, model.source, note)
    total = model.params_total_b
    if active and low and high:
        low, high = total * low / active, total * high / active
    yield Factor("All parameters", total, low, high, "billion", model.status, model.source)
    if workload.kind != "inference":
        return
    lender = catalog.models[model.architecture_from].name if model.architecture_from else ""
    borrowed = f"layers, width and cache are those of {lender}" if lender else ""
    yield Factor("Cache per token", model.kv_bytes_per_token, None, None, "byte", model.status, model.source, borrowed)
    known = catalog.precisions[workload.precision]
    yield Factor("Bytes per weight", known.weight_byte, None, None, "byte", known.status, known.source, known.note)


def _grid(catalog: Catalog, plan: Plan, region: Region) -> Iterator[Factor]:
    path, margin = catalog.carbon_by_year.get(region.id), catalog.assumptions[MARGIN]
    central, index = region.carbon_g_per_kwh, grid_index(catalog, plan, region)
    scale = at(path, plan.shown_year(), central) / central if path and central else 1.0
    scale *= index.by_year[plan.shown_year() - plan.first_year]
    yield Factor(
        f"Grid of {region.name}",
        central * scale,
        region.carbon_low_g_per_kwh * scale,
        region.carbon_high_g_per_kwh * scale,
        "g CO₂e/kWh",
        region.status,
        merged(region.source, margin.source),
        f"{plan.shown_year() if path or not index.reason else region.carbon_year}, {BASES[region.carbon_basis]}",
    )
    if path:
        yield Factor("Grid over the years", to_text(path), None, None, "g CO₂e/kWh", "entered", region.source)
        return
    yield grid_over_years(catalog, plan, region)


def _site(catalog: Catalog, plan: Plan, site: Site) -> Iterator[Factor]:
    region = site.region
    yield from _grid(catalog, plan, region)
    around = catalog.assumptions["water_source_factor"]
    yield Factor(
        "Water for electricity",
        region.water_l_per_kwh,
        region.water_l_per_kwh * around.low,
        region.water_l_per_kwh * around.high,
        "l/kWh",
        region.water_status,
        merged(region.water_source, around.source),
        "the world's average: nothing published for this grid" if region.water_is_world_default else "",
    )
    yield ranged("Facility overhead (PUE)", site.pue, "")
    yield ranged("Cooling water (WUE)", site.wue_l_per_kwh, "l/kWh")


def _contract(catalog: Catalog, plan: Plan, workload: Workload) -> Iterator[Factor]:
    rest = _uncovered(catalog, workload)
    if not workload.contract_share:
        yield entered("Supply contract", "none", note=rest)
        return
    share = at(workload.contract_share, plan.shown_year(), 0.0)
    yield entered("Under contract", share, "share", f"in {plan.shown_year()}; {rest}")
    supplier = catalog.suppliers.get(workload.supplier)
    if supplier:
        name, basis = f"Electricity of {supplier.name}", BASES[supplier.carbon_basis]
        path = to_text(supplier.carbon_g_per_kwh)
        yield Factor(name, path, None, None, "g CO₂e/kWh", "entered", supplier.source, basis)
    elif workload.contract_g_per_kwh is None:
        yield assumption(catalog, "contract_g_per_kwh", "Contract's electricity", "g CO₂e/kWh")
    else:
        yield entered("Contract's electricity", workload.contract_g_per_kwh, "g CO₂e/kWh")


def _uncovered(catalog: Catalog, workload: Workload) -> str:
    """What market-based takes where no contract is."""
    region, _ = find_region(catalog, workload.region)
    path = catalog.residual_by_year.get(region.id) if region else None
    if path:
        return f"market-based takes the residual mix you entered where no contract is: {to_text(path)} g/kWh"
    return "market-based takes the grid's average where no contract is: it is no residual mix, none is at hand"


def _use(workload: Workload) -> Iterator[Factor]:
    low, central, high = workload.growth_low_pct, workload.growth_central_pct, workload.growth_high_pct
    slower = f"{workload.growth_decay_pct:g} points nearer to zero each later year" if workload.growth_decay_pct else ""
    yield Factor("Growth", central, *span(low, high), "% a year", "entered", "input", slower)
    if workload.kind == "inference" and workload.input_tokens > PEAK_TOKENS_MEASURED:
        note = f"prompts measured end at {PEAK_TOKENS_MEASURED:,} tokens: beyond that the estimate is extrapolated"
        yield entered("Input length", workload.input_tokens, "tokens", note)


def _typed(workload: Workload) -> tuple[float | None, float | None, float | None]:
    return (
        workload.price_input_usd_per_m_tokens,
        workload.price_cached_usd_per_m_tokens,
        workload.price_output_usd_per_m_tokens,
    )


def _price(name: str, unit: str, given: float | None, found: Price | None = None, own: str = "input") -> Factor:
    if given is not None:
        return Factor(name, given, None, None, unit, "entered", own)
    if found is None:
        return Factor(name, "unknown", None, None, unit, "unknown", "", "cost stays unknown until you enter it")
    return Factor(name, found.central, *ends(found), unit, found.status, found.source, found.period)


def _prices(catalog: Catalog, plan: Plan, workload: Workload, site: Site) -> Iterator[Factor]:
    if workload.hosting == "cloud":
        hire = price_hour(catalog, workload.hardware)
        yield _price("Hire price", "USD/h", workload.price_hire_usd_per_h, hire)
    elif workload.hosting == "api":
        listed = catalog.token_prices.get(workload.model)
        for name, given, price in zip(TOKENS, _typed(workload), token_prices(catalog, workload), strict=True):
            if name != "Cached input price" or workload.cached_share:
                own = listed.source if listed and given is None and price is not None else "input"
                yield _price(name, "USD/million tokens", price, own=own)
    else:
        electricity = price_electricity(catalog, site.region)
        for name, unit, field, found in (
            ("Electricity price", "USD/kWh", "price_electricity_usd_per_kwh", electricity),
            ("Purchase price", "USD", "price_purchase_usd", None),
            ("Operation", "USD/h", "price_operations_usd_per_h", None),
        ):
            typed, of_site = getattr(workload, field), getattr(site.premises, field, None)
            own = site.premises.source if site.premises and typed is None and of_site is not None else "input"
            if name != "Operation" or first(typed, of_site) is not None:
                yield _price(name, unit, first(typed, of_site), found, own)
    if plan.carbon_price_usd_per_t is not None:
        yield entered("Carbon price", plan.carbon_price_usd_per_t, "USD/t CO₂e")
