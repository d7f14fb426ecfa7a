"""Two sets of rows: the Plan page's own, and a harder mix of the measured models and devices under a growing load."""

import numpy as np

from core.catalog import load
from core.engine import FootprintColumns, InferenceColumns, empty
from core.plan.example import example_plan
from core.results.columns import inference_fields, stack
from core.results.drawing import Drawing
from tests.engine.rows import fixed_rows, footprint_row
from tests.engine.test_measured import MEASURED, inference_row

WORKLOADS, YEARS, DRAWS = 40, 10, 250
ROWS = WORKLOADS * YEARS * DRAWS
SEED = 20260101
PAGE_DRAWS, PAGE_TIMES = 256, 10


def inference_columns() -> InferenceColumns:
    """Dense models and mixtures as they come in the measurements; replicas that fit, batch from the load."""
    generator = np.random.default_rng(SEED)
    columns = empty(InferenceColumns, ROWS)
    for place, picked in enumerate(generator.choice(len(MEASURED), WORKLOADS, replace=False)):
        row = inference_row(MEASURED[picked]) | service(generator)
        part = slice(place * YEARS * DRAWS, (place + 1) * YEARS * DRAWS)
        for name, value in row.items():
            getattr(columns, name)[part] = value
    growth = np.tile(np.repeat(1.3 ** np.arange(YEARS), DRAWS), WORKLOADS)
    columns.requests[:] *= growth * generator.lognormal(0, 0.2, ROWS)
    columns.error_z[:] = generator.normal(size=ROWS)
    columns.separate[:] = np.arange(ROWS) // (YEARS * DRAWS) % 10 == 0  # a tenth, where the fleet is its own
    return columns


def page_columns() -> InferenceColumns:
    """The built-in example's serving workloads, every year and draw, as the page makes them, ten times."""
    catalog, plan = load(), example_plan()
    drawing = Drawing(plan, PAGE_DRAWS)
    serving = [w for w in plan.workloads if w.kind == "inference"]
    rows = [inference_fields(catalog, plan, w, catalog.models[w.model], drawing) for w in serving]
    columns = stack(InferenceColumns, rows, len(plan.years()), PAGE_DRAWS)
    return InferenceColumns(*(np.tile(column, PAGE_TIMES) for column in columns))


def service(generator: np.random.Generator) -> dict[str, float]:
    """How a company serves it: three in ten bought as a service, a tenth on a given fleet."""
    return {
        "engine": 0,
        "accelerators": 0,
        "batch": 0,
        "batch_cap": 256,
        "room_batch": 8,
        "requests": generator.lognormal(16, 2),
        "cached_share": generator.choice([0, 0.3]),
        "peak_to_mean": 3,
        "shared": generator.random() < 0.3,
        "provider_utilization": 0.5,
        "installed": generator.choice([0, 64], p=[0.9, 0.1]),
        "host_w": 250,
        "error_on": 1,
    }


def footprint_columns() -> FootprintColumns:
    """Sites, grids, prices: any will do. None has panels, as none of the page's own rows has."""
    rows = [{**row, "panels_ratio": 0.0} for row in fixed_rows(footprint_row, 100)]
    repeated = (np.repeat([float(row[name]) for row in rows], ROWS // 100) for name in FootprintColumns._fields)
    return FootprintColumns(*repeated)
