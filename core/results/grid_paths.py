"""The headline's year under every grid path at hand: how far apart they lie is what no 80 % range holds."""

from __future__ import annotations

from dataclasses import dataclass

from core.plan import Plan
from core.plan.own_catalog import catalog_of
from core.results.draws import interval
from core.results.figures import of
from core.results.later_notes import grids

FLAT, PERCENT_PATH = "flat", "percent"


@dataclass(frozen=True, slots=True)
class GridPath:
    """Carbon of the headline's year, were the grids to follow a path [kg]: central case and 80 % range, by its id."""

    path: str
    low_kg: float
    central_kg: float
    high_kg: float


def grid_paths(plan: Plan) -> tuple[GridPath, ...]:
    """Flat, the plan's own yearly change, then every published scenario that moves a grid of the plan."""
    published = dict.fromkeys(key.partition(":")[0] for key in catalog_of(plan).projections)
    names = [FLAT, *([PERCENT_PATH] if plan.grid_path == PERCENT_PATH else []), *published]
    return tuple(_on(plan, name) for name in names if name in (FLAT, plan.grid_path) or _moves(plan, name))


def _moves(plan: Plan, path: str) -> bool:
    moved = grids(plan.model_copy(update={"grid_path": path}))
    return any(one != 1.0 for _, index in moved.values() for one in index.by_year)


def _on(plan: Plan, path: str) -> GridPath:
    found = of(plan.model_copy(update={"grid_path": path}))
    low, central, high = interval(found.total(found.carbon_kg())[found.place(plan.shown_year())])
    return GridPath(path, low, central, high)
