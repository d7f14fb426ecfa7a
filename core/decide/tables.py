"""What each workload comes to under every set of the candidates that act on it: the tables that all sets are read from.

A workload knows only the candidates that act on it, so that few rows stand for all sets of all candidates. Every row is
the plan's own physics under that set, acting in all years; a set with start years takes each year from the row of what
acts in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.catalog import Catalog
from core.decide.candidates import Searched
from core.decide.change import COSTS
from core.decide.exact import inexact
from core.decide.pathway import BOOKED, Pathway
from core.decide.purchases import Bought, bought_of
from core.decide.rows import rows_of, view_of
from core.levers import at_rest
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.figures import carbon_kg
from core.results.lever_sets import Sets
from core.results.lever_work import Work, bare, parts, work_of
from core.results.one import BY_PURCHASE
from core.results.purchases import OWNED
from core.results.set_figures import set_figures
from core.units import PERCENT

Floats = NDArray[np.float64]
PAID = tuple(name for name in COSTS if name != "cost_levers_usd")
CARBON = ("carbon_location_kg", "carbon_market_kg")
MADE = "carbon_embodied_kg"
NAMES = (*CARBON, *BOOKED, *PAID, "request_time_s")
UNKNOWN = np.inf  # of a cost, a loss of quality: more than any limit


@dataclass(frozen=True, slots=True)
class Table:
    """One workload: a row for each set of the candidates that act on it, `mine`; bit k of a row is the k-th of them.

    `fine` is 1 where the set can be and has figures, else 0. Figures are (rows, years): cost after less before [USD],
    infinite where a set cannot be or its price is unknown; `left_out` are kinds of cost that have no price at all.
    `booked_kg` and `bought_kg` are (lines, rows, years asked): without machines that the company buys, and those alone
    when each candidate comes in its earliest year. `bought` says what must be bought whenever they come; `now` has the
    figures that hang on the start, None where none does.
    """

    workload: Workload
    mine: tuple[int, ...]
    fine: Floats
    cost_usd: Floats
    carbon_kg: Floats
    booked_kg: Floats
    bought_kg: Floats
    latency_s: Floats
    loss_pct: Floats
    left_out: tuple[str, ...]
    bought: Bought | None
    now: Now | None


@dataclass(frozen=True, slots=True)
class Now:
    """The same rows with each candidate from its earliest year, where a year's figures hang on the start."""

    cost_usd: Floats
    carbon_kg: Floats
    booked_kg: Floats


def table_of(found: Searched, pathway: Pathway, workload: Workload) -> Table:
    """All rows of one workload."""
    base, catalog = found.base, catalog_of(found.base)
    levers, sets = rows_of(found, workload)
    ours = _compatible(found, found.mine[workload.id])
    got = set_figures(view_of(base), workload, levers, sets[ours], NAMES, 0, base.calibration(workload.id))
    values = {name: _all_rows(one[:, :, 0], ours, len(sets)) for name, one in got.values.items()}
    cost_usd, left_out = _cost(values)
    fine = _all_rows(got.known[:, None].astype(float), ours, len(sets))[:, 0]
    cost_usd[fine == 0.0] = UNKNOWN
    booked = pathway.booked_kg(workload, {name: one[..., None] for name, one in values.items()})[..., 0]
    return Table(
        workload,
        found.mine[workload.id],
        fine,
        cost_usd,
        carbon_kg(base, values),
        booked,
        _bought_now_kg(found, pathway, workload, ours, len(sets)),
        np.nan_to_num(values["request_time_s"], nan=0.0),
        losses_pct(catalog, found, workload),
        left_out,
        bought_of(found, workload, fine > 0.0),
        _now(found, pathway, workload, ours, len(sets)) if inexact(found) else None,
    )


def _now(found: Searched, pathway: Pathway, workload: Workload, ours: Sets, rows: int) -> Now:
    base = found.base
    levers, sets = rows_of(found, workload, from_earliest=True)
    got = set_figures(view_of(base), workload, levers, sets[ours], NAMES, 0, base.calibration(workload.id))
    values = {name: _all_rows(one[:, :, 0], ours, rows) for name, one in got.values.items()}
    cost_usd, _ = _cost(values)
    cost_usd[_all_rows(got.known[:, None].astype(float), ours, rows)[:, 0] == 0.0] = UNKNOWN
    booked = pathway.booked_kg(workload, {name: one[..., None] for name, one in values.items()})[..., 0]
    return Now(cost_usd, carbon_kg(base, values), booked)


def _bought_now_kg(found: Searched, pathway: Pathway, workload: Workload, ours: Sets, rows: int) -> Floats:
    """Making of what is bought in the years asked when each candidate comes in its earliest year."""
    out = np.zeros((len(pathway.lines), rows, len(pathway.places)))
    if workload.hosting not in OWNED:
        return out
    base = found.base
    view = view_of(base).model_copy(update={"hardware_view": BY_PURCHASE})
    levers, sets = rows_of(found, workload, from_earliest=True)
    got = set_figures(view, workload, levers, sets[ours], (MADE,), 0, base.calibration(workload.id))
    third = [place for place, line in enumerate(pathway.lines) if "3" in line.split("+")]
    out[third] = _all_rows(got.values[MADE][:, list(pathway.places), 0], ours, rows)
    return out


def _compatible(found: Searched, mine: tuple[int, ...]) -> Sets:
    """The rows whose candidates go together."""
    rows = np.arange(1 << len(mine), dtype=np.int64)
    fine = np.ones(len(rows), dtype=bool)
    for one, other in found.clashes:
        if one in mine and other in mine:
            both = 1 << mine.index(one) | 1 << mine.index(other)
            fine &= rows & both != both
    return rows[fine]


def _all_rows(values: Floats, ours: Sets, rows: int) -> Floats:
    whole = np.zeros((rows, values.shape[1]))
    whole[ours] = values
    return whole


def _cost(values: Mapping[str, Floats]) -> tuple[Floats, tuple[str, ...]]:
    """Cost of each row after less before [USD], as far as it has prices, and which kinds of it have none."""
    total = np.zeros_like(values[PAID[0]])
    left_out = []
    for name in PAID:
        paid, unknown = values[name], np.asarray(np.isnan(values[name]).any(axis=1))
        if unknown[0]:
            left_out.append(COSTS[name][0])
            total[~unknown] = UNKNOWN
        else:
            total += np.where(unknown[:, None], UNKNOWN, paid - paid[0])
    return total, tuple(left_out)


def losses_pct(catalog: Catalog, found: Searched, workload: Workload) -> Floats:
    """What each row may take off the score at most, high ends added up [%]; infinite where a lever is unmeasured."""
    mine = found.mine[workload.id]
    loss = np.zeros(1 << len(mine))
    for place, lever in enumerate(mine):
        known = catalog.lever_quality.get(found.levers[lever].key)
        loss[(np.arange(len(loss)) >> place & 1).astype(bool)] += UNKNOWN if known is None else known.loss_high_pct
    return np.where(np.isfinite(loss), np.minimum(loss, PERCENT), loss)


@dataclass(frozen=True, slots=True)
class Takes:
    """What each candidate takes itself, by the year it starts in.

    Shapes (candidates, years of starting), infinite before the earliest; `booked_kg` is (lines, candidates, years of
    starting, years asked).
    """

    cost_usd: Floats
    spent_usd: Floats
    carbon_kg: Floats
    booked_kg: Floats


def takes_of(found: Searched, pathway: Pathway) -> Takes:
    """The levers' own work, central case, for every year in which each may start."""
    plan, years = found.base, list(found.base.years())
    shape = (len(found.levers), len(years))
    cost, spent, carbon = (np.full(shape, UNKNOWN) for _ in range(3))
    booked = np.zeros((len(pathway.lines), *shape, len(pathway.places)))
    view = view_of(plan)
    for place, lever in enumerate(found.levers):
        share = parts(plan.model_copy(update={"levers": (*plan.levers, lever)})).get(lever.id, 0.0)
        mine = [w for w in plan.workloads if place in found.mine[w.id]]
        for when, year in enumerate(years):
            if year < (lever.start_year or plan.first_year):
                continue
            cost[place, when] = spent[place, when] = carbon[place, when] = 0.0
            for workload in mine:
                taken = work_there(found, view, workload, lever.model_copy(update={"start_year": year}), share, 0)
                if not taken:
                    continue
                cost[place, when] += float(np.nansum(taken["cost_energy_usd"]) + taken["cost_levers_usd"].sum())
                spent[place, when] += float(taken["cost_levers_usd"].sum())
                carbon[place, when] += float(carbon_kg(plan, taken).sum())
                values = {n: taken.get(n, np.zeros_like(taken["cost_usd"]))[None] for n in (*CARBON, *BOOKED)}
                booked[:, place, when] += pathway.booked_kg(workload, values)[:, 0, :, 0]
    return Takes(cost, spent, carbon, booked)


def work_there(found: Searched, view: Plan, workload: Workload, lever: Lever, share: float, draws: int) -> Work:
    """What one candidate takes on one workload; empty when nothing is known of it."""
    if not share or at_rest(catalog_of(found.base), workload, lever):
        return {}
    return work_of(view, workload, bare(lever), share, draws)
