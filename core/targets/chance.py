"""How likely a plan is to stay under its target lines, from the joint draws of its results.

A draw is one world for all scopes and years, so that "all scopes at once", and "every year so far", are counted draw by
draw and are no products.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.engine.jit import kernel

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chance:
    """Shares of draws, 0 to 1; NaN where a draw is unknown. Shapes (scopes, years), (years,), (scopes,).

    `so_far` counts the draws that meet in a year and in every one before it.
    """

    met_share: Floats
    so_far_share: Floats
    all_met_share: Floats
    all_so_far_share: Floats
    within_budget_share: Floats


@kernel
def run_chance(
    emissions_kg: Floats, allowed_kg: Floats, met_share: Floats, so_far_share: Floats, all_met_share: Floats,
    all_so_far_share: Floats, within_budget_share: Floats,
) -> None:  # fmt: skip
    """For each scope and year the share of draws at or under the line; all scopes at once; and each scope's sum.

    Beside each share that of the draws that meet in every year so far. `emissions_kg` is (scopes, years, draws),
    `allowed_kg` (scopes, years). One unknown draw makes a share unknown.
    """
    scopes, years, draws = emissions_kg.shape
    together, all_so_far = np.empty(draws), np.ones(draws)
    so_far, summed_kg = np.ones((scopes, draws)), np.zeros((scopes, draws))
    for year in range(years):
        together[:] = 1.0
        for scope in range(scopes):
            limit_kg = allowed_kg[scope, year]
            count, lasting = 0.0, 0.0
            for draw in range(draws):
                value_kg = emissions_kg[scope, year, draw]
                met = 1.0 if value_kg <= limit_kg else 0.0
                if value_kg != value_kg or limit_kg != limit_kg:
                    met = np.nan
                count += met
                together[draw] *= met
                so_far[scope, draw] *= met
                lasting += so_far[scope, draw]
                summed_kg[scope, draw] += value_kg
            met_share[scope, year] = count / draws
            so_far_share[scope, year] = lasting / draws
        total, all_lasting = 0.0, 0.0
        for draw in range(draws):
            total += together[draw]
            all_so_far[draw] *= together[draw]
            all_lasting += all_so_far[draw]
        all_met_share[year] = total / draws
        all_so_far_share[year] = all_lasting / draws
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
    by_scope, by_year = np.empty((2, scopes, years)), np.empty((2, years))
    found = Chance(by_scope[0], by_scope[1], by_year[0], by_year[1], np.empty(scopes))
    drawn_kg, lines_kg = np.ascontiguousarray(emissions_kg, np.float64), np.ascontiguousarray(allowed_kg, np.float64)
    run_chance(
        drawn_kg, lines_kg, found.met_share, found.so_far_share, found.all_met_share, found.all_so_far_share,
        found.within_budget_share,
    )  # fmt: skip
    return found
