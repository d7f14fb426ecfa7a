"""Columns of plan.csv, and cells that no spreadsheet runs."""

from __future__ import annotations

from functools import cache

from core.plan import Actual, Calibration, HoursFile, InventoryRow, Plan, Record, Search, Target, Workload, knobs
from core.plan.lever import Lever
from core.plan.own import OWN

ESTIMATE = "estimate"
CANDIDATE = "candidate"
RECORDS: dict[str, type[Record]] = {
    "plan": Plan,
    "workload": Workload,
    ESTIMATE: Workload,
    **{cls.record: cls for cls in OWN.values()},
    Calibration.record: Calibration,
    Lever.record: Lever,
    HoursFile.record: HoursFile,
    Target.record: Target,
    InventoryRow.record: InventoryRow,
    Actual.record: Actual,
    Search.record: Search,
    CANDIDATE: Lever,
}


def columns() -> list[str]:
    """Column names of plan.csv: `record`, the plan's fields, then each other record's that are not there yet."""
    return ["record", *dict.fromkeys(name for cls in RECORDS.values() for name in knobs(cls))]


@cache
def number_columns() -> frozenset[str]:
    """Columns of plan.csv that hold numbers."""
    kinds = ("number", "whole")
    return frozenset(name for cls in RECORDS.values() for name, knob in knobs(cls).items() if knob.kind in kinds)
