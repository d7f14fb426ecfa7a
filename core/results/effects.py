"""What levers do: each alone, all together against business as usual, and how the whole is shared out among them.

Every difference is taken draw by draw: the draws of both plans are joint, so their bands may overlap although one wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, nan

import numpy as np

from core import engine
from core.catalog import LeverKind
from core.levers import acting, at_rest, in_order, meant, why_none, why_not, with_rebound
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.draws import Floats, interval
from core.results.figures import DRAWS, NOT_IN_FIGURES, carbon_kg, of
from core.results.lever_sets import Sets, each_alone, every, none_and_all
from core.results.lever_work import Work, bare, is_priced, parts, work, work_of
from core.results.under_levers import figures_under
from core.results.under_sets import under_sets
from core.units import KG_PER_T

MOST_EXACT = 10  # levers on one workload: 1,024 subsets; beyond, orders are sampled
ORDERS = 256  # sampled
MOST_KEPT = 2048


@dataclass(frozen=True, slots=True)
class Effect:
    """What one lever does alone in the headline year: after - before [kg], 80 % range, and the chance that it adds."""

    lever: Lever
    before_kg: float
    after_kg: float
    low_kg: float
    high_kg: float
    adds_share: float
    reason: str = ""
    carbon_all_years_kg: float = nan
    cost_all_years_usd: float = nan
    is_priced: bool = False  # whether anybody said what it costs to do

    @property
    def usd_per_t(self) -> float:
        """Cost over carbon avoided, both over all years of the plan, undiscounted; NaN unknown or nothing avoided."""
        if not self.is_priced or not self.carbon_all_years_kg < 0:
            return nan
        return self.cost_all_years_usd / (-self.carbon_all_years_kg / KG_PER_T)

    @property
    def difference_kg(self) -> float:
        """After less before [kg]."""
        return self.after_kg - self.before_kg


def usual(kind: LeverKind) -> Lever:
    """A lever of the catalog as it starts: its published middle, its usual choice and share."""
    return Lever(id=kind.id, choice=kind.usual_choice, share=kind.usual_share)


def effect_alone(plan: Plan, lever: Lever) -> Effect:
    """What a lever does by itself, on the plan as usual."""
    base = as_usual(plan)
    return _alone(base, lever)


def unpriced(plan: Plan) -> list[Lever]:
    """The levers in use that act somewhere and of which nobody said what they cost to do."""
    catalog, shares = catalog_of(plan), parts(plan)
    return [lever for lever in plan.levers if lever.id in shares and not is_priced(catalog, lever)]


def as_usual(plan: Plan) -> Plan:
    """The plan without its levers and without what no figure depends on: the key under which effects are kept."""
    bare = {name: NOT_IN_FIGURES[name] for name in ("name", "case", "stack_by")}
    return plan.model_copy(update=bare | {"levers": ()})


@lru_cache(maxsize=MOST_KEPT)
def _alone(base: Plan, lever: Lever) -> Effect:
    catalog = catalog_of(base)
    under = base.but(levers=(lever,))
    asked = [w for w in base.shown() if meant(lever, w)]
    reason = why_none(catalog, lever, asked)
    if reason or not asked:
        return Effect(lever, 0.0, 0.0, 0.0, 0.0, 0.0, reason or "it names no workload shown here")
    before_by_year, after_by_year, refused = carbon_of(base, under)
    year = base.shown_year() - base.first_year
    before, after = before_by_year[year], after_by_year[year]
    low, _, high = interval(after - before)
    adds = float(np.mean(after[1:] > before[1:]))
    return Effect(
        lever, float(before[0]), float(after[0]), low, high, adds, refused,
        carbon_all_years_kg=float((after_by_year - before_by_year)[:, 0].sum()),
        cost_all_years_usd=_cost_usd(base, under),
        is_priced=is_priced(catalog, lever),
    )  # fmt: skip


def carbon_of(base: Plan, under: Plan) -> tuple[Floats, Floats, str]:
    """Carbon by year before and after, (years, 1 + draws) each [kg], and why a workload has no figure."""
    catalog = catalog_of(base)
    view = base.model_copy(update=NOT_IN_FIGURES)
    before, after = (np.zeros((len(base.years()), 1 + DRAWS)) for _ in range(2))
    refused = ""
    for workload in base.shown():
        mine = acting(catalog, under, workload)
        was = figures_under(view, workload, (), DRAWS, base.calibration(workload.id))
        if was.reason:
            continue
        now = figures_under(view, workload, mine, DRAWS, base.calibration(workload.id))
        if now.reason:
            refused = refused or f"{workload.name}: {now.reason}"
            now = was
        before = before + carbon_kg(base, was.values)
        after = after + carbon_kg(base, now.values)
        if mine and now is not was:
            after = after + work_kg(base, work(under, view, workload, mine, DRAWS))
    return before, after, refused


def _cost_usd(base: Plan, under: Plan) -> float:
    """Change of cost over all years, central case [USD]; NaN where a price of a workload that it acts on is unknown."""
    catalog, view, total = catalog_of(base), base.model_copy(update=NOT_IN_FIGURES), 0.0
    for workload in base.shown():
        mine = acting(catalog, under, workload)
        if not mine:
            continue
        pair = [figures_under(view, workload, some, DRAWS, base.calibration(workload.id)) for some in ((), mine)]
        if pair[0].reason or pair[1].reason:
            return nan
        was, now = (float(one.values["cost_usd"][:, 0].sum()) for one in pair)
        taken = work(under, view, workload, mine, DRAWS)
        total += now - was + (float(taken["cost_usd"][:, 0].sum()) if taken else 0.0)
    return total


def work_kg(plan: Plan, taken: Work) -> Floats | float:
    """Carbon of what levers take themselves, by the plan's method and boundary, (years, 1 + draws)."""
    if not taken:
        return 0.0
    return carbon_kg(plan, taken)


def ranked(plan: Plan) -> list[Effect]:
    """Every lever of the catalog that can act on this plan, by what it does alone, the greatest saving first.

    Central case, without ranges: enough to put levers in order.
    """
    return list(_ranked(as_usual(plan)))


@lru_cache(maxsize=64)
def _ranked(base: Plan) -> tuple[Effect, ...]:
    catalog, year = catalog_of(base), base.shown_year() - base.first_year
    able = [usual(kind) for kind in catalog.levers.values() if not kind.missing]
    reasons = {lever.id: [why_not(catalog, lever, w) for w in base.shown()] for lever in able}
    counts = {lever.id: part for lever in able for part in parts(base.model_copy(update={"levers": (lever,)})).values()}
    after = dict.fromkeys((lever.id for lever in able), 0.0)
    total = 0.0
    for place, workload in enumerate(base.shown()):
        mine = in_order(catalog, [with_rebound(base, lever) for lever in able if not reasons[lever.id][place]])
        kg = _kg(base, workload, mine, each_alone(len(mine)))[:, year]
        own = _own_kg(base, workload, mine, counts)[:, year]
        moved = dict(zip((lever.id for lever in mine), kg[1:] - kg[0] + own, strict=True))
        total += float(kg[0])
        for lever in able:
            after[lever.id] += float(moved.get(lever.id, 0.0))
    found = []
    for lever in able:
        if all(reasons[lever.id]):
            why = why_none(catalog, lever, base.shown()) or "no workload is shown"
            found.append(Effect(lever, 0.0, 0.0, 0.0, 0.0, 0.0, why))
        else:
            found.append(Effect(lever, total, total + after[lever.id], nan, nan, nan))
    return tuple(sorted(found, key=lambda effect: (bool(effect.reason), effect.difference_kg)))


def _kg(plan: Plan, workload: Workload, levers: tuple[Lever, ...], sets: Sets) -> Floats:
    """Carbon of one workload under sets of its levers, central case, (sets, years) [kg]; as usual without a figure."""
    view = plan.model_copy(update=NOT_IN_FIGURES)
    found = under_sets(view, workload, levers, sets.tobytes(), plan.calibration(workload.id))
    return found.carbon_kg(plan.method, plan.boundary)


def _own_kg(plan: Plan, workload: Workload, levers: tuple[Lever, ...], counts: Mapping[str, float]) -> Floats:
    """Carbon of what each lever takes itself on one workload, central case, (levers, years) [kg]."""
    view, catalog = plan.model_copy(update=NOT_IN_FIGURES), catalog_of(plan)
    kg = np.zeros((len(levers), len(plan.years())))
    for place, lever in enumerate(levers):
        if lever.id in counts and not at_rest(catalog, workload, lever):
            kg[place] = np.broadcast_to(
                work_kg(plan, work_of(view, workload, bare(lever), counts[lever.id], 0)), (len(plan.years()), 1)
            )[:, 0]
    return kg


@dataclass(frozen=True, slots=True)
class Shares:
    """How the change of the headline year is shared out, central case [kg]: by lever, and what overlaps.

    `shapley_kg` and `rebound_kg` re-add to the whole change exactly; `alone_kg` does not: the difference is the
    overlap. Both are without rebound, which stands by itself. `exact` is False where some workload takes too many
    levers and orders were sampled.
    """

    before_kg: float
    after_kg: float
    shapley_kg: dict[str, float]
    alone_kg: dict[str, float]
    exact: bool
    rebound_kg: float = 0.0

    @property
    def overlap_kg(self) -> float:
        """The change of all together less the sum of each alone, rebound aside [kg]; above 0 where savings overlap."""
        return (self.after_kg - self.rebound_kg - self.before_kg) - sum(self.alone_kg.values())


@lru_cache(maxsize=64)
def shares(plan: Plan) -> Shares:
    """The Shapley value of each lever in use: its mean effect over all orders in which the levers could come.

    A workload sees only the levers that act on it, and the value of a sum over workloads is the sum of their values.
    """
    catalog, year = catalog_of(plan), plan.shown_year() - plan.first_year
    counts, rebound = parts(plan), 0.0
    shapley = {lever.id: 0.0 for lever in plan.levers}
    single = dict(shapley)
    before = after = 0.0
    exact = True
    for workload in plan.shown():
        grown = acting(catalog, plan, workload)
        mine = tuple(lever.but(elasticity=0.0) if lever.elasticity else lever for lever in grown)
        whole = len(mine) <= MOST_EXACT
        kg, by_itself, values = (_exact if whole else _sampled)(plan, workload, mine)
        own = _own_kg(plan, workload, mine, counts)[:, year]
        if grown != mine:
            rebound += float((_kg(plan, workload, grown, none_and_all(len(mine)))[-1] - kg[-1])[year])
        before, after = before + float(kg[0, year]), after + float(kg[-1, year] + own.sum())
        exact = exact and whole
        for lever, one, value, taken in zip(mine, by_itself, values, own, strict=True):
            single[lever.id] += float(one[year] - kg[0, year] + taken)
            shapley[lever.id] += float(value[year] + taken)
    return Shares(before, after + rebound, shapley, single, exact, rebound)


def _exact(plan: Plan, workload: Workload, levers: tuple[Lever, ...]) -> tuple[Floats, Floats, Floats]:
    """Carbon by year [kg] under every set of the levers, none first and all last; under each alone; their values."""
    kg = _kg(plan, workload, levers, every(len(levers)))
    return kg, kg[each_alone(len(levers))[1:]], engine.shapley(kg)


def _sampled(plan: Plan, workload: Workload, levers: tuple[Lever, ...]) -> tuple[Floats, Floats, Floats]:
    """The same over sampled orders, seeded by the plan; each order re-adds to the whole, so the mean does too."""
    generator = np.random.default_rng(plan.seed)
    orders = np.array([generator.permutation(len(levers)) for _ in range(ORDERS)])
    steps = np.concatenate([np.zeros((ORDERS, 1), dtype=np.int64), np.cumsum(1 << orders, axis=1)], axis=1)
    sets, places = np.unique(steps, return_inverse=True)
    kg = _kg(plan, workload, levers, sets)
    found = kg[places.reshape(steps.shape)]
    gained = found[:, 1:] - found[:, :-1]
    values = np.array([gained[orders == place].mean(axis=0) for place in range(len(levers))])
    return kg, _kg(plan, workload, levers, each_alone(len(levers)))[1:], values


def wins_share(plan: Plan) -> float:
    """In how many of the simulations the plan emits less than business as usual in the headline year; NaN unknown."""
    when = plan.shown_year() - plan.first_year
    now, was = of(plan), of(plan.as_usual())
    difference = now.total(now.carbon_kg())[when] - was.total(was.carbon_kg())[when]
    return float(np.mean(difference[1:] < 0)) if all(map(isfinite, difference)) else float("nan")
