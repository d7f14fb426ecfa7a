"""The target line by year, and how far a plan's emissions lie above it in sum: a metric of ours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.targets.methods import Line

Floats = NDArray[np.float64]
OVERSHOOT_LABEL = "app metric, not an SBTi criterion"


def pathway_kg(line: Line, years: Sequence[int]) -> Floats:
    """What the line allows in each year [kgCO2e]; flat up to the base year, and zero once it has reached it."""
    return np.array([line.at_kg(year) for year in years])


def budget_kg(allowed_kg: Floats) -> float:
    """The sum of the target line over its years [kgCO2e]."""
    return float(np.sum(allowed_kg))


def overshoot_kg(emissions_kg: Floats, allowed_kg: Floats) -> float:
    """Emissions less the target line, summed over the years [kgCO2e]: a year below makes up for one above."""
    return float(np.sum(emissions_kg) - np.sum(allowed_kg))
