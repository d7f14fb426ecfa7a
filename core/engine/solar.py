"""Panels on the roof of a hall: what they yield hour by hour, and how much of it a flat load takes.

A year is twelve middle days of twenty-four hours, by the geometry of the sun. The sky is either clear or dark: days
differ as much as they can at a given yield, so what the load takes is a floor, never more than the truth.
"""

import math
from typing import NamedTuple

from core.engine.jit import kernel

MONTHS = 12
HOURS_TO_NOON = 12  # mornings mirror afternoons
DAYS_A_YEAR = 365.0
TILT_DEG = 23.45
RAD_PER_DEG = math.pi / 180.0
RAD_PER_H = math.pi / 12.0
CLEAR_SKY_KW_PER_KW = 1.098  # Haurwitz: kW on a square metre, over the 1 kW at which panels are rated
CLEAR_SKY_LOSS = 0.059


class OwnPower(NamedTuple):
    """Over the energy that the load takes in a year: what the panels yield, and what of it the load takes."""

    generated_share: float
    used_share: float


@kernel
def declination_rad(day: float) -> float:
    """Height of the sun over the equator on a day of the year."""
    return TILT_DEG * RAD_PER_DEG * math.sin(2.0 * math.pi * (284.0 + day) / DAYS_A_YEAR)


@kernel
def cos_zenith(latitude: float, declination: float, hours_from_noon: float) -> float:
    """Cosine of the sun's angle from straight above; below 0 at night."""
    place = latitude * RAD_PER_DEG
    overhead = math.cos(place) * math.cos(declination) * math.cos(hours_from_noon * RAD_PER_H)
    return math.sin(place) * math.sin(declination) + overhead


@kernel
def clear_sky_factor(cosine: float) -> float:
    """Yield under a clear sky over the panels' peak, losses aside [pvlib-haurwitz]."""
    if cosine <= 0.0:
        return 0.0
    return CLEAR_SKY_KW_PER_KW * cosine * math.exp(-CLEAR_SKY_LOSS / cosine)


@kernel
def own_power(panels_ratio: float, latitude: float, sunny_share: float, panel_loss_share: float) -> OwnPower:
    """Yield of panels and what a flat load takes of it; what exceeds the load in its hour is sold, and counts nowhere.

    `panels_ratio` is the panels' peak over the load's power.
    """
    if panels_ratio == 0.0:
        return OwnPower(0.0, 0.0)
    generated, used = 0.0, 0.0
    for month in range(MONTHS):
        declination = declination_rad((month + 0.5) * DAYS_A_YEAR / MONTHS)
        for hour in range(HOURS_TO_NOON):
            factor = clear_sky_factor(cos_zenith(latitude, declination, hour + 0.5))
            power = panels_ratio * (1.0 - panel_loss_share) * factor
            generated += power
            used += min(power, 1.0)
    each = sunny_share / (MONTHS * HOURS_TO_NOON)
    return OwnPower(generated * each, used * each)
