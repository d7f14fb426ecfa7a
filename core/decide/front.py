"""The choices that no other betters in cost, carbon and quality at once, each lever from its earliest year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.decide.choices import unpriced_of
from core.decide.found import Choice
from core.decide.space import ROUNDING, Space
from core.decide.subsets import Floats, added, run_front
from core.plan.own_catalog import catalog_of

CENT_USD, GRAM_KG = 2, 3  # decimals beyond which two choices are alike
Places = NDArray[np.int64]


def front(space: Space) -> tuple[Choice, ...]:
    """The front of what keeps the limits, cheapest first; sets whose cost nobody knows are not on it."""
    cost_usd, carbon_kg = totals(space)
    limits, within = space.found.plan.search, space.within_limits()
    if limits.budget_usd is not None:
        within &= space.spent_now_usd <= limits.budget_usd * (1.0 + ROUNDING)
    priced = within & np.isfinite(cost_usd) & (unpriced_sets(space) == 0)
    some = front_of(cost_usd, carbon_kg, space.loss_pct, np.flatnonzero(priced))
    return tuple(_choice(space, int(one), float(cost_usd[one]), float(carbon_kg[one])) for one in some)


def totals(space: Space) -> tuple[Floats, Floats]:
    """Cost after less before, and carbon of the plan, over all years, each candidate from its earliest, (sets,)."""
    cost_rows, carbon_rows = space.stacked("cost_usd"), space.stacked("carbon_kg")
    out = np.zeros((2, space.found.sets))
    actives = [space.active(year) for year in range(space.years)]
    if space.hangs_on_start:
        now = [one.now for one in space.tables if one.now is not None]
        cost_rows = np.concatenate([one.cost_usd for one in now])
        carbon_rows = np.concatenate([one.carbon_kg for one in now])
        actives = [space.everything] * space.years
    for active in dict.fromkeys(actives):
        years = [year for year, one in enumerate(actives) if one == active]
        rows = np.column_stack([cost_rows[:, years].sum(axis=1), carbon_rows[:, years].sum(axis=1)])
        space.rows.summed(rows, active, out)
    added(space.at_earliest(space.takes.cost_usd), out[0])
    added(space.at_earliest(space.takes.carbon_kg), out[1])
    return out[0], out[1]


def unpriced_sets(space: Space) -> Places:
    """The candidates of each set whose cost nobody has named, as a set."""
    catalog = catalog_of(space.found.base)
    ids = unpriced_of(catalog, space.found.levers)
    mask = sum(1 << place for place, lever in enumerate(space.found.levers) if lever.id in ids)
    return np.arange(space.found.sets) & mask


def front_of(cost_usd: Floats, carbon_kg: Floats, loss_pct: Floats, some: Places) -> Places:
    """Which of some sets no other of them betters, cheapest first; of sets that are alike, the smallest number."""
    if not len(some):
        return some
    cost, carbon = np.round(cost_usd[some], CENT_USD), np.round(carbon_kg[some], GRAM_KG)
    losses, rank = np.unique(np.round(loss_pct[some], 6), return_inverse=True)
    rank = rank.reshape(-1).astype(np.int64)
    kept = np.zeros(len(some), dtype=bool)
    run_front(np.argsort(cost, kind="stable"), carbon, rank, len(losses), kept)
    few = np.flatnonzero(kept)
    order = np.lexsort((few, rank[few], carbon[few], cost[few]))
    again = np.zeros(len(few), dtype=bool)
    run_front(order, carbon[few], rank[few], len(losses), again)
    return np.asarray(some[few[order[again[order]]]])


def _choice(space: Space, some: int, cost_usd: float, carbon_kg: float) -> Choice:
    levers, catalog = space.found.chosen(some), catalog_of(space.found.base)
    loss_pct = float(space.loss_pct[some])
    return Choice(
        levers=levers,
        cost_usd=cost_usd,
        spent_usd=float(space.spent_now_usd[some]),
        carbon_all_years_kg=carbon_kg,
        quality_loss_pct=loss_pct if np.isfinite(loss_pct) else np.nan,
        latency_s=float(space.latency_s[some]),
        meets=bool(space.excess_share[some] <= ROUNDING),
        unmeasured=tuple(one.id for one in levers if one.key not in catalog.lever_quality),
    )
