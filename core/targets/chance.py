"""How likely a plan is to stay under its target lines, from the joint draws of its results.

A draw is one world for all scopes and years, so that "all scopes at once" is counted draw by draw and is no product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.engine.jit import kernel

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chance:
    """Shares of draws, 0 to 1; NaN where a draw is unknown. Shapes (scopes, years), (years,), (scopes,)."""

    met_share: Floats
    all_met_share: Floats
    within_budget_share: Floats


@kernel
def run_chance(
    emissions_kg: Floats, allowed_kg: Floats, met_share: Floats, all_met_share: Floats, within_budget_share: Floats
) -> None:
    """For each scope and year the share of draws at or under the line; all scopes at once; and each scope's sum.

    `emissions_kg` is (scopes, years, draws), `allowed_kg` (scopes, years). One unknown draw makes a share unknown.
    """
    scopes, years, draws = emissions_kg.shape
    together = np.empty(draws)
    summed_kg = np.empty((scopes, draws))
    summed_kg[:] = 0.0
    for year in range(years):
        together[:] = 1.0
        for scope in range(scopes):
            limit_kg = allowed_kg[scope, year]
            count = 0.0
            for draw in range(draws):
                value_kg = emissions_kg[scope, year, draw]
                met = 1.0 if value_kg <= limit_kg else 0.0
                if value_kg != value_kg or limit_kg != limit_kg:
                    met = np.nan
                count += met
                together[draw] *= met
                summed_kg[scope, draw] += value_kg
            met_share[scope, year] = count / draws
        total = 0.0
        for draw in range(draws):
            total += together[draw]
        all_met_share[year] = total / draws
    for scope in range(scopes):
        budget_kg = 0.0
        for year in range(years):
            budget_kg += allowed_kg[scope, year]
        count = 0.0
        for draw in range(draws):
            value_kg = summed_kg[scope, draw]
            if value_kg != value_kg or budget_kg != budget_kg:
                count = np.nan
            elif value_kg <= budget_kg:
                count += 1.0
        within_budget_share[scope] = count / draws


def chance(emissions_kg: Floats, allowed_kg: Floats) -> Chance:
    """The probability of meeting; ValueError where shapes do not fit or there is no draw."""
    if emissions_kg.ndim != 3 or emissions_kg.shape[:2] != allowed_kg.shape or emissions_kg.shape[2] == 0:
        raise ValueError(
            f"emissions have shape {emissions_kg.shape} and the lines {allowed_kg.shape}; "
            "they must be (scopes, years, draws) with a draw at least, and (scopes, years)"
        )
    scopes, years, _ = emissions_kg.shape
    found = Chance(np.empty((scopes, years)), np.empty(years), np.empty(scopes))
    drawn_kg, lines_kg = np.ascontiguousarray(emissions_kg, np.float64), np.ascontiguousarray(allowed_kg, np.float64)
    run_chance(drawn_kg, lines_kg, found.met_share, found.all_met_share, found.within_budget_share)
    return found
