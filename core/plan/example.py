"""The built-in example: an invented company of 5,000 staff. Every value is an example, not a benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from core.catalog.rows import CatalogError, Row, check_header, lines_of, read
from core.plan.cells import build, checked
from core.plan.plan import Plan
from core.plan.workload import Workload

FOLDER = Path(__file__).parents[2] / "data" / "example"
FILE = FOLDER / "plan.csv"
REASONS = "example/reasons.csv"


@cache
def reasons() -> dict[str, str]:
    """Workload id -> why the example has these values. The evidence is in `data/example/reasons.md`."""
    rows = read(FOLDER.parent, REASONS, ("workload", "reason", "source"))
    return {row.text("workload"): row.text("reason") for row in rows}


def rows_of(file: Path, *records: str) -> Iterator[Row]:
    """The lines of one of the example's files, which begins with the kind of record that each is."""
    name = f"{file.parent.name}/{file.name}"
    for row in lines_of(file.parents[1], name, lambda header: check_header(name, header[:1], ["record"])):
        row.one_of("record", records, "record")
        yield row


@cache
def example_plan() -> Plan:
    """The example portfolio, from `data/example/plan.csv`; CatalogError with the line when that file is wrong.

    Links store differences from it: change it only together with the link's version.
    """
    plan: dict[str, object] = {}
    workloads = []
    for row in rows_of(FILE, "plan", "workload"):
        cells = dict(row.cells)
        cls = Plan if cells.pop("record") == "plan" else Workload
        fields, wrong = checked(cls, cells)
        if cls is Plan:
            plan = fields
        else:
            workload, sentences = build(Workload, fields)
            wrong |= dict(enumerate(sentences))  # type: ignore[arg-type]
            workloads.append(workload)
        if wrong:
            raise CatalogError(f"{row.file}, line {row.line}: {'; '.join(wrong.values())}")
    return Plan.model_validate(plan | {"workloads": tuple(workloads)})
