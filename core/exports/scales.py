"""Display units, chosen once from the largest figure of a page or a file, and figures in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite

import numpy as np

from core import words
from core.plan import Plan
from core.results import Results
from core.results.draws import Floats
from core.words import Scale

SCALES: dict[str, Callable[[float], Scale]] = {
    "kg": words.mass_scale,
    "kWh": words.energy_scale,
    "l": words.volume_scale,
    "USD": words.money_scale,
}
SMALL: dict[str, Callable[..., Scale]] = {"kg": words.mass_scale, "kWh": words.energy_scale, "l": words.volume_scale}


def scale_for(unit: str, values: Iterable[float], small: bool = False) -> Scale:
    """The display unit for quantities in a base unit (kg, kWh, l, USD); other units stay as they are.

    `small` figures, of one request, may take milligrams, milliwatt-hours and millilitres.
    """
    largest = max((abs(v) for v in values if isfinite(v)), default=0.0)
    if small and unit in SMALL:
        return SMALL[unit](largest, small=True)
    return SCALES[unit](largest) if unit in SCALES else Scale(unit, 1.0, after=f"\u00a0{unit}" if unit else "")


def money_for(plan: Plan, values: Iterable[float]) -> Scale:
    """The display unit for amounts [USD], in the plan's currency at its dated rate."""
    largest = max((abs(v) for v in values if isfinite(v)), default=0.0)
    return words.money_scale(largest, plan.currency, plan.exchange_rate)


def page_scale(found: Results, unit: str = "kg") -> Scale:
    """The display unit of the whole page for kg, kWh, l or USD, from the largest year of all workloads shown."""
    if unit not in found.largest:
        found.largest[unit] = float(np.max(np.nan_to_num(_by_year(found, unit)), initial=0.0))
    largest = found.largest[unit]
    if unit == "USD":
        return money_for(found.plan, (largest,))
    return SCALES[unit](largest)


def _by_year(found: Results, unit: str) -> Floats:
    """The page's whole, central case, by year; costs as far as they are known."""
    values, shown = found.values, found.shown()
    if unit == "kg":
        return np.asarray(found.carbon_kg()[shown, :, 0].sum(axis=0))
    if unit == "kWh":
        return np.asarray(values["energy_facility_kwh"][shown, :, 0].sum(axis=0))
    if unit == "l":
        return np.asarray((values["water_site_l"][shown, :, 0] + values["water_source_l"][shown, :, 0]).sum(axis=0))
    return np.asarray(np.nansum(values["cost_usd"][shown, :, 0], axis=0))


def amount(values: Iterable[float], scale: Scale | None = None) -> list[str]:
    """Parts of one whole with the same number of decimals, so that what is shown can be re-added.

    >>> amount([180.2, 13.04, 106.9])
    ['180', '13', '107']
    """
    divisor = scale.divisor if scale else 1.0
    parts = [value / divisor for value in values]
    largest = max((abs(part) for part in parts if isfinite(part)), default=0.0)
    decimals = max(0, 3 - len(f"{largest:.0f}")) if largest >= 1 else 3
    texts = [words.figure(part, 3) if not isfinite(part) else f"{part:,.{decimals}f}" for part in parts]
    return [text.replace(",", words.THIN).replace("-", words.MINUS) for text in texts]


def counted(value: float, text: str) -> str:
    """A whole number as such, without decimals; anything else as the text given.

    >>> counted(8.0, "8.00"), counted(1.23, "1.2")
    ('8', '1.2')
    """
    return f"{value:,.0f}".replace(",", words.THIN) if isfinite(value) and value == int(value) else text
