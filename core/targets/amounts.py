"""Emissions by scope, year and draw: of a plan, and of the rest of a company beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.results.figures import Results
from core.results.scopes import SOLD_CATEGORY, by_scope

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


def scope_kg(found: Results, *, sold_products: bool) -> Mapping[str, Amounts]:
    """A plan's emissions by scope, 1 to 3; scope 1 is none. Sold products (category 11) count where asked."""
    years = found.plan.years()
    shape = (len(years), next((values.shape[-1] for values in found.values.values()), 1))
    kg = {scope: Amounts(np.zeros(shape), np.zeros(shape)) for scope in INVENTORY_SCOPES}
    for place, year in enumerate(years):
        for part in by_scope(found, year):
            if part.category != SOLD_CATEGORY or sold_products:
                kg[str(part.scope)].location_kg[place] += part.location_kg
                kg[str(part.scope)].market_kg[place] += part.market_kg
    return kg
