"""What a workload's figures rest on: every factor with its value, 80 % range, status and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core import catalog as facts
from core.catalog import Assumption, Catalog, Hardware, Price, price_electricity, price_hour
from core.plan import Plan, Workload
from core.plan.points import at
from core.results.columns import candidates
from core.results.site import Ranged, Site, site_of

BASES = {
    "life_cycle_production": "life cycle, electricity produced there",
    "life_cycle_consumption": "life cycle, electricity used there",
    "direct": "stack emissions only, not comparable with life-cycle regions",
}
PEAK_TOKENS_MEASURED = 1_500


@dataclass(frozen=True, slots=True)
class Factor:
    """One input: name, value, range (None where there is none), unit, status, source keys, and what to know of it."""

    name: str
    value: float | str
    low: float | None
    high: float | None
    unit: str
    status: str
    source: str
    note: str = ""


def factors(plan: Plan, workload: Workload) -> list[Factor]:
    """The factors of one workload, the model first. Empty when the catalog does not know its region or model."""
    catalog = facts.load()
    site = site_of(catalog, workload)
    if site is None or workload.model not in catalog.models:
        return []
    found = [*_model(catalog, workload), *_hardware(catalog, workload), *_site(catalog, workload, site)]
    return [*found, *_shared(catalog, workload), *_contract(catalog, plan, workload), *_prices(catalog, workload, site)]


def _model(catalog: Catalog, workload: Workload) -> Iterator[Factor]:
    model = catalog.models[workload.model]
    note = "" if model.disclosed else "not published by its maker: an estimate, drawn over its range"
    if model.architecture_from:
        lender = catalog.models[model.architecture_from].name
        note = f"{note}; " * bool(note) + f"layers, width and cache are those of {lender}"
    low, high = model.params_active_low_b, model.params_active_high_b
    active = "unknown" if model.params_active_b is None else model.params_active_b
    yield Factor("Active parameters", active, low, high, "billion", model.status, model.source, note)
    yield Factor("All parameters", model.params_total_b, None, None, "billion", model.status, model.source)
    number_format = catalog.precisions[workload.precision]
    yield Factor(
        "Bytes per weight", number_format.weight_byte, None, None, "byte", number_format.status, number_format.source
    )


def _devices(catalog: Catalog, workload: Workload) -> list[Hardware]:
    if workload.hardware:
        device = catalog.hardware.get(workload.hardware)
        return [device] if device else []
    return [catalog.hardware[share.hardware_id] for share in candidates(catalog, workload)]


def _hardware(catalog: Catalog, workload: Workload) -> Iterator[Factor]:
    for device in _devices(catalog, workload):
        known = device.id in catalog.measured_hardware
        note = "measured in the fit" if known else "outside the measured range: no measurement of this accelerator"
        if not workload.hardware:
            note = f"one of the accelerators the provider may use; {note}"
        if workload.kind != "inference":
            note = "" if device.generation_measured else "no training run of this generation to check against"
        yield Factor(
            f"{device.name}: power limit", device.tdp_w, None, None, "W", device.status_specs, device.source, note
        )
        yield Factor(
            f"{device.name}: making",
            device.embodied_kg,
            device.embodied_low_kg,
            device.embodied_high_kg,
            "kg CO₂e",
            device.status_embodied,
            device.source,
        )


def _ends(found: Ranged | Assumption | Price) -> tuple[float | None, float | None]:
    return (None, None) if found.low == found.high else (found.low, found.high)


def _ranged(name: str, ranged: Ranged, unit: str) -> Factor:
    status = "entered" if ranged.source == "input" else "secondary"
    return Factor(name, ranged.central, *_ends(ranged), unit, status, ranged.source)


def _site(catalog: Catalog, workload: Workload, site: Site) -> Iterator[Factor]:
    region = site.region
    yield Factor(
        f"Grid of {region.name}",
        region.carbon_g_per_kwh,
        region.carbon_low_g_per_kwh,
        region.carbon_high_g_per_kwh,
        "g CO₂e/kWh",
        region.status,
        region.source,
        f"{region.carbon_year}, {BASES.get(region.carbon_basis, region.carbon_basis)}",
    )
    world = "the world's average: nothing published for this grid" if region.water_is_world_default else ""
    yield Factor(
        "Water for electricity", region.water_l_per_kwh, None, None, "l/kWh", region.status, region.source, world
    )
    yield _ranged("Facility overhead (PUE)", site.pue, "")
    yield _ranged("Cooling water (WUE)", site.wue_l_per_kwh, "l/kWh")


def _assumed(catalog: Catalog, key: str, name: str, unit: str) -> Factor:
    fact = catalog.assumptions[key]
    return Factor(name, fact.central, *_ends(fact), unit, fact.status, fact.source, fact.note)


def _shared(catalog: Catalog, workload: Workload) -> Iterator[Factor]:
    if workload.kind != "inference":
        yield _assumed(catalog, "training_utilization", "Share of held hours spent training", "")
    else:
        yield _assumed(catalog, "host_w", "Rest of the server, per accelerator", "W")
        yield from _provider(catalog, workload)
    yield _assumed(catalog, "embodied_server_share_kg", "Making of the server, per accelerator", "kg CO₂e")
    yield _assumed(catalog, "lifetime_years", "Life of the hardware", "years")


def _provider(catalog: Catalog, workload: Workload) -> Iterator[Factor]:
    if workload.hosting == "api":
        yield _assumed(catalog, "provider_utilization", "Share of the provider's hours at work", "")
        if workload.batch is None:
            yield _assumed(catalog, "api_batch", "Requests the provider answers at a time", "")
    if workload.input_tokens > PEAK_TOKENS_MEASURED:
        note = f"prompts measured end at {PEAK_TOKENS_MEASURED:,} tokens: beyond that the estimate is extrapolated"
        yield Factor("Input length", workload.input_tokens, None, None, "tokens", "entered", "input", note)


def _contract(catalog: Catalog, plan: Plan, workload: Workload) -> Iterator[Factor]:
    if not workload.contract_share:
        yield Factor(
            "Supply contract", "none", None, None, "", "entered", "input",
            "market-based takes the grid's average here: no residual mix is at hand",
        )  # fmt: skip
        return
    share = at(workload.contract_share, plan.shown_year(), 0.0)
    yield Factor("Under contract", share, None, None, "share", "entered", "input", f"in {plan.shown_year()}")
    if workload.contract_g_per_kwh is None:
        yield _assumed(catalog, "contract_g_per_kwh", "Contract's electricity", "g CO₂e/kWh")


def _prices(catalog: Catalog, workload: Workload, site: Site) -> Iterator[Factor]:
    def price(name: str, given: float | None, found: Price | None, unit: str) -> Factor:
        if given is not None:
            return Factor(name, given, None, None, unit, "entered", "input")
        if found is None:
            return Factor(name, "unknown", None, None, unit, "unknown", "", "cost stays unknown until you enter it")
        return Factor(name, found.central, *_ends(found), unit, found.status, found.source, found.period)

    if workload.hosting == "cloud":
        yield price("Hire price", workload.price_hire_usd_per_h, price_hour(catalog, workload.hardware), "USD/h")
    elif workload.hosting == "api":
        yield price("Input price", workload.price_input_usd_per_m_tokens, None, "USD/million tokens")
        yield price("Output price", workload.price_output_usd_per_m_tokens, None, "USD/million tokens")
    else:
        electricity = price_electricity(catalog, site.region)
        yield price("Electricity price", workload.price_electricity_usd_per_kwh, electricity, "USD/kWh")
        yield price("Purchase price", workload.price_purchase_usd, None, "USD")
