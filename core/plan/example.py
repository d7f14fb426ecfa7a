"""The built-in example: an invented company of 5,000 staff. Every value is an example, not a benchmark."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from core.plan.cells import build, checked
from core.plan.plan import Plan
from core.plan.workload import Workload

FOLDER = Path(__file__).parents[2] / "data" / "example"
FILE = FOLDER / "plan.csv"


@cache
def reasons() -> dict[str, str]:
    """Workload id -> why the example has these values. The evidence is in `data/example/reasons.md`."""
    with (FOLDER / "reasons.csv").open(encoding="utf-8", newline="") as file:
        return {row["workload"]: row["reason"] for row in csv.DictReader(file)}


@cache
def example_plan() -> Plan:
    """The example portfolio, from `data/example/plan.csv`; ValueError with the line when that file is wrong.

    Links store differences from it: change it only together with the link's version.
    """
    plan: dict[str, object] = {}
    workloads = []
    with FILE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            cls = Plan if row.pop("record") == "plan" else Workload
            fields, wrong = checked(cls, row)
            if cls is Plan:
                plan = fields
            else:
                workload, sentences = build(Workload, fields)
                wrong |= dict(enumerate(sentences))  # type: ignore[arg-type]
                workloads.append(workload)
            if wrong:
                raise ValueError(f"{FILE.name}, line {reader.line_num}: {'; '.join(wrong.values())}")
    return Plan.model_validate(plan | {"workloads": tuple(workloads)})
