"""Many worlds of a plan: its carbon and cost by year and draw, beside the same plan as usual, block by block.

A world is one draw of every uncertain input; plan and business as usual live in the same worlds. A block holds as many
draws as fit a processor's cache and leaves its sums alone, so that a hundred thousand draws need no room of their own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.decide.points import MOST_IN_BLOCK, Shares, scores_of
from core.levers import acting
from core.plan import Plan, Workload
from core.plan.own_catalog import catalog_of
from core.results.draws import Floats
from core.results.figures import NOT_IN_FIGURES, Results, figures, gathered
from core.results.inventory_view import as_inventory
from core.results.one import BY_PURCHASE, Figures
from core.results.sample import Noted, Sample
from core.targets.amounts import Amounts, scope_kg

SUMS = (
    "carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg", "carbon_embodied_amortised_kg",
    "carbon_devices_sold_kg", "cost_usd",
)  # fmt: skip
MOST_KEPT = 16
LEAST_IN_BLOCK = 512  # draws: fewer take longer to set up than to work out
THREADS = min(os.cpu_count() or 1, 4)


@dataclass(frozen=True, slots=True)
class Side:
    """One plan's sums, each (years, 1 + draws); draw 0 is the central case.

    `carbon_kg` is by the plan's own method, boundary and filters, `scopes` as an inventory books it, every workload.
    """

    carbon_kg: Floats
    cost_usd: Floats
    scopes: Mapping[str, Amounts]


@dataclass(frozen=True, slots=True)
class Worlds:
    """The plan and business as usual in the same draws; `refused` says which workloads have no figures, and why."""

    plan: Side
    usual: Side
    refused: Mapping[str, str]

    @property
    def draws(self) -> int:
        """How many, the central case left aside."""
        return int(self.plan.carbon_kg.shape[1]) - 1


def factors_of(plan: Plan) -> tuple[str, ...]:
    """The names of all factors that the plan, or business as usual, draws, in the order in which they are met."""
    return _factors_of(plan.model_copy(update={"seed": 0, "points": "256"}))


@lru_cache(maxsize=MOST_KEPT)
def _factors_of(plan: Plan) -> tuple[str, ...]:
    noted = Noted()
    one_block(plan, noted)
    return tuple(noted.asked)


def worlds(plan: Plan, names: Sequence[str], shares: Shares, most: int = MOST_IN_BLOCK) -> Worlds:
    """All worlds of points, (points, factors), on as many threads as there are processors."""
    each = -(-len(shares) // THREADS)
    most = min(most, max(each, LEAST_IN_BLOCK))

    def block(start: int) -> Worlds:
        return one_block(plan, Sample(names, scores_of(shares[start : start + most].T)))

    with ThreadPoolExecutor(THREADS) as pool:
        return joined(list(pool.map(block, range(0, len(shares), most))))


def one_block(plan: Plan, sample: Sample) -> Worlds:
    """The worlds of one sample."""
    view = as_inventory(plan)
    inner = view.model_copy(update=NOT_IN_FIGURES)
    usual = view.model_copy(update={"levers": ()})
    was = {workload: _sums(usual, inner, workload, sample) for workload in view.workloads}
    moved = [workload for workload in view.workloads if acting(catalog_of(view), view, workload)]
    now = was | {workload: _sums(view, inner, workload, sample) for workload in moved}
    sides = [gathered(one, sample, found, SUMS) for one, found in ((view, now), (usual, was))]
    return Worlds(_side(plan, sides[0]), _side(plan, sides[1]), {**sides[0].refused, **sides[1].refused})


def _sums(plan: Plan, inner: Plan, workload: Workload, sample: Sample) -> Figures:
    """A workload's figures that are asked for; the others go."""
    found = figures(plan, inner, workload, sample)
    return Figures(found.reason, {name: found.values[name] for name in SUMS if name in found.values})


def _side(plan: Plan, found: Results) -> Side:
    """What a plan comes to, by its own settings and by scope."""
    keys = {workload.id for workload in plan.shown()}
    mine = [place for place, workload in enumerate(found.workloads) if workload.id in keys]

    def total(name: str) -> Floats:
        return np.asarray(found.values[name][mine].sum(axis=0))

    carbon_kg = total(f"carbon_{plan.method}_kg")
    if plan.boundary == "with_hardware":
        by_purchase = plan.hardware_view == BY_PURCHASE
        carbon_kg = carbon_kg + total("carbon_embodied_kg" if by_purchase else "carbon_embodied_amortised_kg")
    return Side(carbon_kg, total("cost_usd"), scope_kg(found))


def joined(parts: Sequence[Worlds]) -> Worlds:
    """Blocks of draws one after another; the central case, which each of them has, once."""

    def whole(pick: Callable[[Worlds], Floats]) -> Floats:
        first, *more = (pick(part) for part in parts)
        return np.concatenate([first, *(one[:, 1:] for one in more)], axis=1)

    def side(of: Callable[[Worlds], Side]) -> Side:
        scopes = {
            scope: Amounts(
                whole(lambda part: of(part).scopes[scope].location_kg),  # noqa: B023
                whole(lambda part: of(part).scopes[scope].market_kg),  # noqa: B023
            )
            for scope in of(parts[0]).scopes
        }
        return Side(whole(lambda part: of(part).carbon_kg), whole(lambda part: of(part).cost_usd), scopes)

    return Worlds(side(lambda part: part.plan), side(lambda part: part.usual), parts[0].refused)
