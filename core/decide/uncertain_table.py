"""How sure a plan is, as a tidy CSV: a row a year with its quantiles and probabilities, then a row an input."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

from core.decide.indices import Index
from core.decide.inputs import inputs
from core.decide.morris import screening
from core.decide.tornado import tornado
from core.decide.uncertain import answer_year, fan, lower_share, met_by_year, so_far_by_year, uncertain
from core.plan import Plan
from core.plan.disarmed import csv_of
from core.units import KG_PER_T

COLUMNS = (
    "record", "year", "simulations", "seed", "plan_t", "plan_p10_t", "plan_p25_t", "plan_p50_t", "plan_p75_t",
    "plan_p90_t", "usual_t", "usual_p10_t", "usual_p50_t", "usual_p90_t", "lower_share", "allowed_t", "met_share",
    "so_far_share", "input", "name", "unit", "low", "central", "high", "plan_at_low_t", "plan_at_high_t", "effect_t",
    "effect_spread_t", "first_order_share", "total_share", "status", "source",
)  # fmt: skip
Row = dict[str, object]


def write_uncertain(plan: Plan, shares: tuple[Index, ...] = ()) -> str:
    """Every year, then every input by the width of its bar, with LF line ends; what is not known is a blank cell."""
    return csv_of(COLUMNS, (*_years(plan), *_inputs(plan, shares)))


def _years(plan: Plan) -> Iterator[Row]:
    found = uncertain(plan)
    met, so_far = met_by_year(plan), so_far_by_year(plan)
    now, usual = fan(found.plan_kg), fan(found.usual_kg)
    for place, year in enumerate(plan.years()):
        kg = {
            "plan_t": now.central, "plan_p10_t": now.p10, "plan_p25_t": now.p25, "plan_p50_t": now.median,
            "plan_p75_t": now.p75, "plan_p90_t": now.p90, "usual_t": usual.central, "usual_p10_t": usual.p10,
            "usual_p50_t": usual.median, "usual_p90_t": usual.p90, "allowed_t": found.line_kg,
        }  # fmt: skip
        yield {
            "record": "year",
            "year": year,
            "simulations": found.draws,
            "seed": plan.seed,
            "lower_share": lower_share(found.plan_kg[place], found.usual_kg[place]) if plan.levers else nan,
            "met_share": met.get(year, nan),
            "so_far_share": so_far.get(year, nan),
        } | {name: float(values[place]) / KG_PER_T for name, values in kg.items()}


def _inputs(plan: Plan, shares: tuple[Index, ...]) -> Iterator[Row]:
    year = answer_year(plan, uncertain(plan))
    found = tornado(plan, "emissions", year)
    effects = {one.factor: one for one in screening(plan, "emissions", year)}
    known = inputs(plan, tuple(bar.factor for bar in found.bars))
    parts = {one.factor: one for one in shares}
    for bar in found.bars:
        one, effect, part = known[bar.factor], effects.get(bar.factor), parts.get(bar.factor)
        yield {
            "record": "input", "year": year, "plan_t": found.central / KG_PER_T, "input": bar.factor,
            "name": one.title, "unit": one.unit, "low": one.low, "central": one.central, "high": one.high,
            "plan_at_low_t": bar.at_low / KG_PER_T, "plan_at_high_t": bar.at_high / KG_PER_T,
            "effect_t": effect and effect.mean_size / KG_PER_T, "effect_spread_t": effect and effect.spread / KG_PER_T,
            "first_order_share": part and part.first, "total_share": part and part.total,
            "status": one.status, "source": one.source,
        }  # fmt: skip
