"""What is known from outside: models, hardware, grids, clouds, prices, assumptions, and where each figure is from.

>>> catalog = load()
>>> catalog.models["llama3.3-70b"].layers
80
>>> catalog.regions["NA"].name
'Namibia'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.catalog import fits, tables
from core.catalog import levers as _levers
from core.catalog import models as _models
from core.catalog import regions as _regions
from core.catalog.everyday import Equivalent
from core.catalog.levers import (
    OF_THE_DEVICE,
    LeverCost,
    LeverKind,
    LeverOperation,
    LeverParameter,
    LeverQuality,
    LeverThreshold,
    bare_amount,
)
from core.catalog.own import CarbonPath, Premises, Supply, TokenPrice
from core.catalog.records import (
    Assumption,
    CloudRegion,
    EmissionFactor,
    Facility,
    FleetShare,
    Hardware,
    Model,
    Precision,
    Price,
    Projection,
    Region,
    Source,
)
from core.catalog.rows import CatalogError
from core.catalog.version import data_version

__all__ = [
    "OF_THE_DEVICE",
    "Assumption",
    "CarbonPath",
    "Catalog",
    "CatalogError",
    "CloudRegion",
    "EmissionFactor",
    "Equivalent",
    "Facility",
    "FleetShare",
    "Hardware",
    "LeverCost",
    "LeverKind",
    "LeverOperation",
    "LeverParameter",
    "LeverQuality",
    "LeverThreshold",
    "Model",
    "Precision",
    "Premises",
    "Price",
    "Projection",
    "Region",
    "Source",
    "Supply",
    "TokenPrice",
    "bare_amount",
    "data_version",
    "load",
    "price_electricity",
    "price_hour",
]

FOLDER = Path(__file__).resolve().parents[2] / "data"
MARGIN = "region_carbon_range_factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Every record, by key, read-only; `data_version` names exactly these facts, `fit_version` the fit alone.

    The last six fields are empty but where a plan brings entries of its own; `left_out` says why one cannot be used.
    """

    models: Mapping[str, Model]
    hardware: Mapping[str, Hardware]
    regions: Mapping[str, Region]
    cloud_regions: Mapping[str, CloudRegion]
    facilities: Mapping[str, Facility]
    prices: Mapping[str, Price]
    assumptions: Mapping[str, Assumption]
    precisions: Mapping[str, Precision]
    provider_fleet: tuple[FleetShare, ...]
    measured_hardware: frozenset[str]
    emission_factors: Mapping[str, EmissionFactor]
    equivalents: Mapping[str, Equivalent]
    projections: Mapping[str, Projection]
    projection_areas: Mapping[str, frozenset[str]]
    levers: Mapping[str, LeverKind]
    lever_operations: Mapping[str, tuple[LeverOperation, ...]]
    lever_parameters: Mapping[str, tuple[LeverParameter, ...]]
    lever_thresholds: tuple[LeverThreshold, ...]
    lever_presets: Mapping[str, tuple[str, ...]]
    lever_costs: Mapping[str, Mapping[str, LeverCost]]
    lever_quality: Mapping[str, LeverQuality]
    sources: Mapping[str, Source]
    coefficients: Mapping[str, Any]
    fit_version: str
    data_version: str
    premises: Mapping[str, Premises] = field(default_factory=dict)
    suppliers: Mapping[str, Supply] = field(default_factory=dict)
    token_prices: Mapping[str, TokenPrice] = field(default_factory=dict)
    carbon_by_year: Mapping[str, CarbonPath] = field(default_factory=dict)
    residual_by_year: Mapping[str, CarbonPath] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


def load(folder: Path | None = None) -> Catalog:
    """The catalogue of a folder; the project's own is read once."""
    return _own() if folder is None else _read(folder)


@lru_cache(maxsize=1)
def _own() -> Catalog:
    return _read(FOLDER)


def _read(folder: Path) -> Catalog:
    sources = tables.sources(folder)
    assumptions = tables.assumptions(folder, sources)
    if MARGIN not in assumptions:
        raise CatalogError(f"assumptions.csv: no row for {MARGIN!r}")
    regions = _regions.regions(folder, sources, assumptions[MARGIN])
    hardware = tables.hardware(folder, sources)
    levers = _levers.levers(folder, sources)
    uncertain = _levers.parameters(folder, levers, sources, hardware)
    projections = tables.projections(folder, sources)
    return Catalog(
        models=_models.models(folder, sources),
        hardware=hardware,
        regions=regions,
        cloud_regions=tables.cloud_regions(folder, sources, regions),
        facilities=tables.facilities(folder, sources),
        prices=tables.prices(folder, sources),
        assumptions=assumptions,
        precisions=tables.precisions(folder, sources),
        provider_fleet=tables.provider_fleet(folder, sources, hardware),
        measured_hardware=frozenset(key for key, device in hardware.items() if device.inference_measured),
        emission_factors=tables.emission_factors(folder, sources),
        equivalents=tables.equivalents(folder, sources),
        projections=projections,
        projection_areas=tables.projection_areas(folder, sources, projections),
        levers=levers,
        lever_operations=_levers.operations(folder, levers, uncertain),
        lever_parameters=uncertain,
        lever_thresholds=_levers.thresholds(folder, levers, sources),
        lever_presets=_levers.presets(folder, levers),
        lever_costs=_levers.costs(folder, levers, sources),
        lever_quality=_levers.quality(folder, levers, sources),
        sources=sources,
        coefficients=fits.coefficients(folder),
        fit_version=fits.fit_version(folder),
        data_version=data_version(folder),
    )


def price_electricity(catalog: Catalog, region: Region) -> Price | None:
    """The industrial electricity price of a US state, else of the region's country, else None: unknown."""
    state = f"electricity_industrial_us_state:US-{region.id.removeprefix('USST-')}"
    if region.kind == "us_state" and state in catalog.prices:
        return catalog.prices[state]
    return catalog.prices.get(f"electricity_industrial:{region.iso3}")


def price_hour(catalog: Catalog, hardware_id: str) -> Price | None:
    """The price of one accelerator-hour on demand, or None: unknown."""
    return catalog.prices.get(f"gpu_hour:{hardware_id}")
