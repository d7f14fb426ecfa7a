"""Hardware in the year it is bought: what an inventory books, beside the making spread over the hardware's life."""

import numpy as np
from numpy.typing import NDArray

from core.engine.columns import Column
from core.engine.jit import kernel

Fleet = NDArray[np.float64]  # (n, years): accelerators that must stand there


@kernel
def whole_life_years(life_years: float) -> int:
    """Years in which one purchase serves: whole calendar years, at least one."""
    return max(int(np.floor(life_years + 0.5)), 1)


@kernel
def bought(needed: float, standing: float) -> float:
    """Accelerators to buy: what is needed beyond those that still stand."""
    return max(needed - standing, 0.0)


@kernel
def years_since_renewal(age_years: float, life: int) -> int:
    """Years since the fleet of the first year was last renewed; one older than its life has been renewed since."""
    return int(np.floor(age_years)) % life


@kernel
def run_purchases(needed: Fleet, life_years: Column, age_years: Column, out: Fleet) -> None:
    """Accelerators bought in each year, a row at a time.

    `age_years` is the age of the fleet when it first stands there. A purchase serves its whole life and is then
    replaced, as far as it is still needed; nothing is sold earlier.
    """
    rows, years = needed.shape
    for i in range(rows):
        life = whole_life_years(life_years[i])
        start = 0
        while start < years and needed[i, start] <= 0.0:
            out[i, start] = 0.0
            start += 1
        if start == years:
            continue
        age = years_since_renewal(age_years[i], life)
        old, old_leaves = (needed[i, start], start + life - age) if age > 0 else (0.0, start)
        standing = old
        for year in range(start, years):
            if year == old_leaves:
                standing -= old
            if year - life >= start:
                standing -= out[i, year - life]
            out[i, year] = bought(needed[i, year], standing)
            standing += out[i, year]


def purchases(needed: Fleet, life_years: Column, age_years: Column) -> Fleet:
    """Accelerators bought, (n, years), for those needed; ages are whole years, negative for a later renewal."""
    out = np.empty_like(needed)
    run_purchases(
        np.require(needed, np.float64, ("C", "W")),
        np.require(life_years, np.float64, ("C", "W")),
        np.require(age_years, np.float64, ("C", "W")),
        out,
    )
    return out
