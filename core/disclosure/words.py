"""What a disclosure row says in words: provider, sources, instrument, range of the quantity, note."""

from __future__ import annotations

from core.catalog import Catalog
from core.plan import Workload
from core.plan.points import at
from core.results import Results, interval
from core.results.draws import Floats
from core.results.projection import grid_index, renewals_by_year
from core.results.settings import Setting, contract_counts
from core.results.site import find_region, merged

PREPARED = "Glidepath (modelled; nobody has signed)"
# 1 would be a meter or a bill of the whole period, which no plan has.
COUNTS = {"direct": "stack emissions", "life_cycle": "the life cycle", "mixed": "both, by grid"}
GRADE_SCORES = {"metered": 2, "measured": 3, "near": 4, "extrapolated": 5}
CONTRACTS = {"cfe_247": "hourly", "renewable_mb": ""}  # levers that buy electricity, and over what period they match


def provider(catalog: Catalog, workload: Workload) -> str:
    """The site of one's own, or who provides the service."""
    region, cloud = find_region(catalog, workload.region)
    if workload.hosting == "api":
        model = catalog.models[workload.model]
        return f"{model.organisation}, or who resells its models"
    if cloud:
        return f"{cloud.provider} {cloud.region}"
    premises = catalog.premises.get(workload.region)
    if premises:
        return premises.name
    where = region.name if region else workload.region
    return f"{'Hired machines' if workload.hosting == 'cloud' else 'Own servers'}, {where}"


def sources(catalog: Catalog, keys: str) -> str:
    """Publisher, title and year of each source, parted by semicolons."""
    return "; ".join(_source(catalog, key) for key in keys.split(";") if key)


def _source(catalog: Catalog, key: str) -> str:
    found = catalog.sources.get(key)
    return f"{found.publisher}: {found.title}, {found.year}" if found else "entered in the plan"


def instrument(catalog: Catalog, workload: Workload, setting: Setting, year: int) -> tuple[str | None, str | None]:
    """Kind of contract and period of matching; None where a contract acts whose kind nobody said."""
    bought = [CONTRACTS[lever.key] for lever in setting.levers if lever.key in CONTRACTS]
    if bought or at(workload.contract_share, year, 0.0) > 0:
        return None, next((period for period in bought if period), None)
    residual = any(region.id in catalog.residual_by_year for region in setting.regions)
    return ("residual_mix" if residual else "none"), "none"


def market_sources(catalog: Catalog, workload: Workload, setting: Setting, year: int) -> str:
    """Source keys of the contract's factor, blank where none acts; `input` where the plan itself holds it."""
    bought = any(lever.key in CONTRACTS for lever in setting.levers)
    if not bought and not at(workload.contract_share, year, 0.0) > 0:
        return ""
    supplier = catalog.suppliers.get(workload.supplier)
    if supplier:
        return supplier.source
    return "input" if workload.contract_g_per_kwh is not None else catalog.assumptions["contract_g_per_kwh"].source


def ended(draws: Floats) -> dict[str, float | None]:
    """The ends of a quantity's 80 % range over its central value; blank without draws."""
    if len(draws) < 2 or not draws[0] > 0:
        return {"quantity_low": None, "quantity_high": None}
    low, central, high = interval(draws)
    return {"quantity_low": low / central, "quantity_high": high / central}


def note_of(found: Results, workload: Workload, setting: Setting, year: int) -> str:
    """What a reader must know of a row of electricity."""
    told = []
    if setting.levers:
        told.append("levers: " + ", ".join(lever.key for lever in setting.levers))
    if setting.basis == "mixed":
        told.append("life-cycle and direct grid factors in one row, as levers split the work over grids")
    if market_sources(found.catalog, workload, setting, year):
        counts = contract_counts(found.catalog, workload)
        if counts and counts != setting.basis:
            told.append(f"the contract's factor counts {COUNTS[counts]}, the grid's {COUNTS[setting.basis]}")
    place, when = found.of(workload.id), found.place(year)
    if place is not None and (kwh := float(found.values["energy_onsite_kwh"][place, when, 0])) > 0:
        told.append(f"{kwh!r} kWh of it from panels on site, at 0 kg")
    said = found.measured.get(workload.id)
    if said is not None and not said.reason:
        told.append(f"scaled by a meter: {said.calibration.source}")
    return "; ".join([*told, *assumed_of(found, workload, setting, year)])


def assumed_of(found: Results, workload: Workload, setting: Setting, year: int) -> list[str]:
    """What a row rests on that is an assumption about later years, as far as it acts in its own."""
    plan, when = found.plan, found.place(year)
    told = []
    for region in setting.regions:
        index = grid_index(found.catalog, plan, region)
        if index.by_year[when] != 1.0:
            path = index.scenario.scenario if index.scenario else f"{plan.grid_change_pct:g} % a year, entered"
            told.append(f"grid {region.id} at {index.by_year[when]:.4g} of its {plan.first_year} figure: {path}")
    if plan.efficiency_drift_pct and year > plan.first_year:
        told.append(f"software {plan.efficiency_drift_pct:g} % quicker a year since {plan.first_year}, entered")
    renewed = renewals_by_year(found.catalog, plan, workload)[when]
    if renewed and plan.refresh_gain_pct:
        gain = f"{plan.refresh_gain_pct:g} % more each, entered"
        told.append(f"renewals of accelerators since {plan.first_year}: {renewed}, {gain}")
    if plan.rebound_elasticity and workload.kind == "inference":
        told.append(f"rebound {plan.rebound_elasticity:g}, entered")
    return told


def grid_sources(found: Results, setting: Setting, contracted: str = "") -> str:
    """Publications of the grids' factors, of the scenario that moves them, and of a contract's factor."""
    moved = [grid_index(found.catalog, found.plan, region).scenario for region in setting.regions]
    scenarios = (one.source for one in moved if one is not None)
    return sources(found.catalog, merged(setting.grid_sources, *scenarios, contracted))
