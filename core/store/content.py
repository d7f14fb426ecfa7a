"""A plan's content as it is saved: inputs, factors used, results, and the versions they were made by."""

from __future__ import annotations

import csv
import io
from math import isfinite

from core import APP_VERSION
from core.plan import Plan
from core.results import Results, of
from core.results.factors import factors
from core.results_table import cell, method_of, write_results
from core.store.records import Content
from core.table import write_plan

FACTOR_COLUMNS = ("workload_id", "name", "value", "low", "high", "unit", "status", "source", "note")


def content_of(plan: Plan) -> Content:
    """All that is saved of a plan, by today's data; the files are byte for byte what the page exports."""
    found = of(plan)
    return Content(
        inputs=write_plan(plan),
        factors=write_factors(plan),
        results=write_results(found),
        data_version=found.data_version,
        method_version=method_of(found),
        app_version=APP_VERSION,
        headline_kg=headline_kg(found),
    )


def headline_kg(found: Results) -> float | None:
    """The headline as the page shows it, in the plan's method and boundary [kgCO2e]; None where it is not known."""
    kg = float(found.total(found.carbon_kg())[found.place(found.plan.shown_year()), 0])
    return kg if isfinite(kg) else None


def write_factors(plan: Plan) -> str:
    """Every factor that the plan's figures rest on as CSV text: value, 80 % range, status and source, by workload."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FACTOR_COLUMNS)
    for workload in plan.workloads:
        for factor in factors(plan, workload):
            cells = (getattr(factor, name) for name in FACTOR_COLUMNS[1:])
            writer.writerow([cell(workload.id), *map(cell, cells)])
    return out.getvalue()
