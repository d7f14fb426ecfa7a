"""Results: every figure of a plan, by workload, year and draw. The one way from a plan to figures is `of`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from core import METHOD_VERSION, engine
from core import catalog as facts
from core.catalog import Catalog
from core.engine import ActivityColumns, FootprintColumns, InferenceColumns, TrainingColumns
from core.plan import Plan, Workload
from core.plan.own_catalog import catalog_of
from core.plan.plan import CASE
from core.results.arithmetic import cannot
from core.results.columns import fleet, inference_fields, stack, training_fields
from core.results.drawing import Drawing, Fields
from core.results.draws import Floats
from core.results.memory import no_room
from core.results.place_columns import footprint_fields
from core.results.purchases import OWNED, accelerators_bought
from core.results.site import site_of

DRAWS = 256
MEMORY = ("accelerators", "memory_weights_byte", "memory_cache_byte", "batch")

# The steps of the ladder, from the chip to the making of the hardware, in order.
ENERGY_STEPS = ("energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh", "energy_overhead_kwh")


@dataclass(frozen=True, slots=True)
class Results:
    """Figures of one plan. `values` holds arrays (workloads, years, 1 + draws); draw 0 is the central case.

    `workloads` are those that could be computed; `refused` says in a sentence why another could not.
    """

    plan: Plan
    workloads: tuple[Workload, ...]
    refused: Mapping[str, str]
    values: Mapping[str, Floats]
    data_version: str
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
        operational = self.values[f"carbon_{self.plan.method}_kg"]
        return operational + self.values["carbon_embodied_kg"] if self.plan.boundary == "with_hardware" else operational

    def total(self, values: Floats) -> Floats:
        """Sum over the shown workloads, (years, 1 + draws); an unknown part makes the sum unknown."""
        result: Floats = values[self.shown()].sum(axis=0)
        return result


def interval(values: Floats) -> tuple[float, float, float]:
    """(P10, central, P90) of one quantity's draws, (1 + draws,); the central case is draw 0."""
    if len(values) == 1 or np.isnan(values).any():
        return float("nan"), float(values[0]), float("nan")
    ordered = np.sort(values[1:])
    return _quantile(ordered, 0.1), float(values[0]), _quantile(ordered, 0.9)


def _quantile(ordered: Floats, share: float) -> float:
    """A quantile of ordered values, straight between neighbours: `np.quantile` at a tenth of its time."""
    place = share * (len(ordered) - 1)
    left = int(place)
    right = min(left + 1, len(ordered) - 1)
    return float(ordered[left] + (ordered[right] - ordered[left]) * (place - left))


def of(plan: Plan, draws: int = DRAWS) -> Results:
    """Every figure of a plan, with `draws` joint draws beside the central case."""
    if plan.case == CASE:
        return of_workloads(plan, draws)
    # The estimate's question is in no figure of the plan: while it changes, they need not be worked out anew.
    return replace(of_workloads(plan.model_copy(update={"case": CASE}), draws), plan=plan)


@lru_cache(maxsize=16)
def of_workloads(plan: Plan, draws: int) -> Results:
    """The figures of the plan's workloads, kept for the last few plans."""
    catalog = catalog_of(plan)
    refused: dict[str, str] = {}
    kept = []
    for workload in plan.workloads:
        reason = why_not(catalog, workload)
        if reason:
            refused[workload.id] = reason
        else:
            kept.append(workload)
    values = _values(catalog, plan, tuple(kept), draws)
    reasons = {w.id: _crowded(catalog, values, place, w) for place, w in enumerate(kept) if w.kind == "inference"}
    without_room = {key: reason for key, reason in reasons.items() if reason}
    if without_room:
        refused |= without_room
        kept = [w for w in kept if w.id not in without_room]
        values = _values(catalog, plan, tuple(kept), draws)
    return Results(plan, tuple(kept), MappingProxyType(refused), MappingProxyType(values), catalog.data_version)


def why_not(catalog: Catalog, workload: Workload) -> str:
    """Why a workload has no figures, in one sentence; empty when it has."""
    for key in (workload.model, workload.hardware, workload.region, workload.supplier):
        if key in catalog.left_out:
            return catalog.left_out[key]
    model = catalog.models.get(workload.model)
    if model is None:
        return f"model is '{workload.model}'; it is not in the catalog"
    if workload.hardware and workload.hardware not in catalog.hardware:
        return f"hardware is '{workload.hardware}'; it is not in the catalog"
    if site_of(catalog, workload) is None:
        return f"region is '{workload.region}'; it is neither a grid nor a cloud region of the catalog"
    if workload.supplier and workload.supplier not in catalog.suppliers:
        return f"supplier is '{workload.supplier}'; it is not one of your own entries"
    hardware, _ = fleet(catalog, workload, Drawing(Plan(), 0))
    return next((reason for h in hardware if (reason := cannot(catalog, workload, model, h))), "")


def _crowded(catalog: Catalog, values: Mapping[str, Floats], place: int, workload: Workload) -> str:
    """Why the memory does not suffice, central case of the first year; NaN in any draw counts as nowhere."""
    hardware, picked = fleet(catalog, workload, Drawing(Plan(), 0))
    at = {name: float(values[name][place, 0, 0]) for name in MEMORY}
    nowhere = bool(np.isnan(values["accelerators"][place]).any())
    return no_room(
        workload,
        hardware[int(picked[0])].memory_gb,
        np.nan if nowhere else at["accelerators"],
        at["memory_weights_byte"],
        at["memory_cache_byte"],
        at["batch"],
    )


def _values(catalog: Catalog, plan: Plan, workloads: tuple[Workload, ...], draws: int) -> dict[str, Floats]:
    shape = (len(workloads), len(plan.years()), 1 + draws)
    drawing = Drawing(plan, draws)
    serving = [place for place, w in enumerate(workloads) if w.kind == "inference"]
    training = [place for place, w in enumerate(workloads) if w.kind != "inference"]
    values = {name: np.full(shape, np.nan) for name in _names()}
    for name in ActivityColumns._fields:
        values[name][:] = 0.0
    values["requests"] = np.zeros(shape)
    _serve(catalog, plan, workloads, serving, drawing, values)
    _train(catalog, plan, workloads, training, drawing, values)
    _footprint(catalog, plan, workloads, drawing, values)
    return values


def _names() -> set[str]:
    kinds = (engine.InferenceResult, engine.TrainingResult, ActivityColumns, engine.FootprintResult)
    return {name for kind in kinds for name in kind._fields}


def _put(values: dict[str, Floats], places: Sequence[int], found: Mapping[str, Floats]) -> None:
    for name, column in found.items():
        values[name][places] = column.reshape((len(places), *values[name].shape[1:]))


def _serve(
    catalog: Catalog,
    plan: Plan,
    workloads: tuple[Workload, ...],
    places: list[int],
    drawing: Drawing,
    values: dict[str, Floats],
) -> None:
    if not places:
        return
    rows = [inference_fields(catalog, plan, workloads[p], catalog.models[workloads[p].model], drawing) for p in places]
    columns = stack(InferenceColumns, rows, len(plan.years()), drawing.draws)
    result = engine.inference(columns, coefficients())
    requests = columns.requests
    _put(
        values,
        places,
        result._asdict()
        | {
            "requests": requests,
            "input_tokens_year": requests * columns.input_tokens,
            "cached_tokens_year": requests * columns.input_tokens * columns.cached_share,
            "output_tokens_year": requests * columns.output_tokens,
        },
    )


def _train(
    catalog: Catalog,
    plan: Plan,
    workloads: tuple[Workload, ...],
    places: list[int],
    drawing: Drawing,
    values: dict[str, Floats],
) -> None:
    if not places:
        return
    rows = [training_fields(catalog, plan, workloads[p], catalog.models[workloads[p].model], drawing) for p in places]
    columns = stack(TrainingColumns, rows, len(plan.years()), drawing.draws)
    result = engine.training(columns, coefficients())
    tokens = columns.train_tokens * columns.runs * columns.overhead_factor
    _put(values, places, result._asdict() | {"input_tokens_year": tokens})


def _footprint(
    catalog: Catalog, plan: Plan, workloads: tuple[Workload, ...], drawing: Drawing, values: dict[str, Floats]
) -> None:
    if not workloads:
        return
    rows: list[Fields] = []
    for workload in workloads:
        site = site_of(catalog, workload)
        assert site is not None  # `why_not` has refused the others
        rows.append(footprint_fields(catalog, plan, workload, site, *fleet(catalog, workload, drawing), drawing))
    columns = stack(FootprintColumns, rows, len(plan.years()), drawing.draws)
    activity = ActivityColumns(*(values[name].reshape(-1) for name in ActivityColumns._fields))
    _put(values, range(len(workloads)), engine.footprint(activity, columns)._asdict())
    values["carbon_embodied_amortised_kg"] = values["carbon_embodied_kg"]
    if plan.hardware_view == "purchase_year":
        shape = values["held_h"].shape
        lives, making_kg = columns.lifetime_years.reshape(shape), columns.embodied_kg.reshape(shape)
        _book_in_year_of_purchase(catalog, plan, workloads, values, lives, making_kg)


def _book_in_year_of_purchase(
    catalog: Catalog,
    plan: Plan,
    workloads: tuple[Workload, ...],
    values: dict[str, Floats],
    lifetime_years: Floats,
    embodied_kg: Floats,
) -> None:
    """Put the making of bought hardware into the year of purchase; what is hired stays spread, as its provider's."""
    bought = accelerators_bought(catalog, plan, workloads, values, lifetime_years)
    owned = [[[w.hosting in OWNED]] for w in workloads]
    values["accelerators_bought"] = bought
    values["carbon_embodied_kg"] = np.where(owned, bought * embodied_kg, values["carbon_embodied_kg"])


@lru_cache(maxsize=1)
def coefficients() -> engine.Coefficients:
    """The engine's coefficients, from `data/validation/reference_fit.json`."""
    return engine.from_fit(facts.load().coefficients)
