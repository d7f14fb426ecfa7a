"""`plan` for some plans of a file: the rows of each one's results under its name, and what is wrong with it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from math import isnan
from typing import Any

import pyarrow as pa

from core.batch.block import Answered
from core.batch.plans import PLAN_ID, GivenPlan
from core.batch.target import CsvTarget, ParquetTarget
from core.headless import hours_file
from core.headless.cases import ERROR
from core.results import of
from core.results.lever_warnings import lever_conflicts
from core.results_table import COLUMNS, TEXTS, cell, rows
from core.table import disarm, read_plan

WRITTEN = (PLAN_ID, *COLUMNS, ERROR)
WHOLE = frozenset({"scenario_version", "year", "ghg_scope", "scope3_category"})
LINE = re.compile(r"^line (\d+)")

Row = dict[str, Any]


def csv_lines(plans: Sequence[GivenPlan]) -> Answered:
    """Some plans answered, as lines of a CSV: each cell as a plan alone gives it, and a row for all that is wrong."""
    out = io.StringIO()
    writer = csv.DictWriter(out, WRITTEN, restval="", lineterminator="\n")
    failed = 0
    for plan in plans:
        for row in _rows(plan):
            failed += ERROR in row
            writer.writerow({name: cell(value) for name, value in row.items()} | {PLAN_ID: disarm(plan.name)})
    return Answered(sum(plan.rows for plan in plans), failed, sum(plan.read for plan in plans), out.getvalue().encode())


def table(plans: Sequence[GivenPlan]) -> Answered:
    """The same as a table."""
    found = [row | {PLAN_ID: plan.name} for plan in plans for row in _rows(plan)]
    columns = {name: [_known(row.get(name)) for row in found] for name in WRITTEN}
    failed = sum(ERROR in row for row in found)
    return Answered(
        sum(plan.rows for plan in plans),
        failed,
        sum(plan.read for plan in plans),
        table=pa.table(columns, schema=_schema()),
    )


def _known(value: Any) -> Any:
    """A value; nothing where it is not known."""
    return None if isinstance(value, float) and isnan(value) else value


def target(file: Any, parquet: bool) -> CsvTarget | ParquetTarget:
    """The file of results of many plans."""
    return ParquetTarget(file, _schema()) if parquet else CsvTarget(file, WRITTEN)


def _schema() -> Any:
    texts = {PLAN_ID, ERROR, *TEXTS}
    kinds = {name: pa.string() if name in texts else pa.int64() if name in WHOLE else pa.float64() for name in WRITTEN}
    return pa.schema(list(kinds.items()))


def _rows(given: GivenPlan) -> Iterator[Row]:
    """The results of one plan; then a row for everything that was not understood or could not be computed."""
    reading = read_plan(given.text)
    problems = [("", _at_its_line(problem, given)) for problem in reading.problems]
    if reading.plan is not None:
        held = hours_file.given(reading.plan, [])  # the reference year stands in for each file it names
        found = of(held.plan)
        yield from rows(found)
        problems += [("", told) for told in (*held.told, *lever_conflicts(held.plan))]
        problems += found.refused.items()
        problems += [(key, f"not calibrated: {said.reason}") for key, said in found.measured.items() if said.reason]
    for workload, sentence in problems:
        yield {"workload_id": workload, ERROR: sentence}


def _at_its_line(problem: str, given: GivenPlan) -> str:
    """A sentence with the line of the whole file: the plan's own second line is where its rows begin."""
    return LINE.sub(lambda found: f"line {int(found[1]) + given.first_line - 2}", problem)
