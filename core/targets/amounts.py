"""Emissions by scope, year and draw: of a plan, and of the rest of a company beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.results.figures import Results
from core.results.scopes import counts_sold_products, electricity_scope

Floats = NDArray[np.float64]
INVENTORY_SCOPES = ("1", "2", "3")


@dataclass(frozen=True, slots=True)
class Amounts:
    """Emissions by both methods [kgCO2e], each (years, 1 + draws); draw 0 is the central case. NaN is unknown."""

    location_kg: Floats
    market_kg: Floats

    def on(self, basis: str) -> Floats:
        """Emissions by one method, `location` or `market`."""
        return self.market_kg if basis == "market" else self.location_kg

    def with_more(self, location_kg: Floats, market_kg: Floats) -> Amounts:
        """The sum with what is the same in every draw, (years,) each."""
        return Amounts(self.location_kg + location_kg[:, None], self.market_kg + market_kg[:, None])


def added(parts: Iterable[Amounts]) -> Amounts:
    """The sum of several scopes, draw by draw."""
    some = list(parts)
    return Amounts(np.asarray(sum(part.location_kg for part in some)), np.asarray(sum(part.market_kg for part in some)))


def scope_kg(found: Results) -> Mapping[str, Amounts]:
    """A plan's emissions by scope, 1 to 3, all years at once; scope 1 is none.

    Electricity by who controls the load, making of hardware in scope 3, sold products (category 11) where the target
    counts them: year by year what `by_scope` books.
    """
    places = {scope: places_of(found, scope) for scope in INVENTORY_SCOPES}
    every = list(range(len(found.workloads)))
    sold_kg = _summed(found, "carbon_devices_sold_kg", every) if counts_sold_products(found.plan) else 0.0
    beside_kg = _summed(found, "carbon_embodied_kg", every) + sold_kg
    kg = {}
    for scope, mine in places.items():
        sold_there_kg = _summed(found, "carbon_devices_sold_kg", mine)
        location_kg, market_kg = (
            _summed(found, f"carbon_{method}_kg", mine) - sold_there_kg for method in ("location", "market")
        )
        more_kg = beside_kg if scope == "3" else 0.0
        kg[scope] = Amounts(location_kg + more_kg, market_kg + more_kg)
    return kg


def places_of(found: Results, scope: str) -> list[int]:
    """Places of the workloads whose electricity an inventory books in a scope."""
    return [place for place, one in enumerate(found.workloads) if str(electricity_scope(one)[0]) == scope]


def _summed(found: Results, name: str, places: list[int]) -> Floats:
    return np.asarray(found.values[name][places].sum(axis=0))
