"""`train`: accelerator-hours, energy and carbon of one training run, for each case of a CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core import catalog as facts
from core import engine
from core.catalog import Catalog, Model
from core.engine import ActivityColumns, FootprintColumns, TrainingColumns
from core.headless.cases import ERROR, Case
from core.plan import Plan, Workload
from core.plan.cells import build, checked
from core.plan.knob import Knob, check_number, plain, span
from core.results.arithmetic import too_small
from core.results.columns import fleet, stack, training_fields
from core.results.drawing import Drawing, Fields
from core.results.draws import Floats
from core.results.figures import coefficients, interval, why_not
from core.results.nearest_run import nearest_run
from core.results.place_columns import footprint_fields
from core.results.site import site_of
from core.units import KG_PER_T, KWH_PER_MWH, TOKENS_PER_B, TOKENS_PER_M

KNOWN = (
    "case_id", "model", "params_total_b", "params_active_b", "train_tokens_b", "hardware", "accelerators", "precision",
    "region", "pue",
)  # fmt: skip
QUANTITIES = ("accelerator_hours", "energy_accelerator_mwh", "energy_facility_mwh", "carbon_location_t")
ADDED = tuple(name + end for name in QUANTITIES for end in ("", "_low", "_high"))
SAID = ("nearest_measurement",)  # in words
DRAWS = 256
YEAR = Plan(first_year=2026, last_year=2026)
SIZE = Knob("", "", low=1e-6, high=100_000, unit="billion parameters")
ALONE: Fields = {"utilization": 1.0, "installed": 0.0}  # a run by itself holds no hours beyond those used
TOKENS = Knob("", "", low=0.0, high=1e6, unit="billion tokens")


def answer(cases: Sequence[Case]) -> list[dict[str, object]]:
    """The added columns of every case, or its error."""
    catalog = facts.load()
    return [_one(catalog, case) for case in cases]


def _one(catalog: Catalog, case: Case) -> dict[str, object]:
    try:
        model, tokens_b = _model(catalog, case)
    except ValueError as error:
        return {ERROR: str(error)}
    if not case.get("hardware"):
        return {ERROR: "hardware is blank; it must be an id of the catalog"}
    own = {name: case.get(name, "") for name in ("hardware", "precision", "region", "pue")}
    fields, wrong = checked(Workload, own | {"installed_accelerators": case.get("accelerators", "")})
    if wrong:
        return {ERROR: "; ".join(wrong.values()).replace("installed_accelerators", "accelerators")}
    tokens_m = tokens_b * TOKENS_PER_B / TOKENS_PER_M
    more = {"id": "1", "kind": "pre_training", "hosting": "cloud", "tokens_per_run_m": tokens_m}
    workload, sentences = build(Workload, fields | more)
    if workload is None:
        return {ERROR: "; ".join(sentences)}
    reason = why_not(catalog, workload) or too_small(catalog, workload, model, catalog.hardware[workload.hardware])
    if reason:
        return {ERROR: reason.replace("installed_accelerators", "accelerators")}
    return _figures(catalog, workload, model) | {"nearest_measurement": nearest_run(catalog, workload, model).line}


def _model(catalog: Catalog, case: Case) -> tuple[Model, float]:
    """The model and its training tokens [billion], by id or by size; ValueError in words."""
    tokens_b = check_number("train_tokens_b", TOKENS, case.get("train_tokens_b"), may_be_blank=True)
    key = case.get("model", "")
    if key:
        model = catalog.models.get(key)
        if model is None:
            raise ValueError(f"model is '{key[:40]}'; it is not in the catalog")
        if model.params_active_b is None:
            raise ValueError(f"model '{key}': its active parameters are not known")
        tokens_b = model.train_tokens_b if tokens_b is None else tokens_b
        if tokens_b is None:
            raise ValueError(f"train_tokens_b is blank and not known for '{key}'; it must lie in {span(TOKENS)}")
        return model, float(tokens_b)
    total_b = float(check_number("params_total_b", SIZE, case.get("params_total_b"), may_be_blank=False) or 0.0)
    active_b = check_number("params_active_b", SIZE, case.get("params_active_b"), may_be_blank=True)
    active_b = total_b if active_b is None else float(active_b)
    if tokens_b is None:
        raise ValueError(f"train_tokens_b is blank; it must lie in {span(TOKENS)}")
    if active_b > total_b:
        raise ValueError(
            f"params_active_b is {plain(active_b)}; it must not exceed params_total_b, {plain(total_b)} billion"
        )
    return _sized(catalog, total_b, active_b), float(tokens_b)


def _sized(catalog: Catalog, total_b: float, active_b: float) -> Model:
    """A model of that size; training reads nothing else of it."""
    base = catalog.models["mixtral-8x7b" if active_b < total_b else "llama3.1-8b"]
    base = replace(base, id="sized", name="that model")
    sizes = {"params_total_b": total_b, "params_active_b": active_b, "params_active_low_b": None}
    return replace(base, release_year=YEAR.first_year, params_active_high_b=None, **sizes)  # type: ignore[arg-type]


def _figures(catalog: Catalog, workload: Workload, model: Model) -> dict[str, object]:
    drawing = Drawing(YEAR, DRAWS)
    fields = training_fields(catalog, YEAR, workload, model, drawing) | ALONE
    trained = engine.training(stack(TrainingColumns, [fields], 1, DRAWS), coefficients())
    site = site_of(catalog, workload)
    assert site is not None  # `why_not` has refused the others
    place = footprint_fields(catalog, YEAR, workload, site, *fleet(catalog, workload, drawing), drawing)
    nothing = np.zeros(1 + DRAWS)
    activity = ActivityColumns(
        trained.energy_accelerator_kwh,
        trained.energy_idle_kwh,
        trained.energy_host_kwh,
        trained.held_h,
        nothing,
        nothing,
        nothing,
    )
    footprint = engine.footprint(activity, stack(FootprintColumns, [place], 1, DRAWS))
    draws: dict[str, Floats] = {
        "accelerator_hours": trained.used_h,
        "energy_accelerator_mwh": trained.energy_accelerator_kwh / KWH_PER_MWH,
        "energy_facility_mwh": footprint.energy_facility_kwh / KWH_PER_MWH,
        "carbon_location_t": footprint.carbon_location_kg / KG_PER_T,
    }
    found: dict[str, object] = {}
    for name, values in draws.items():
        low, mid, high = interval(values)
        found |= {name: mid, f"{name}_low": low, f"{name}_high": high}
    return found
