"""One workload's figures by year and draw: columns, kernels, refusals. Kept for the last few dozen workloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from core import catalog as facts
from core import engine
from core.catalog import Catalog
from core.engine import ActivityColumns, FootprintColumns, InferenceColumns, TrainingColumns
from core.levers import Change, moved
from core.plan import Calibration, Plan, Workload
from core.plan.own import PREFIX
from core.plan.own_catalog import catalog_of
from core.results import devices, market
from core.results.arithmetic import cannot
from core.results.calibrated import Measured, as_metered, measured, metered_plan, metered_workload
from core.results.columns import fleet, inference_fields, stack, training_fields
from core.results.drawing import Drawing, Fields
from core.results.draws import Floats
from core.results.hours import LOCATION
from core.results.later import Later, in_service, one_at_a_time, rebound_by_year
from core.results.memory import no_room
from core.results.place_columns import footprint_fields
from core.results.projection import as_today, machines_change
from core.results.purchases import OWNED, accelerators_bought
from core.results.restarts import carbon_share_of_hours, restarted
from core.results.sample import kept
from core.results.site import site_of

MOST_KEPT = 128  # workloads; of ten years and 256 draws each takes 1.4 MB
BY_PURCHASE = "purchase_year"


@dataclass(frozen=True, slots=True)
class Figures:
    """One workload's figures, each (years, 1 + draws); none where `reason` says why. `measured`: what a meter said."""

    reason: str
    values: Mapping[str, Floats]
    measured: Measured | None = None
    work: Mapping[str, Floats] = field(default_factory=dict)  # what levers take themselves, part of `values`


@kept(MOST_KEPT)
def figures_of(
    view: Plan,
    workload: Workload,
    draws: int,
    calibration: Calibration | None = None,
    before: Workload | None = None,
    changes: tuple[Change, ...] = (),
) -> Figures:
    """The figures of one workload under what a plan says of all: years, seed, carbon price, own entries.

    A calibration that cannot act leaves them as modelled; `measured` says why. `changes` are what levers make of the
    columns on the way to the kernels, and `before` the workload without them: what its meter said of it stays.
    """
    catalog = catalog_of(view)
    reason = why_not(catalog, workload)
    if reason:
        return Figures(reason, {})
    said = metered(catalog, view, before or workload, draws, calibration) if calibration else None
    values = _values(catalog, view, workload, draws, said, changes, later(view, before or workload))
    crowded = _crowded(catalog, workload, values) if workload.kind == "inference" else ""
    return Figures(crowded, {} if crowded else values, said)


def metered(catalog: Catalog, view: Plan, workload: Workload, draws: int, calibration: Calibration) -> Measured:
    """What the meter says, beside the model's own figures for the same setting, period and activity."""
    then = metered_plan(view, calibration)
    modelled = figures_of(then, metered_workload(workload, calibration), draws)
    values = {name: figure[-1:] for name, figure in modelled.values.items()}
    return measured(catalog, Drawing(view, draws), workload, calibration, values)


@lru_cache(maxsize=MOST_KEPT)
def later(view: Plan, workload: Workload) -> Later | None:
    """What later years make of a workload's demand and measured busy share; None where they leave both alone.

    By the fall of an answer's cost against today's machines, for the same demand; where a price is unknown, the
    electricity at the meter stands for the cost. Central case, without levers, which have a rebound by themselves.
    """
    if workload.kind != "inference" or not machines_change(view):
        return None
    if not view.rebound_elasticity and workload.busy_share is None:
        return None
    still = view.model_copy(update={"rebound_elasticity": 0.0})
    factor, work = (np.ones((len(view.years()), 1)) for _ in range(2))
    if view.rebound_elasticity:
        before, after = (figures_of(one, workload, 0).values for one in (as_today(view), still))
        for name in ("cost_usd", "energy_facility_kwh") if before and after else ():
            found = rebound_by_year(view.rebound_elasticity, before[name][:, 0], after[name][:, 0])
            if found is not None:
                factor = found
                break
    if workload.busy_share is not None:
        alone = one_at_a_time(workload)
        was, now = (figures_of(one, alone, 0).values.get("request_time_s") for one in (as_today(view), still))
        if was is not None and now is not None:
            work = now / was
    return Later(factor, work)


def why_not(catalog: Catalog, workload: Workload) -> str:
    """Why a workload has no figures, in one sentence; empty when it has."""
    for key in (workload.model, workload.hardware, workload.region, workload.supplier):
        if key in catalog.left_out:
            return catalog.left_out[key]
    return no_machine(catalog, workload) or no_place(catalog, workload) or cannot_run(catalog, workload)


def no_machine(catalog: Catalog, workload: Workload) -> str:
    """Which of model and accelerator nobody knows, in one sentence; empty when both are known."""
    if workload.model not in catalog.models:
        return f"model is '{workload.model}'; {_nowhere(workload.model)}"
    if workload.hardware and workload.hardware not in catalog.hardware:
        return f"hardware is '{workload.hardware}'; {_nowhere(workload.hardware)}"
    return ""


def no_place(catalog: Catalog, workload: Workload) -> str:
    """Which of region and supplier nobody knows, in one sentence; empty when both are known."""
    if site_of(catalog, workload) is None and workload.region.startswith(PREFIX):
        return f"region is '{workload.region}'; {_nowhere(workload.region)}"
    if site_of(catalog, workload) is None:
        return f"region is '{workload.region}'; it is neither a grid nor a cloud region of the catalog"
    if workload.supplier and workload.supplier not in catalog.suppliers:
        return f"supplier is '{workload.supplier}'; {_nowhere(PREFIX)}"
    return ""


def cannot_run(catalog: Catalog, workload: Workload) -> str:
    """Why a known model does not run on known accelerators, in one sentence; empty when it does."""
    model = catalog.models[workload.model]
    hardware, _ = fleet(catalog, workload, Drawing(Plan(), 0))
    return next((reason for h in hardware if (reason := cannot(catalog, workload, model, h))), "")


def _nowhere(key: str) -> str:
    """Where an id was looked for in vain."""
    return "your own entry of that id is not in this plan" if key.startswith(PREFIX) else "it is not in the catalog"


def _crowded(catalog: Catalog, workload: Workload, values: Mapping[str, Floats]) -> str:
    """Why the memory does not suffice, central case of the first year; NaN in any draw counts as nowhere."""
    hardware, picked = fleet(catalog, workload, Drawing(Plan(), 0))
    nowhere = bool(np.isnan(values["accelerators"]).any())
    return no_room(
        workload,
        hardware[int(picked[0])].memory_gb,
        np.nan if nowhere else float(values["accelerators"][0, 0]),
        float(values["memory_weights_byte"][0, 0]),
        float(values["memory_cache_byte"][0, 0]),
        float(values["batch"][0, 0]),
    )


def names(view: Plan) -> list[str]:
    """The figures that every workload has: what its kind does not know is NaN."""
    kinds = (engine.InferenceResult, engine.TrainingResult, ActivityColumns, engine.FootprintResult)
    found = dict.fromkeys(name for kind in kinds for name in kind._fields)
    more = ["requests", "carbon_embodied_amortised_kg", "cost_levers_usd", *devices.NAMES, *market.NAMES]
    return [*found, *more, *(["accelerators_bought"] if view.hardware_view == BY_PURCHASE else [])]


def _values(
    catalog: Catalog,
    view: Plan,
    workload: Workload,
    draws: int,
    said: Measured | None,
    changes: tuple[Change, ...],
    moved_on: Later | None,
) -> dict[str, Floats]:
    shape = (len(view.years()), 1 + draws)
    drawing = Drawing(view, draws)
    nothing, unknown = np.zeros(shape), np.full(shape, np.nan)
    values: dict[str, Floats] = dict.fromkeys(names(view), unknown)
    values |= dict.fromkeys((*ActivityColumns._fields, "requests", "cost_levers_usd", *devices.NAMES), nothing)
    if workload.kind == "inference":
        activity = _serve(catalog, view, workload, drawing, changes, moved_on)
    else:
        activity = _train(catalog, view, workload, drawing, changes)
    values |= {name: column.reshape(shape) for name, column in activity.items()}
    if said is not None and not said.reason:
        values |= as_metered(values, said)
    _footprint(catalog, view, workload, drawing, values, changes)
    return values


def _under(fields: Fields, changes: tuple[Change, ...], part: str, drawing: Drawing) -> Fields:
    """Columns after what levers change of them; a column the kind does not have is left alone."""
    for change in changes:
        if change.part == part and change.column in fields:
            new = moved(change.operation, fields[change.column], drawing.amount(change), change.share)
            fields = fields | {change.column: new}
    return fields


def _serve(
    catalog: Catalog,
    view: Plan,
    workload: Workload,
    drawing: Drawing,
    changes: tuple[Change, ...],
    moved_on: Later | None,
) -> dict[str, Floats]:
    fields = inference_fields(catalog, view, workload, catalog.models[workload.model], drawing)
    if moved_on is not None:
        fields = in_service(workload, fields, moved_on)
    fields = _under(fields, changes, "column", drawing)
    columns = stack(InferenceColumns, [fields], len(view.years()), drawing.draws)
    requests = columns.requests
    return engine.inference(columns, coefficients())._asdict() | {
        "requests": requests,
        "input_tokens_year": requests * columns.input_tokens,
        "cached_tokens_year": requests * columns.input_tokens * columns.cached_share,
        "output_tokens_year": requests * columns.output_tokens,
    }


def _train(
    catalog: Catalog, view: Plan, workload: Workload, drawing: Drawing, changes: tuple[Change, ...]
) -> dict[str, Floats]:
    fields = training_fields(catalog, view, workload, catalog.models[workload.model], drawing)
    fields = _under(fields, changes, "column", drawing)
    columns = stack(TrainingColumns, [fields], len(view.years()), drawing.draws)
    tokens = columns.train_tokens * columns.runs * columns.overhead_factor
    return engine.training(columns, coefficients())._asdict() | {"input_tokens_year": tokens}


def _footprint(
    catalog: Catalog,
    view: Plan,
    workload: Workload,
    drawing: Drawing,
    values: dict[str, Floats],
    changes: tuple[Change, ...],
) -> None:
    site = site_of(catalog, workload)
    assert site is not None  # `why_not` has refused the others
    fields = footprint_fields(catalog, view, workload, site, *fleet(catalog, workload, drawing), drawing)
    fields = _under(fields, changes, "place", drawing)
    fields[LOCATION] = fields[LOCATION] * carbon_share_of_hours(catalog, workload, values)
    values |= restarted(catalog, workload, values)
    columns = stack(FootprintColumns, [fields], len(view.years()), drawing.draws)
    shape = values["held_h"].shape
    activity = ActivityColumns(*(values[name].reshape(-1) for name in ActivityColumns._fields))
    values |= {name: column.reshape(shape) for name, column in engine.footprint(activity, columns)._asdict().items()}
    values |= market.market_split(catalog, site.region, values, columns.procurement_share.reshape(shape))
    values["carbon_embodied_amortised_kg"] = values["carbon_embodied_kg"]
    if view.hardware_view == BY_PURCHASE:
        values["lifetime_years"], values["embodied_kg"] = (
            column.reshape(shape) for column in (columns.lifetime_years, columns.embodied_kg)
        )
        bought = accelerators_bought(catalog, view, workload, values, columns.lifetime_years.reshape(shape))
        values["accelerators_bought"] = bought
        if workload.hosting in OWNED:  # what is hired stays spread, as its provider's
            making = bought * columns.embodied_kg.reshape(shape)
            values["carbon_embodied_kg"] = making + values["carbon_embodied_panels_kg"]


@lru_cache(maxsize=1)
def coefficients() -> engine.Coefficients:
    """The engine's coefficients, from `data/validation/`."""
    return engine.from_fit(facts.load().coefficients)
