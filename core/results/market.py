"""What market-based electricity rests on: kWh under contract, and kWh that take the grid's average for want of more.

The rest takes a residual mix that somebody entered. Electricity of panels on site is in none of the three.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.catalog import Catalog, Region
from core.results.draws import Floats

NAMES = ("energy_contract_kwh", "energy_no_residual_kwh")


def energy_contract_kwh(grid_kwh: Floats, procurement_share: Floats) -> Floats:
    """Electricity of the grid that a contract covers [kWh]."""
    return grid_kwh * procurement_share


def energy_no_residual_kwh(grid_kwh: Floats, procurement_share: Floats, known: float) -> Floats:
    """Electricity that market-based takes at the grid's average, as no contract covers it and no residual mix is known.

    `known` is 1 where the plan holds a residual mix of that grid, else 0 [kWh].
    """
    return grid_kwh * (1.0 - procurement_share) * (1.0 - known)


def market_split(
    catalog: Catalog, region: Region, energy: Mapping[str, Floats], procurement_share: Floats
) -> dict[str, Floats]:
    """Both, of what a footprint says of one grid."""
    grid_kwh = energy["energy_facility_kwh"] - energy["energy_onsite_kwh"]
    known = float(region.id in catalog.residual_by_year)
    return {
        "energy_contract_kwh": energy_contract_kwh(grid_kwh, procurement_share),
        "energy_no_residual_kwh": energy_no_residual_kwh(grid_kwh, procurement_share, known),
    }
