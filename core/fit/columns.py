"""The way from measured settings to the engine's columns: through the catalog, as any plan takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.catalog import Catalog
from core.catalog.measured import Measurement
from core.engine import InferenceColumns
from core.plan import Plan, Workload
from core.results.columns import inference_fields, stack
from core.results.drawing import Drawing
from core.results.draws import Floats

YEAR = Plan(first_year=2026, last_year=2026)
# One request a year on a fleet shared with others: the step alone matters, no hour of waiting enters.
ALONE = {"shared": 1.0, "requests": 1.0, "provider_utilization": 1.0, "busy_share": 0.0, "room_batch": 1.0}


def columns(catalog: Catalog, rows: Sequence[Measurement]) -> InferenceColumns:
    """The measured settings as columns of the engine."""
    return steady(catalog, [_workload(row) for row in rows])


def steady(catalog: Catalog, workloads: Sequence[Workload]) -> InferenceColumns:
    """Workloads under a steady batch of their own as columns of the engine: the step alone, central case."""
    drawing = Drawing(YEAR, 0)
    return stack(InferenceColumns, [_fields(catalog, workload, drawing) for workload in workloads], 1, 0)


def _workload(row: Measurement) -> Workload:
    return Workload(
        id=row.id,
        hosting="cloud",
        model=row.model,
        precision=row.precision,
        hardware=row.hardware,
        accelerators=row.accelerators,
        batch=row.batch,
        serving=row.serving,
        parallel=row.parallel,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
    )


def _fields(catalog: Catalog, workload: Workload, drawing: Drawing) -> dict[str, float | Floats]:
    return inference_fields(catalog, YEAR, workload, catalog.models[workload.model], drawing) | ALONE


def logs(rows: Sequence[Measurement]) -> Mapping[str, Floats]:
    """ln of what was measured, by the name of the engine's result, shape (n,)."""
    names = ("step_time_s", "power_accelerator_w", "energy_accelerator_j_per_output_token")
    return {name: np.log([getattr(row, name) for row in rows]) for name in names}
