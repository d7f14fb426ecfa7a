"""What levers do: each alone, all together against business as usual, and how the whole is shared out among them.

Every difference is taken draw by draw: the draws of both plans are joint, so their bands may overlap although one wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import factorial, isfinite

import numpy as np

from core.catalog import LeverKind
from core.levers import acting, meant, why_not
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.draws import Floats, interval
from core.results.figures import DRAWS, NOT_IN_FIGURES, of
from core.results.one import Figures
from core.results.under_levers import figures_under

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


def as_usual(plan: Plan) -> Plan:
    """The plan without its levers and without what no figure depends on: the key under which effects are kept."""
    bare = {name: NOT_IN_FIGURES[name] for name in ("name", "case", "stack_by")}
    return plan.model_copy(update=bare | {"levers": ()})


@lru_cache(maxsize=MOST_KEPT)
def _alone(base: Plan, lever: Lever) -> Effect:
    catalog = catalog_of(base)
    under = base.but(levers=(lever,))
    reasons = [why_not(catalog, lever, w) for w in base.shown() if meant(lever, w)]
    if all(reasons):
        return Effect(lever, 0.0, 0.0, 0.0, 0.0, 0.0, reasons[0] if reasons else "it names no workload shown here")
    before, after, refused = carbon_of(base, under)
    low, _, high = interval(after - before)
    adds = float(np.mean(after[1:] > before[1:]))
    return Effect(lever, float(before[0]), float(after[0]), low, high, adds, refused)


def carbon_of(base: Plan, under: Plan) -> tuple[Floats, Floats, str]:
    """Carbon of the headline year before and after, (1 + draws,) each [kg], and why a workload has no figure."""
    catalog = catalog_of(base)
    view, when = base.model_copy(update=NOT_IN_FIGURES), base.shown_year() - base.first_year
    before, after = np.zeros(1 + DRAWS), np.zeros(1 + DRAWS)
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
        before = before + carbon_kg(base, was)[when]
        after = after + carbon_kg(base, now)[when]
    return before, after, refused


def carbon_kg(plan: Plan, figures: Figures) -> Floats:
    """Carbon of one workload by the plan's method and boundary, (years, 1 + draws)."""
    operational = figures.values[f"carbon_{plan.method}_kg"]
    both = operational + figures.values["carbon_embodied_kg"]
    return both if plan.boundary == "with_hardware" else operational


def ranked(plan: Plan) -> list[Effect]:
    """Every lever of the catalog that can act on this plan, by what it does alone, the greatest saving first."""
    catalog = catalog_of(plan)
    able = [kind for kind in catalog.levers.values() if not kind.missing]
    found = [_central(plan, usual(kind)) for kind in able]
    return sorted(found, key=lambda effect: (bool(effect.reason), effect.difference_kg))


def _central(plan: Plan, lever: Lever) -> Effect:
    base = as_usual(plan)
    return _central_of(base, lever)


@lru_cache(maxsize=MOST_KEPT)
def _central_of(base: Plan, lever: Lever) -> Effect:
    """The same without its range: enough to put levers in order."""
    catalog = catalog_of(base)
    reasons = [why_not(catalog, lever, w) for w in base.shown() if meant(lever, w)]
    if all(reasons):
        return Effect(lever, 0.0, 0.0, 0.0, 0.0, 0.0, reasons[0] if reasons else "no workload is shown")
    under = base.but(levers=(lever,))
    total = [sum(_central_kg(base, w, acting(catalog, plan, w)) for w in base.shown()) for plan in (base, under)]
    return Effect(lever, total[0], total[1], float("nan"), float("nan"), float("nan"))


def _central_kg(plan: Plan, workload: Workload, levers: tuple[Lever, ...]) -> float:
    """Carbon of one workload in the headline year, central case [kg]; as usual where levers leave it no figure."""
    view, when = plan.model_copy(update=NOT_IN_FIGURES), plan.shown_year() - plan.first_year
    found = figures_under(view, workload, levers, 0, plan.calibration(workload.id))
    if found.reason:
        found = figures_under(view, workload, (), 0, plan.calibration(workload.id))
    return 0.0 if found.reason else float(carbon_kg(plan, found)[when, 0])


@dataclass(frozen=True, slots=True)
class Shares:
    """How the change of the headline year is shared out, central case [kg]: by lever, and what overlaps.

    `shapley_kg` re-adds to the whole change exactly; `alone_kg` does not: the difference is the overlap. `exact` is
    False where some workload takes too many levers and orders were sampled.
    """

    before_kg: float
    after_kg: float
    shapley_kg: dict[str, float]
    alone_kg: dict[str, float]
    exact: bool

    @property
    def overlap_kg(self) -> float:
        """The change of all together less the sum of each alone [kg]; above 0 where savings overlap."""
        return (self.after_kg - self.before_kg) - sum(self.alone_kg.values())


@lru_cache(maxsize=64)
def shares(plan: Plan) -> Shares:
    """The Shapley value of each lever in use: its mean effect over all orders in which the levers could come."""
    catalog = catalog_of(plan)
    shapley = {lever.id: 0.0 for lever in plan.levers}
    single = dict(shapley)
    before = after = 0.0
    exact = True
    for workload in plan.shown():
        mine = acting(catalog, plan, workload)
        start, end = _central_kg(plan, workload, ()), _central_kg(plan, workload, mine)
        before, after = before + start, after + end
        for lever in mine:
            single[lever.id] += _central_kg(plan, workload, (lever,)) - start
        values = _exact(plan, workload, mine) if len(mine) <= MOST_EXACT else _sampled(plan, workload, mine)
        exact = exact and len(mine) <= MOST_EXACT
        for key, value in values.items():
            shapley[key] += value
    return Shares(before, after, shapley, single, exact)


def _exact(plan: Plan, workload: Workload, levers: tuple[Lever, ...]) -> dict[str, float]:
    """Each lever's mean over all subsets of the others, weighted by how many orders pass through them."""
    n = len(levers)
    subsets = [chosen for size in range(n + 1) for chosen in combinations(range(n), size)]
    kg = {chosen: _central_kg(plan, workload, tuple(levers[i] for i in chosen)) for chosen in subsets}
    found = {}
    for place, lever in enumerate(levers):
        total = 0.0
        for chosen in subsets:
            if place not in chosen:
                weight = factorial(len(chosen)) * factorial(n - len(chosen) - 1) / factorial(n)
                total += weight * (kg[tuple(sorted((*chosen, place)))] - kg[chosen])
        found[lever.id] = total
    return found


def _sampled(plan: Plan, workload: Workload, levers: tuple[Lever, ...]) -> dict[str, float]:
    """The same over sampled orders, seeded by the plan; each order re-adds to the whole, so the mean does too."""
    generator = np.random.default_rng(plan.seed)
    total = {lever.id: 0.0 for lever in levers}
    kg: dict[tuple[int, ...], float] = {}

    def value(chosen: Sequence[int]) -> float:
        key = tuple(sorted(chosen))
        if key not in kg:
            kg[key] = _central_kg(plan, workload, tuple(levers[i] for i in key))
        return kg[key]

    for _ in range(ORDERS):
        order = [int(place) for place in generator.permutation(len(levers))]
        for count, place in enumerate(order):
            total[levers[place].id] += value(order[: count + 1]) - value(order[:count])
    return {key: sum_kg / ORDERS for key, sum_kg in total.items()}


def wins_share(plan: Plan) -> float:
    """In how many of the simulations the plan emits less than business as usual in the headline year; NaN unknown."""
    when = plan.shown_year() - plan.first_year
    now, was = of(plan), of(plan.as_usual())
    difference = now.total(now.carbon_kg())[when] - was.total(was.carbon_kg())[when]
    return float(np.mean(difference[1:] < 0)) if all(map(isfinite, difference)) else float("nan")
