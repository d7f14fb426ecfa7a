"""`estimate`: energy, carbon, water and cost of one request, for each case of a CSV."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import numpy as np

from core import catalog as facts
from core import engine
from core.catalog import Catalog
from core.engine import ActivityColumns, FootprintColumns, InferenceColumns, InferenceResult
from core.headless.cases import ERROR, Case
from core.plan import Plan, Workload
from core.plan.cells import build, checked
from core.results.columns import fleet, inference_fields, stack
from core.results.drawing import Drawing, Fields
from core.results.draws import Floats
from core.results.figures import coefficients, why_not
from core.results.memory import no_room
from core.results.nearest import nearest
from core.results.place_columns import footprint_fields
from core.results.site import site_of
from core.units import G_PER_KG, WH_PER_KWH

KNOWN = (
    "case_id", "model", "hardware", "accelerators", "precision", "batch", "input_tokens", "output_tokens",
    "serving", "parallel", "region",
)  # fmt: skip
ADDED = (
    "energy_accelerator_j_per_output_token",
    "energy_accelerator_j_per_output_token_low",
    "energy_accelerator_j_per_output_token_high",
    "step_time_s",
    "power_accelerator_w",
    "energy_facility_wh_per_request",
    "carbon_location_g_per_request",
    "carbon_embodied_g_per_request",
    "water_l_per_request",
    "cost_usd_per_request",
    "accelerators_needed",
)
SAID = ("nearest_measurement",)  # in words
DRAWS = 64
YEAR = Plan(first_year=2026, last_year=2026)


def answer(cases: Sequence[Case], catalog: Catalog | None = None) -> list[dict[str, object]]:
    """The added columns of every case, or its error. Hired accelerators, kept busy as a provider's shared fleet is."""
    catalog = catalog or facts.load()
    checked_cases = [checked_case(catalog, case, place) for place, case in enumerate(cases)]
    good = [workload for workload in checked_cases if isinstance(workload, Workload)]
    figures = iter(_figures(catalog, good))
    return [next(figures) if isinstance(found, Workload) else {ERROR: found} for found in checked_cases]


def checked_case(catalog: Catalog, case: Case, place: int = 0) -> Workload | str:
    """The case as a workload, or why it is none. Model and hardware have no default here."""
    for name in ("model", "hardware"):
        if not case.get(name):
            return f"{name} is blank; it must be an id of the catalog"
    fields, wrong = checked(Workload, {name: text for name, text in case.items() if name != "case_id"})
    if wrong:
        return "; ".join(wrong.values())
    workload, sentences = build(Workload, fields | {"id": str(place), "hosting": "cloud"})
    return "; ".join(sentences) if workload is None else why_not(catalog, workload) or workload


def _figures(catalog: Catalog, workloads: Sequence[Workload]) -> list[dict[str, object]]:
    if not workloads:
        return []
    drawing = Drawing(YEAR, DRAWS)
    rows = [request_fields(catalog, workload, drawing) for workload in workloads]
    first = _serve(rows, 0)
    for row, limit, accelerators in zip(rows, first.batch_limit, first.accelerators, strict=True):
        row["batch"] = row["batch"] or float(floor(np.nan_to_num(limit, nan=1.0)))
        row["accelerators"] = accelerators
    central = _serve(rows, 0)
    drawn = _serve(rows, DRAWS).energy_accelerator_j_per_output_token.reshape(len(rows), 1 + DRAWS)[:, 1:]
    low, high = np.quantile(drawn, (0.1, 0.9), axis=1)
    footprint = _footprint(catalog, workloads, central)
    reasons = [_crowded(catalog, w, place, central) for place, w in enumerate(workloads)]
    return [
        {ERROR: reason}
        if reason
        else _row(place, central, footprint, low, high) | {"nearest_measurement": _near(catalog, w, central, place)}
        for place, (w, reason) in enumerate(zip(workloads, reasons, strict=True))
    ]


def _near(catalog: Catalog, workload: Workload, served: InferenceResult, place: int) -> str:
    return nearest(catalog, workload, float(served.batch[place]), float(served.accelerators[place])).line


def _crowded(catalog: Catalog, workload: Workload, place: int, served: InferenceResult) -> str:
    return no_room(
        workload,
        catalog.hardware[workload.hardware].memory_gb,
        served.accelerators[place],
        served.memory_weights_byte[place],
        served.memory_cache_byte[place],
        served.batch[place],
    )


def request_fields(catalog: Catalog, workload: Workload, drawing: Drawing) -> Fields:
    """One request a year on a shared fleet: what it takes is what a request takes."""
    model = catalog.models[workload.model]
    used = catalog.assumptions["provider_utilization"].central
    alone = {"shared": 1.0, "requests": 1.0, "provider_utilization": used, "busy_share": 0.0, "room_batch": 1.0}
    return inference_fields(catalog, YEAR, workload, model, drawing) | alone


def _serve(rows: Sequence[Fields], draws: int) -> InferenceResult:
    cut = [{name: _first(value, 1 + draws) for name, value in row.items()} for row in rows]
    return engine.inference(stack(InferenceColumns, cut, 1, draws), coefficients())


def _first(value: float | Floats, draws: int) -> float | Floats:
    return value if np.ndim(value) == 0 else np.asarray(value)[..., :draws]


def _footprint(catalog: Catalog, workloads: Sequence[Workload], served: InferenceResult) -> engine.FootprintResult:
    rows = [place_fields(catalog, workload) for workload in workloads]
    return engine.footprint(activity_of(served), stack(FootprintColumns, rows, 1, 0))


def place_fields(catalog: Catalog, workload: Workload) -> Fields:
    """The columns of the footprint, central case: the hours held already carry the provider's idle ones."""
    site, drawing = site_of(catalog, workload), Drawing(YEAR, 0)
    assert site is not None  # `why_not` has refused the others
    place = footprint_fields(catalog, YEAR, workload, site, *fleet(catalog, workload, drawing), drawing)
    return place | {"hired_utilization": 1.0}


def activity_of(served: InferenceResult) -> ActivityColumns:
    """What serving hands to the footprint; tokens are not bought here."""
    nothing = np.zeros(len(served.held_h))
    return ActivityColumns(
        served.energy_accelerator_kwh,
        served.energy_idle_kwh,
        served.energy_host_kwh,
        served.held_h,
        nothing,
        nothing,
        nothing,
    )


def _row(
    place: int, served: InferenceResult, footprint: engine.FootprintResult, low: Floats, high: Floats
) -> dict[str, object]:
    cost = float(footprint.cost_usd[place])
    values = (
        served.energy_accelerator_j_per_output_token[place],
        low[place],
        high[place],
        served.step_time_s[place],
        served.power_accelerator_w[place],
        footprint.energy_facility_kwh[place] * WH_PER_KWH,
        footprint.carbon_location_kg[place] * G_PER_KG,
        footprint.carbon_embodied_kg[place] * G_PER_KG,
        footprint.water_site_l[place] + footprint.water_source_l[place],
    )
    found: dict[str, object] = {name: float(value) for name, value in zip(ADDED, values, strict=False)}
    found["cost_usd_per_request"] = "" if np.isnan(cost) else cost
    found["accelerators_needed"] = int(served.accelerators[place])
    return found
