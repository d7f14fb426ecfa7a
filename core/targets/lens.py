"""The growth lens: tokens, electricity and carbon for each 1,000 tokens, beside the tonnes that a target counts."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from core.plan import Plan
from core.results.figures import of
from core.results.inventory_view import as_inventory
from core.results.scopes import counts_sold_products
from core.targets.amounts import Floats, places_of, scope_kg
from core.units import G_PER_KG, PERCENT

K_TOKENS = 1_000.0


@dataclass(frozen=True, slots=True)
class Lens:
    """One year of the plan, central case. Tokens are those read and written to answer; training has none of them.

    `intensity_g_per_1000_tokens` is the carbon of answering alone, hardware included; NaN where nothing is answered.
    `carbon_kg` is all that a target counts of the plan.
    """

    year: int
    tokens: float
    energy_facility_kwh: float
    intensity_g_per_1000_tokens: float
    carbon_kg: float


def growth_lens(plan: Plan) -> tuple[Lens, ...]:
    """The lens by year, on the basis of the target."""
    found, basis = of(as_inventory(plan)), plan.target.scope2_basis
    carbon_kg = sum(kg.on(basis)[:, 0] for kg in scope_kg(found).values())
    answers = [place for place, workload in enumerate(found.workloads) if workload.kind == "inference"]

    def answered(name: str) -> Floats:
        return np.asarray(found.values[name][answers, :, 0].sum(axis=0))

    tokens = answered("input_tokens_year") + answered("output_tokens_year")
    kg = answered(f"carbon_{basis}_kg") + answered("carbon_embodied_kg")
    if not counts_sold_products(plan):
        kg = kg - answered("carbon_devices_sold_kg")
    per = np.divide(kg * G_PER_KG * K_TOKENS, tokens, out=np.full_like(kg, np.nan), where=tokens > 0)
    energy_kwh = found.values["energy_facility_kwh"][:, :, 0].sum(axis=0)
    rows = zip(plan.years(), tokens, energy_kwh, per, np.broadcast_to(carbon_kg, kg.shape), strict=True)
    return tuple(Lens(year, *map(float, row)) for year, *row in rows)


def electricity_growth_pct(plan: Plan, last_year: int) -> float:
    """How fast the plan's electricity of scope 2 grows, a yearly mean from its first year on [%]; NaN without any."""
    found, last = of(as_inventory(plan)), min(last_year, plan.last_year)
    mine = places_of(found, "2")
    kwh = found.values["energy_facility_kwh"][mine, :, 0].sum(axis=0)
    if last <= plan.first_year or not kwh[0] > 0.0:
        return nan
    first_kwh, last_kwh = float(kwh[0]), float(kwh[last - plan.first_year])
    return yearly_pct(last_kwh / first_kwh, last - plan.first_year)


def yearly_pct(factor: float, years: int) -> float:
    """The yearly change that makes a factor over some years [%]; NaN where there are none.

    >>> round(yearly_pct(0.5, 5), 2)
    -12.94
    """
    return (factor ** (1.0 / years) - 1.0) * PERCENT if years > 0 else nan
