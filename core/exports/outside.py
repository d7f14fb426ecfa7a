"""What stands outside the totals: carbon credits, and work that runs on users' devices, a sentence each."""

from __future__ import annotations

from core import words
from core.results import Results
from core.results.credits import credits_outside_kg
from core.words import mass_scale


def credits_said(found: Results) -> str:
    """Carbon credits; empty without."""
    plan, year = found.plan, found.plan.shown_year()
    kg = float(credits_outside_kg(plan)[found.place(year)])
    if kg <= 0.0:
        return ""
    return f"Credits, outside every total: {words.quantity(kg, mass_scale(kg), 3)} in {year}, for the whole plan."


def on_devices(found: Results) -> str:
    """Energy and carbon on users' devices that nobody's total here holds; empty without."""
    year = found.plan.shown_year()

    def outside(kind: str, unit: str) -> float:
        whole, sold = (found.total(found.values[f"{kind}_devices{name}_{unit}"]) for name in ("", "_sold"))
        return float((whole - sold)[found.place(year), 0])

    kwh, kg = outside("energy", "kwh"), outside("carbon", "kg")
    if kwh <= 0.0:
        return ""
    told = f"{words.quantity(kwh, words.energy_scale(kwh), 2)} and {words.quantity(kg, mass_scale(kg), 2)} CO₂e"
    return f"On users' devices, outside your boundary and every total: {told} in {year}."
