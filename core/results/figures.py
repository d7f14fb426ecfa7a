"""Results: every figure of a plan, by workload, year and draw. The one way from a plan to figures is `of`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from core import METHOD_VERSION
from core.catalog import Catalog
from core.levers import acting
from core.plan import Plan, Workload
from core.plan.own_catalog import catalog_of
from core.results.calibrated import Measured
from core.results.draws import DRAWS, Floats, interval
from core.results.lever_work import TOTALS, work
from core.results.one import Figures, coefficients, names, why_not
from core.results.sample import kept
from core.results.under_levers import figures_under

__all__ = ["DRAWS", "ENERGY_STEPS", "Results", "Stacked", "coefficients", "interval", "of", "why_not"]

# Fields of the plan that change no workload's figures, at their defaults: what is left is what the figures depend on.
NOT_IN_FIGURES = {
    name: field.default
    for name, field in Plan.model_fields.items()
    if name in ("name", "method", "boundary", "headline_year", "stack_by", "currency", "exchange_rate", "currency_date",
                "business_unit", "tag", "compared_models", "compared_hardware", "compared_regions", "workloads", "case",
                "calibrations", "levers", "candidates", "search",
                "target", "inventory", "actuals", "points")
}  # fmt: skip

LARGE = 60  # workloads: figures of that many take 0.1 GB

# The steps of the ladder, from the chip to the making of the hardware, in order.
ENERGY_STEPS = ("energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh", "energy_overhead_kwh")


@dataclass(frozen=True, slots=True)
class Results:
    """Figures of one plan. `values` holds arrays (workloads, years, 1 + draws); draw 0 is the central case.

    `workloads` are those that could be computed; `refused` says in a sentence why another could not. `measured` says
    what a meter found, by workload, or why it does not act.
    """

    plan: Plan
    workloads: tuple[Workload, ...]
    refused: Mapping[str, str]
    values: Mapping[str, Floats]
    data_version: str
    measured: Mapping[str, Measured] = field(default_factory=dict)
    work: Mapping[str, Floats] = field(default_factory=dict)  # what levers take themselves, part of `values`
    method_version: str = METHOD_VERSION
    largest: dict[str, float] = field(default_factory=dict, compare=False, repr=False)  # display units, once a page

    @property
    def catalog(self) -> Catalog:
        """The facts behind the figures, the plan's own entries among them."""
        return catalog_of(self.plan)

    def place(self, year: int) -> int:
        """Index of a calendar year."""
        return year - self.plan.first_year

    def of(self, key: str) -> int | None:
        """Index of a workload; None when it has no figures."""
        return next((place for place, w in enumerate(self.workloads) if w.id == key), None)

    def shown(self) -> list[int]:
        """Indices of the workloads that pass the plan's filters."""
        keys = {w.id for w in self.plan.shown()}
        return [place for place, w in enumerate(self.workloads) if w.id in keys]

    def carbon_kg(self) -> Floats:
        """Carbon by the plan's own method and boundary, (workloads, years, 1 + draws)."""
        return carbon_kg(self.plan, self.values)

    def total(self, values: Floats) -> Floats:
        """Sum over the shown workloads, (years, 1 + draws); an unknown part makes the sum unknown."""
        result: Floats = values[self.shown()].sum(axis=0)
        return result


@kept(16, lambda plan, *_: len(plan.workloads) > LARGE)
def of(plan: Plan, draws: int = DRAWS) -> Results:
    """Every figure of a plan, with `draws` joint draws beside the central case.

    Each workload's figures are kept apart: an edit works out only what it changes.
    """
    view = plan.model_copy(update=NOT_IN_FIGURES)
    return gathered(plan, draws, {one: figures(plan, view, one, draws) for one in plan.workloads}, names(view))


def gathered(plan: Plan, draws: int, found: Mapping[Workload, Figures], named: Sequence[str]) -> Results:
    """The results of a plan from those of its workloads, with the figures of these names."""
    known = tuple(workload for workload, one in found.items() if not one.reason)
    refused = {workload.id: one.reason for workload, one in found.items() if one.reason}
    shape = (len(plan.years()), 1 + draws)
    values = Stacked([found[workload].values for workload in known], named, shape)
    any_work = any(one.work for one in found.values())
    taken = Stacked([found[workload].work for workload in known], TOTALS, shape) if any_work else {}
    said = {workload.id: one.measured for workload, one in found.items() if one.measured is not None}
    version = catalog_of(plan).data_version
    return Results(plan, known, MappingProxyType(refused), values, version, measured=said, work=taken)


def figures(plan: Plan, view: Plan, workload: Workload, draws: int) -> Figures:
    """One workload's figures, what its levers take themselves among its totals."""
    levers = acting(catalog_of(plan), plan, workload)
    found = figures_under(view, workload, levers, draws, plan.calibration(workload.id))
    taken = work(plan, view, workload, levers, draws) if levers and not found.reason else {}
    if not taken:
        return found
    return replace(found, values={**found.values, **{n: found.values[n] + v for n, v in taken.items()}}, work=taken)


def carbon_kg(plan: Plan, values: Mapping[str, Floats]) -> Floats:
    """Carbon by the plan's method and boundary, in the shape of the figures."""
    operational = values[f"carbon_{plan.method}_kg"]
    return operational + values["carbon_embodied_kg"] if plan.boundary == "with_hardware" else operational


class Stacked(Mapping[str, Floats]):
    """Figures of several workloads by name, (workloads, years, 1 + draws); put together when first asked for."""

    def __init__(self, parts: Sequence[Mapping[str, Floats]], names: Sequence[str], shape: tuple[int, int]) -> None:
        self._parts, self._names, self._shape = parts, tuple(names), shape
        self._kept: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._kept:
            whole = np.empty((len(self._parts), *self._shape))
            for place, part in enumerate(self._parts):
                whole[place] = part.get(name, 0.0)
            self._kept[name] = whole
        return self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
